/** What the scans of a modality are, by their headers alone: their channels, their unit and the grid of the modality. */
import { gridLike } from '../../align/space/grid-like.ts';
import { checkSameGrid } from '../../align/space/same-grid.ts';
import type { Grid } from '../../array/grid.ts';
import { voxelCount } from '../../array/grid.ts';
import { imageFeatures, layoutOf } from '../../describe/image-layout.ts';
import type { Modality } from '../../describe/modality.ts';
import { InputError } from '../../errors.ts';
import type { Warning } from '../../evaluate/comparison.ts';
import type { VolumeHeader } from '../../read/image/volume.ts';
import { readImageFileHeader } from '../../read/image-file.node.ts';
import type { ModalityEntry } from '../schema.ts';
import { checkSize } from './common-grid.ts';
import type { Scans } from './find-scans.node.ts';
import { readScanHeader, type ScanFile } from './scan-file.node.ts';

export interface DescribedScans {
  readonly modality: Modality;
  readonly warnings: readonly Warning[];
}

/** Options of tables that mean nothing to scans. */
const ofTables = ['columns', 'include', 'exclude', 'geneSets'] as const;

/**
 * @param like the image that the grid is like, where the study names one
 * @param where path in the study file, for messages
 * @throws InputError where scans differ in channels or unit, or are on different grids and the study names none
 */
export async function describeScans(
  name: string,
  scans: Scans,
  entry: ModalityEntry,
  like: string | undefined,
  where: string,
): Promise<DescribedScans> {
  const option = ofTables.find((one) => entry[one] !== undefined);
  if (option) throw new InputError({ where: `${where}.${option}`, what: 'means nothing to images' });
  const files = scans.files.filter((file) => file !== undefined);
  if (files.length === 0) throw new InputError({ where, what: 'no scan named', expected: 'at least one' });
  const headers: VolumeHeader[] = [];
  for (const file of files) headers.push(await readScanHeader(file));
  checkFrames(headers, files, entry, where);
  alike(headers, files, 'channels', ({ channels }) => String(channels));
  const unit = entry.unit ?? alike(headers, files, 'unit', (header) => header.unit);
  const grid = await gridFor(headers, files, entry, like);
  const layout = layoutOf(grid, headers[0].channels);
  checkSize(where, voxelCount(grid) * layout.channels, files.length, grid);
  const modality: Modality = {
    name,
    features: imageFeatures(layout, { scale: entry.scale ?? 'interval', unit }),
    noise: entry.noise ?? 'unknown',
    constraint: entry.constraint ?? 'none',
    sampling: entry.sampling ?? { kind: 'once' },
    missingness: entry.missingness ?? 'unknown',
    image: layout,
  };
  return { modality, warnings: [...unplaced(name, headers, entry), ...readOtherwise(headers, files)] };
}

async function gridFor(
  headers: readonly VolumeHeader[],
  files: readonly ScanFile[],
  { images }: ModalityEntry,
  like: string | undefined,
): Promise<Grid> {
  const { grid } = images ?? {};
  if (!grid) {
    checkSameGrid(headers.map((header, at) => ({ grid: header, name: files[at].name })));
    return headers[0];
  }
  const template = like === undefined ? headers[0] : await readImageFileHeader(like);
  return grid.spacingMm === undefined ? template : gridLike(template, { spacingMm: grid.spacingMm });
}

function checkFrames(
  headers: readonly VolumeHeader[],
  files: readonly ScanFile[],
  { images }: ModalityEntry,
  where: string,
): void {
  const frame = images?.frame ?? 0;
  headers.forEach(({ frames }, at) => {
    if (images?.frame === undefined ? frames === 1 : frame < frames) return;
    throw new InputError({
      where: `${where}.images.frame`,
      what: images?.frame === undefined ? 'which of several frames?' : 'no such frame',
      expected: `a number below ${frames}`,
      got: `${files[at].name} with ${frames} frames`,
    });
  });
}

/** What all headers say, those aside that say nothing. */
function alike(
  headers: readonly VolumeHeader[],
  files: readonly ScanFile[],
  what: string,
  of: (header: VolumeHeader) => string | undefined,
): string | undefined {
  const first = headers.findIndex((header) => of(header) !== undefined);
  if (first < 0) return undefined;
  const said = of(headers[first]);
  const other = headers.findIndex((header) => of(header) !== undefined && of(header) !== said);
  if (other < 0) return said;
  const got = `${of(headers[other])} in ${files[other].name}`;
  const expected = `${said}, as in ${files[first].name}`;
  throw new InputError({ where: files[other].name, what: `scans differ in ${what}`, expected, got });
}

function unplaced(name: string, headers: readonly VolumeHeader[], { images }: ModalityEntry): Warning[] {
  const count = headers.filter(({ placed }) => !placed).length;
  if (count === 0 || !images?.grid) return [];
  const message = `${name}: ${count} of ${headers.length} scans do not say where they stand; laid on the grid by their first voxel`;
  return [{ code: 'unplaced-scans', message }];
}

function readOtherwise(headers: readonly VolumeHeader[], files: readonly ScanFile[]): Warning[] {
  const told = new Map<string, { readonly message: string; count: number }>();
  headers.forEach(({ warnings }, at) => {
    for (const { code, message } of warnings) {
      const known = told.get(code);
      if (known) known.count++;
      else told.set(code, { message: `${files[at].name}: ${message}`, count: 1 });
    }
  });
  return [...told].map(([code, { message, count }]) => ({
    code,
    message: count > 1 ? `${message} (and ${count - 1} more scans)` : message,
  }));
}

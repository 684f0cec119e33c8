/** Two scans brought to one grid. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  checkSameGrid,
  type Grid,
  InputError,
  type Interpolation,
  type Resampled,
  readImageFile,
  resample,
  type SpatialTransform,
  type Volume,
} from '../../src/index.ts';
import { sizeInWords } from './words.ts';

export interface Scan {
  readonly file: string;
  readonly volume: Volume;
}

/** Of a folder of DICOM with several volumes, which of them. */
export interface WhichVolume {
  readonly series?: string;
  readonly part?: string;
}

/** @throws InputError where a volume of a folder is asked for, and the path leads to a file */
export async function readScan(file: string, { series, part }: WhichVolume = {}): Promise<Scan> {
  if (series !== undefined || part !== undefined)
    await checkFolderOf(file, series === undefined ? '--part' : '--series');
  const which = { ...(series !== undefined && { series }), ...(part !== undefined && { part }) };
  return { file, volume: await readImageFile(file, which) };
}

export async function checkFolderOf(file: string, option: string): Promise<void> {
  const there = await stat(file).catch(() => undefined);
  if (!there?.isFile()) return;
  throw new InputError({ where: option, what: 'is of folders only', expected: 'a folder of DICOM slices', got: file });
}

/**
 * A scan at the places of another.
 *
 * @throws InputError where one of them does not say where it stands and no transform is given, and where nothing of it is there
 */
export function onGridOf(
  { file, volume }: Scan,
  like: Scan,
  options: { readonly transform?: SpatialTransform; readonly interpolation?: Interpolation } = {},
): Resampled & { readonly share: number } {
  if (!options.transform && !onOneGrid(volume, like.volume)) {
    const unplaced = [like, { file, volume }].find((one) => !one.volume.placed);
    if (unplaced) {
      const what = 'does not say where it stands';
      const expected = 'two images of one size and spacing, or a transform (consilience image register)';
      const got = [like.volume, volume].map(sizeInWords).join(' and ');
      throw new InputError({ where: basename(unplaced.file), what, expected, got });
    }
  }
  const resampled = resample(volume, like.volume, options);
  const share = shareOf(resampled.inside);
  if (share === 0) throw elsewhere(file, like.file);
  return { ...resampled, share };
}

/** Within the tolerance of `checkSameGrid`. */
export function onOneGrid(a: Grid, b: Grid): boolean {
  try {
    checkSameGrid([
      { grid: a, name: 'one' },
      { grid: b, name: 'the other' },
    ]);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

export function shareOf(inside: Uint8Array): number {
  let count = 0;
  for (const one of inside) count += one;
  return count / inside.length;
}

export function elsewhere(file: string, grid: string): InputError {
  const expected = 'scans of one place, or a transform between them (consilience image register)';
  return new InputError({ where: basename(file), what: `shows nothing of where ${basename(grid)} is`, expected });
}

/**
 * A folder of DICOM files: one volume for each series in it. What does not fit together is refused by name, since whatever is
 * guessed here (a gap, an order, which of two slices) is a volume that nobody measured.
 */
import { InputError } from '../../errors.ts';
import type { VolumeWarning } from '../image/volume.ts';
import { type DicomImage, dicomImage, spaceOf } from './dicom.ts';
import { isDicom, startOfDicomFile } from './file.ts';
import type { DicomKeep } from './header.ts';
import { type OpenedDicom, openDicomImage } from './open.ts';
import { lenient, normalOf } from './slice.ts';
import { samePlaceMm } from './stack.ts';

export interface DicomFileBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface DicomSeriesOptions {
  /** A SeriesInstanceUID: the slices of others are neither unpacked nor held against one another. Default: all. */
  readonly series?: string;
  /** As of `readDicom`. */
  readonly keep?: DicomKeep;
  /** What the files are, such as the name of their folder, for messages. Default `readDicomSeries`. */
  readonly where?: string;
}

export interface DicomSeries extends DicomImage {
  /** Names, in the order of depth; of several frames those of the first. */
  readonly files: readonly string[];
  /** What sets it apart from other volumes of its series, such as `echo 2`. */
  readonly part?: string;
}

/**
 * Slices are sorted by where they stand, never by name or number. A tilted gantry gives a sheared affine and a warning.
 *
 * @returns in the order of their SeriesNumbers, those without one behind, and of their UIDs where these are equal
 * @throws InputError where a slice is missing, two stand at one place, or slices differ in size, orientation, spacing or
 *   frame of reference; where a file is broken (unless it says itself that it is of a series that is not asked for); where
 *   there is no image
 */
export async function readDicomSeries(
  files: readonly DicomFileBytes[],
  { series, keep = 'technical', where: folder = 'readDicomSeries' }: DicomSeriesOptions = {},
): Promise<DicomSeries[]> {
  const { images, skipped } = openedImages(files, series);
  const groups = new Map<string, OpenedDicom[]>();
  for (const image of images) {
    const uid = image.dataSet.text('SeriesInstanceUID') ?? '';
    groups.set(uid, [...(groups.get(uid) ?? []), image]);
  }
  const chosen = [...groups].filter(([uid]) => series === undefined || uid === series).sort(inOrder);
  if (chosen.length === 0) {
    const got =
      images.length > 0 ? [...groups.keys()].sort().join(', ') : `${files.length} files, none of them an image`;
    const expected = series === undefined ? 'at least one DICOM image' : `series ${series}`;
    const what = images.length > 0 ? 'no such series' : 'no DICOM image';
    throw new InputError({ where: folder, what, expected, got });
  }
  return chosen.flatMap(([uid, group]) => {
    try {
      return volumesOf(uid, group, keep, skipped);
    } catch (error) {
      const others = chosen.flatMap(([other]) => (other === uid ? [] : [other]));
      if (!(error instanceof InputError) || others.length === 0) throw error;
      const { where, what, expected, got, cause } = error;
      const beside = `beside other series, which \`series\` names: ${others.join(', ')}`;
      throw new InputError({
        ...{ where, what, got: got === undefined ? beside : `${got}, ${beside}`, cause },
        ...(expected !== undefined && { expected }),
      });
    }
  });
}

function volumesOf(
  uid: string,
  group: readonly OpenedDicom[],
  keep: DicomKeep,
  skipped: readonly VolumeWarning[],
): DicomSeries[] {
  return partsOf(group).map(({ part, files: together }) => {
    const where = `${uid === '' ? 'a series without a UID' : `series ${uid}`}${part ? `, ${part}` : ''}`;
    return volumeOf(together, where, keep, part, skipped);
  });
}

type SeriesEntry = readonly [uid: string, files: readonly OpenedDicom[]];

function inOrder([a, ofA]: SeriesEntry, [b, ofB]: SeriesEntry): number {
  const [first, second] = [ofA, ofB].map(([{ dataSet }]) => lenient(dataSet, 'SeriesNumber') ?? Number.MAX_VALUE);
  return first - second || (a < b ? -1 : 1);
}

function openedImages(
  files: readonly DicomFileBytes[],
  series: string | undefined,
): { images: OpenedDicom[]; skipped: VolumeWarning[] } {
  const images: OpenedDicom[] = [];
  const skipped: VolumeWarning[] = [];
  for (const { name, bytes } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    let image: OpenedDicom | undefined;
    try {
      image = isDicom(bytes) ? openDicomImage(bytes, name) : undefined;
    } catch (error) {
      const uid = series === undefined ? undefined : startOfDicomFile(bytes, name)?.text('SeriesInstanceUID');
      if (!(error instanceof InputError) || uid === undefined || uid === series) throw error;
      skipped.push({ code: 'skipped-file', message: `${error.message}; it is of another series, ${uid}, and skipped` });
      continue;
    }
    if (image) images.push(image);
    else {
      const why = isDicom(bytes) ? 'DICOM without an image' : 'no DICOM file';
      skipped.push({ code: 'skipped-file', message: `${name}: ${why}, skipped` });
    }
  }
  return { images, skipped };
}

interface Part {
  readonly part?: string;
  readonly files: readonly OpenedDicom[];
}

/** Echoes are volumes of their own, and so are files of many frames, and pictures without a place. */
function partsOf(files: readonly OpenedDicom[]): Part[] {
  if (files.length === 1) return [{ files }];
  const many = files.filter(({ slices }) => slices.length > 1);
  const single = files.filter(({ slices }) => slices.length === 1);
  const unplaced = single.filter((file) => !isPlaced(file));
  const apart = [...many, ...unplaced.filter((file) => !crossSections.has(file.dataSet.text('Modality') ?? ''))];
  const together = single.filter((file) => !apart.includes(file));
  const parts: Part[] = apart.map((file) => ({ part: file.name, files: [file] }));
  if (together.length === 0) return parts;
  const byEcho = split(together, ({ slices }) => slices[0].keys.echo, 'echo');
  return [...byEcho.flatMap((group) => (crowded(group.files) ? byKind(group) : [group])), ...parts];
}

/** Of these a slice without a place is a fault, and no picture. */
const crossSections = new Set(['CT', 'MR', 'PT', 'NM']);

function isPlaced({ slices }: OpenedDicom): boolean {
  return slices[0].place !== undefined && slices[0].spacing !== undefined;
}

function split(
  files: readonly OpenedDicom[],
  of: (file: OpenedDicom) => number | string | undefined,
  name: string,
): Part[] {
  const groups = new Map<number | string | undefined, OpenedDicom[]>();
  for (const file of files) groups.set(of(file), [...(groups.get(of(file)) ?? []), file]);
  if (groups.size === 1) return [{ files }];
  return [...groups.entries()]
    .sort(([a], [b]) => (a === b ? 0 : (a ?? '') < (b ?? '') ? -1 : 1))
    .map(([key, group]) => ({ part: `${name} ${key ?? 'not told'}`, files: group }));
}

/** Magnitude and phase, water and fat: told apart by their image type, where they share places. */
function byKind({ part, files }: Part): Part[] {
  const parts = split(files, ({ dataSet }) => dataSet.text('ImageType'), 'image type');
  return parts.map((one) => ({
    ...one,
    ...(part !== undefined && { part: [part, one.part].filter(Boolean).join(', ') }),
  }));
}

function crowded(files: readonly OpenedDicom[]): boolean {
  const [first] = files;
  if (!first.slices[0].place) return false;
  const normal = normalOf(first.slices[0].place);
  const along = files
    .map(({ slices }) => slices[0].place?.position.reduce((sum, value, i) => sum + value * normal[i], 0) ?? Number.NaN)
    .sort((a, b) => a - b);
  return along.some((value, i) => i > 0 && value - along[i - 1] <= samePlaceMm);
}

function volumeOf(
  files: readonly OpenedDicom[],
  where: string,
  keep: DicomKeep,
  part: string | undefined,
  skipped: readonly VolumeWarning[],
): DicomSeries {
  alike(files, where);
  const image = dicomImage(files, where, keep);
  const { order, warnings, ...rest } = image;
  const names = files[0].slices.length > 1 ? [files[0].name] : order[0].map((index) => files[index].name);
  return {
    ...rest,
    warnings: [...warnings, ...skipped],
    files: names,
    ...(part !== undefined && { part }),
  };
}

/** @throws InputError that names the first two that differ */
function alike(files: readonly OpenedDicom[], where: string): void {
  const [first] = files;
  for (const file of files) {
    const differ = (what: string, of: (file: OpenedDicom) => string) => {
      if (of(file) === of(first)) return;
      const expected = `${of(first)} of ${first.name}`;
      throw new InputError({ where, what, expected, got: `${of(file)} of ${file.name}` });
    };
    differ('slices of different sizes', ({ layout }) => `${layout.columns} x ${layout.rows}`);
    differ('slices of different kinds', ({ layout }) => `${layout.photometric}, ${layout.samples} samples`);
    differ('slices in different frames of reference', (one) => spaceOf(one) ?? 'none');
    if (files.length > 1 && !isPlaced(file)) {
      throw new InputError({
        where,
        what: 'a slice without a place',
        expected: 'position, orientation and spacing',
        got: file.name,
      });
    }
  }
}

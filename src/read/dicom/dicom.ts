/**
 * DICOM images (PS3.3, PS3.5, PS3.10): one file with one frame or many. Geometry and content are tested here, since the
 * libraries tried fill up what a file does not hold, and lose what they do not expect.
 */
import type { Affine } from '../../array/grid.ts';
import { identityAffine } from '../../array/grid.ts';
import { spacingAffine } from '../image/place.ts';
import type { Volume, VolumeWarning } from '../image/volume.ts';
import { type DicomKeep, type DicomTags, isMosaic, keptTags, remarksOn, unitOf } from './header.ts';
import { type OpenedDicom, openDicom } from './open.ts';
import { paddingIn } from './padding.ts';
import { scaledVolume } from './scale.ts';
import { type DicomSlice, normalOf, type Point } from './slice.ts';
import { affineOf, type PlacedSlice, stackOf } from './stack.ts';

export { isDicom } from './file.ts';

export interface DicomOptions {
  /** The file's name, for messages. */
  readonly name: string;
  /**
   * `technical` (default): tags that say how the image was made and where it stands, from a list of allowed ones, so that
   * names, dates, numbers and free text of the patient are dropped. `all`: these too.
   */
  readonly keep?: DicomKeep;
}

export interface DicomImage extends Volume {
  /** Such as `CT`, `MR`, `PT`. */
  readonly modality?: string;
  readonly seriesInstanceUid?: string;
  /** Images with the same one stand in the same space, as far as the patient did not move. */
  readonly frameOfReferenceUid?: string;
  /** What numbers stand for: `MONOCHROME1`, `MONOCHROME2`, `RGB`, `YBR_FULL`, `PALETTE COLOR`. */
  readonly photometric: string;
  /** How to show it, in measured values. */
  readonly window?: { readonly center: number; readonly width: number };
  /** By keyword; with `keep: 'all'` further ones by number, such as `(0010,0010)`. */
  readonly tags: DicomTags;
}

/**
 * Frames with places become depth (and points in time where several share each place); frames without are frames. Numbers
 * are measured ones (RescaleSlope and RescaleIntercept, frame by frame where they differ); colours are kept as they are
 * stored, `YBR_FULL` where they are luminance and chrominance.
 *
 * @throws InputError where the file is cut, contradicts itself, or holds no image
 */
export async function readDicom(bytes: Uint8Array, { name, keep = 'technical' }: DicomOptions): Promise<DicomImage> {
  const { order: _, ...image } = dicomImage([openDicom(bytes, name)], name, keep);
  return image;
}

interface Arranged {
  readonly order: readonly (readonly number[])[];
  readonly affine: Affine;
  readonly placed: boolean;
  readonly warnings: readonly VolumeWarning[];
}

/** One volume of all frames of some files that belong together, and which of them stands where: `[frames][depth]`. */
export function dicomImage(
  files: readonly OpenedDicom[],
  where: string,
  keep: DicomKeep,
): DicomImage & { readonly order: readonly (readonly number[])[] } {
  const { dataSet, layout: told, slices } = files[0];
  const all = files.flatMap((file) =>
    file.slices.map((slice, f) => ({ slice, name: file.slices.length > 1 ? `frame ${f + 1}` : file.name })),
  );
  const {
    order,
    affine,
    placed,
    warnings: placing,
  } = arranged(all, dataSet.has('NumberOfFrames'), isMosaic(dataSet), where);
  const decoded = files.map((file) => file.samples());
  const channels = told.samples;
  const { rows, columns } = told;
  const size = channels * rows * columns;
  const parts = decoded.flatMap(({ data }, i) =>
    files[i].slices.map(({ slope, intercept }, f) => {
      const values = data.subarray(f * size, (f + 1) * size);
      return { values, slope, intercept };
    }),
  );
  const { photometric } = decoded[0].layout;
  const kept = keptTags(dataSet, keep);
  const [modality, series, space] = [dataSet.text('Modality'), dataSet.text('SeriesInstanceUID'), spaceOf(files[0])];
  const [center, width] = [kept.tags.WindowCenter, kept.tags.WindowWidth].map((value) => [value].flat()[0]);
  const unit = unitOf(dataSet, slices[0]);
  const seconds = frameSeconds(files[0], order.length, placed);
  return {
    order,
    shape: [order[0].length, rows, columns],
    affine,
    data: scaledVolume(parts, order, channels),
    frames: order.length,
    channels,
    dimensions: order[0].length > 1 ? 3 : 2,
    placed,
    ...(unit !== undefined && { unit }),
    ...(seconds !== undefined && { frameSeconds: seconds }),
    stored: { format: 'DICOM', ...storedAs(decoded[0].layout, parts) },
    warnings: [
      ...placing,
      ...once(files.flatMap((file) => remarksOn(file.dataSet, file.syntax, isLossy(file)))),
      ...once(decoded.flatMap(({ warnings }) => warnings)),
      ...colourRemark(photometric, where),
      ...scaleRemark(parts, where),
      ...paddingIn(files, decoded, where),
      ...kept.warnings,
    ],
    ...(modality !== undefined && { modality }),
    ...(series !== undefined && { seriesInstanceUid: series }),
    ...(space !== undefined && { frameOfReferenceUid: space }),
    photometric,
    ...(typeof center === 'number' && typeof width === 'number' && { window: { center, width } }),
    tags: kept.tags,
  };
}

export function spaceOf({ dataSet }: OpenedDicom): string | undefined {
  return dataSet.text('FrameOfReferenceUID');
}

function arranged(
  slices: readonly { readonly name: string; readonly slice: DicomSlice }[],
  multiple: boolean,
  mosaic: boolean,
  where: string,
): Arranged {
  const [{ slice }] = slices;
  const warnings: VolumeWarning[] = [];
  if (mosaic) {
    const message = `${where}: its slices stand side by side in one picture (MOSAIC) and are not taken apart`;
    warnings.push({ code: 'mosaic', message });
  }
  const isPlaced = (one: (typeof slices)[number]): one is PlacedSlice =>
    one.slice.place !== undefined && one.slice.spacing !== undefined;
  const placed = slices.filter(isPlaced);
  if (placed.length === slices.length && !mosaic) {
    if (slices.length > 1) return { ...stackOf(placed, where), placed: true };
    const { place, spacing } = placed[0].slice;
    const step = normalOf(place).map((part) => part * (slice.thicknessMm ?? 1)) as unknown as Point;
    return { order: [[0]], affine: affineOf({ place, spacing }, step, where), placed: true, warnings };
  }
  if (slices.length > 1 && multiple) {
    const message = `${where}: its ${slices.length} frames have no places of their own: they are frames, not depth`;
    warnings.push({ code: 'frames-unplaced', message });
  }
  const affine = slice.spacing
    ? spacingAffine(slice.spacing[1], slice.spacing[0], slice.thicknessMm ?? 1)
    : identityAffine();
  return { order: slices.map((_, i) => [i]), affine, placed: false, warnings };
}

function storedAs(
  layout: OpenedDicom['layout'],
  parts: readonly { readonly slope: number; readonly intercept: number; readonly values: Volume['data'] }[],
): Pick<Volume['stored'], 'type' | 'slope' | 'intercept'> {
  const [{ slope, intercept, values }] = parts;
  const same = parts.every((part) => part.slope === slope && part.intercept === intercept);
  const name = values.constructor.name.replace('Array', '').toLowerCase() as Volume['stored']['type'];
  const type = layout.bitsAllocated === 1 ? 'bit' : name;
  return { type, slope: same ? slope : 1, intercept: same ? intercept : 0 };
}

function scaleRemark(
  parts: readonly { readonly slope: number; readonly intercept: number }[],
  where: string,
): VolumeWarning[] {
  const slopes = parts.map(({ slope }) => slope);
  const intercepts = parts.map(({ intercept }) => intercept);
  const range = (values: number[]) => [
    values.reduce((a, b) => Math.min(a, b)),
    values.reduce((a, b) => Math.max(a, b)),
  ];
  const [[low, high], [least, most]] = [range(slopes), range(intercepts)];
  if (low === high && least === most) return [];
  const message = `${where}: slices have scales of their own (slopes ${low} to ${high}, intercepts ${least} to ${most}), which are applied`;
  return [{ code: 'varied-scale', message }];
}

function colourRemark(photometric: string, where: string): VolumeWarning[] {
  if (!photometric.startsWith('YBR')) return [];
  const message = `${where}: its channels are luminance and chrominance (${photometric}), not red, green and blue`;
  return [{ code: 'luminance-chrominance', message }];
}

function isLossy({ syntax }: OpenedDicom): boolean {
  return syntax.coding === 'jpeg' || syntax.uid.endsWith('.81');
}

/** FrameTime is in milliseconds. */
function frameSeconds({ dataSet }: OpenedDicom, frames: number, placed: boolean): number | undefined {
  if (frames === 1 || placed) return undefined;
  const ms = dataSet.number('FrameTime');
  return ms !== undefined && ms > 0 ? ms / 1000 : undefined;
}

/** A remark on every slice is said once, of the first. */
function once(warnings: readonly VolumeWarning[]): VolumeWarning[] {
  return warnings.filter(({ code }, i) => warnings.findIndex((other) => other.code === code) === i);
}

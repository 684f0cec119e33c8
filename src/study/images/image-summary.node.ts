/** What the scans of a modality are like, in numbers and a picture small enough to stand in a report. */
import { greyWindow } from '../../align/picture/grey-window.ts';
import { histogramOf } from '../../align/picture/histogram.ts';
import { montage } from '../../align/picture/montage.ts';
import { voxelCount } from '../../array/grid.ts';
import { type Block, takeBlockRows } from '../../describe/cohort.ts';
import { gridOf, sizeOf } from '../../describe/image-layout.ts';
import type { ImageLayout } from '../../describe/modality.ts';
import { type Target, takeTarget } from '../../describe/target.ts';
import { InputError } from '../../errors.ts';
import type { ImageSummary, ValueHistogram } from '../../evaluate/comparison.ts';
import { preparation, readsTarget, type Step } from '../../harmonize/prepare.ts';
import type { Volume } from '../../read/image/volume.ts';
import { writePng } from '../../read/png/write-png.ts';

/** Of fewer nothing is told: a mean of few is close to somebody's scan. */
const fewest = 5;
/** Numbers that are prepared for a histogram, and that are counted in one. */
const mostPrepared = 2 ** 26;
const mostCounted = 2 ** 21;
const bins = 48;

/** Undefined of a modality that is no image. */
export async function imageSummary(
  block: Block,
  steps: readonly Step[],
  target: Target,
): Promise<ImageSummary | undefined> {
  const { image } = block.modality;
  if (!image) return undefined;
  const rows = [...block.present.keys()].filter((row) => block.present[row] === 1);
  const summary: ImageSummary = sizeOf(image);
  if (rows.length < fewest) return summary;
  const values = valuesOf(block, rows);
  const prepared = await preparedValues(block, rows, steps, target);
  return {
    ...summary,
    mean: meanPicture(block, image, rows),
    ...(values && { values }),
    ...(prepared && { prepared }),
  };
}

function meanPicture(
  { values, observed }: Block,
  image: ImageLayout,
  rows: readonly number[],
): NonNullable<ImageSummary['mean']> {
  const size = voxelCount(image);
  const features = values.shape[1];
  const data = new Float64Array(size); // [voxels], of the first channel
  for (let voxel = 0; voxel < size; voxel++) {
    let [sum, many] = [0, 0];
    for (const row of rows) {
      const at = row * features + voxel;
      if (!observed[at]) continue;
      sum += values.data[at];
      many++;
    }
    data[voxel] = many >= fewest ? sum / many : Number.NaN;
  }
  const grid = gridOf(image);
  const placed = saysWhere(image);
  const flat = image.shape[0] === 1;
  const volume: Volume = {
    ...grid,
    data,
    frames: 1,
    channels: 1,
    dimensions: flat ? 2 : 3,
    placed,
    stored: { format: 'mean', type: 'float64', slope: 1, intercept: 0 },
    warnings: [],
  };
  const picture = montage(volume, { slices: placed ? 3 : 9, sidePx: flat ? 224 : 112 });
  const png = Buffer.from(writePng(picture)).toString('base64');
  return { png, width: picture.width, height: picture.height, subjects: rows.length, placed };
}

/** A grid of spacing alone is that of images that do not say where they stand. */
function saysWhere({ affine }: ImageLayout): boolean {
  return affine.some((value, at) => at < 12 && (at % 5 === 0 ? !(value > 0) : value !== 0));
}

function valuesOf({ values, observed }: Block, rows: readonly number[]): ValueHistogram | undefined {
  const features = values.shape[1];
  const every = Math.ceil((rows.length * features) / mostCounted);
  const taken: number[] = [];
  let seen = 0;
  for (const row of rows) {
    for (let at = row * features; at < (row + 1) * features; at++) {
      if (observed[at] && seen++ % every === 0) taken.push(values.data[at]);
    }
  }
  if (taken.length === 0) return undefined;
  const whole = taken.every(Number.isInteger) && taken.every((value) => Math.abs(value) < 2 ** 31);
  const data = whole ? Int32Array.from(taken) : Float64Array.from(taken);
  const image = { data, shape: [1, 1, data.length], channels: 1 } as unknown as Volume;
  const { low, high, counts } = histogramOf(image, { bins, window: greyWindow(image) });
  const sum = counts.reduce((a, b) => a + b, 0);
  return { low, high, shares: Array.from(counts, (count) => Number((count / sum).toPrecision(4))) };
}

/** None where the preparation reads the target, or leaves no image. */
async function preparedValues(
  block: Block,
  rows: readonly number[],
  steps: readonly Step[],
  target: Target,
): Promise<ImageSummary['prepared']> {
  if (readsTarget(steps)) return undefined;
  const most = Math.floor(mostPrepared / block.values.shape[1]);
  if (most < fewest) return undefined;
  const some = rows.slice(0, most);
  const of = takeBlockRows(block, some);
  try {
    const fitted = await preparation(steps).fit(of, takeTarget(target, some), { seed: 0 });
    const ready = await fitted.apply(of);
    const values = valuesOf(ready, [...some.keys()]);
    return values && { ...values, subjects: some.length };
  } catch (error) {
    if (error instanceof InputError) return undefined; // of these subjects alone it cannot be fitted
    throw error;
  }
}

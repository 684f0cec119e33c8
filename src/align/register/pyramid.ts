/** The same image at coarser and coarser spacing, smoothed before voxels are left out. */
import { spacingMm } from '../../array/grid.ts';
import type { ScalarImage } from './scalar-image.ts';

/** One image a spacing, coarsest first. An axis whose spacing is wide already stays as it is. */
export function pyramid(image: ScalarImage, spacings: readonly number[]): ScalarImage[] {
  const spacing = spacingMm(image);
  const factorsAt = (mm: number) => spacing.map((own) => Math.max(1, Math.floor(mm / own + 0.25)));
  const levels: ScalarImage[] = [];
  let [from, done] = [image, [1, 1, 1]];
  for (const mm of [...spacings].sort((a, b) => a - b)) {
    const factors = factorsAt(mm);
    // Shrinking what is shrunk already costs an eighth, and is the same smoothing to within a few percent.
    const further = factors.every((factor, axis) => factor % done[axis] === 0);
    const level = further
      ? shrink(
          from,
          factors.map((factor, axis) => factor / done[axis]),
        )
      : shrink(image, factors);
    [from, done] = [level, factors];
    levels.unshift(level);
  }
  return levels;
}

/**
 * Each axis (width, height, depth) smoothed by a Gaussian of half the factor in voxels, then thinned by it; the grid's affine
 * follows. Voxels without a number are left out of the weights.
 */
export function shrink(image: ScalarImage, factors: readonly number[]): ScalarImage {
  let { data, shape } = image;
  const affine = Float64Array.from(image.affine);
  let weights = holes(data);
  if (weights) data = data.map((value) => (Number.isNaN(value) ? 0 : value));
  for (const axis of [2, 1, 0]) {
    const factor = factors[axis]; // the axis whose voxels lie side by side comes last, when fewest are left
    const length = shape[2 - axis];
    if (factor === 1 || length === 1) continue;
    const kept = Math.max(1, Math.floor(length / factor));
    data = thin(data, shape, axis, factor, kept);
    if (weights) weights = thin(weights, shape, axis, factor, kept);
    shape = shape.map((n, at) => (at === 2 - axis ? kept : n)) as unknown as ScalarImage['shape'];
    for (let row = 0; row < 3; row++) {
      affine[row * 4 + 3] += (affine[row * 4 + axis] * (factor - 1)) / 2;
      affine[row * 4 + axis] *= factor;
    }
  }
  if (weights) for (let i = 0; i < data.length; i++) data[i] = weights[i] > 0.5 ? data[i] / weights[i] : Number.NaN;
  return { shape, affine, data, dimensions: image.dimensions };
}

function holes(data: Float32Array): Float32Array | undefined {
  if (!data.some((value) => Number.isNaN(value))) return undefined;
  return data.map((value) => (Number.isNaN(value) ? 0 : 1));
}

function thin(
  data: Float32Array,
  [depth, height, width]: ScalarImage['shape'],
  axis: number,
  factor: number,
  kept: number,
): Float32Array {
  const length = [width, height, depth][axis];
  const stride = [1, width, width * height][axis];
  const inner = stride;
  const outer = (depth * height * width) / (length * inner);
  const kernel = gaussian(factor / 2);
  const reach = kernel.length >> 1;
  const out = new Float32Array(outer * kept * inner); // the axis shortened to `kept`
  const line = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < kept; k++) {
      const centre = k * factor + (factor - 1) / 2;
      const whole = Math.floor(centre);
      const between = centre !== whole; // an even factor: the centre lies between two voxels
      line.fill(0);
      for (let tap = -reach; tap <= reach + (between ? 1 : 0); tap++) {
        const weight = between
          ? (kernel[tap + reach] ?? 0) / 2 + (kernel[tap + reach - 1] ?? 0) / 2
          : kernel[tap + reach];
        const at = Math.min(length - 1, Math.max(0, whole + tap));
        const from = (o * length + at) * inner;
        for (let i = 0; i < inner; i++) line[i] += weight * data[from + i];
      }
      out.set(line, (o * kept + k) * inner);
    }
  }
  return out;
}

/** Sums to 1; reaches three sigma. */
function gaussian(sigma: number): Float64Array {
  const reach = Math.ceil(3 * sigma);
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * sigma ** 2)),
  );
  const sum = kernel.reduce((a, b) => a + b, 0);
  return kernel.map((weight) => weight / sum);
}

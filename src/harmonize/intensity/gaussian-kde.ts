/** A smooth histogram: the Gaussian kernel density of voxels on a grid of values. */
import type { ValueCounts } from './value-counts.ts';

/** How wide a kernel is: by Scott's rule, as intensity-normalization 3.0.1 has it, or so many units of intensity. */
export type Bandwidth = 'scott' | 'intensity-normalization' | number;

export const gridPoints = 80;

export interface Density {
  readonly grid: Float64Array; // [80], from the lowest value to the highest
  /** In arbitrary units. */
  readonly density: Float64Array; // [80]
}

/**
 * Scott's rule (1992): sd n^(-1/5), the standard deviation over n - 1. `intensity-normalization`: sd times the highest value
 * over 80, which was meant as a width in intensities (SciPy takes it for a factor) and depends on the unit.
 * Values of no spread have their whole density at one point.
 */
export function gaussianKde({ values, counts }: ValueCounts, bandwidth: Bandwidth): Density {
  const [low, high] = [values[0], values[values.length - 1]];
  const grid = Float64Array.from({ length: gridPoints }, (_, g) =>
    g === gridPoints - 1 ? high : low + (g * (high - low)) / (gridPoints - 1),
  );
  if (low === high) return { grid: Float64Array.of(low), density: Float64Array.of(1) };
  const width = widthOf({ values, counts }, bandwidth);
  const density = grid.map((at) => {
    let sum = 0;
    for (let k = 0; k < values.length; k++) sum += counts[k] * Math.exp(-0.5 * ((at - values[k]) / width) ** 2);
    return sum;
  });
  return { grid, density };
}

function widthOf({ values, counts }: ValueCounts, bandwidth: Bandwidth): number {
  if (typeof bandwidth === 'number') return bandwidth;
  let count = 0;
  let sum = 0;
  counts.forEach((own, k) => {
    count += own;
    sum += own * values[k];
  });
  let squares = 0;
  counts.forEach((own, k) => {
    squares += own * (values[k] - sum / count) ** 2;
  });
  const sd = Math.sqrt(squares / (count - 1));
  return sd * (bandwidth === 'scott' ? count ** -0.2 : values[values.length - 1] / gridPoints);
}

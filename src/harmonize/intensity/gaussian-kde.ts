/** A smooth histogram: the Gaussian kernel density of voxels on a grid of values. */
import type { ValueCounts } from './value-counts.ts';

export const bandwidthRules = ['scott', 'intensity-normalization'] as const;
/** How wide a kernel is: by Scott's rule, as intensity-normalization 3.0.1 has it, or so many units of intensity. */
export type Bandwidth = (typeof bandwidthRules)[number] | number;

const fewestPoints = 80;
const mostPoints = 2 ** 14;

export interface Density {
  readonly grid: Float64Array; // [points], from the lowest value to the highest
  /** In arbitrary units. */
  readonly density: Float64Array; // [points]
}

/**
 * Scott's rule (1992): sd n^(-1/5), the standard deviation over n - 1. `intensity-normalization`: sd times the highest value
 * over 80, which was meant as a width in intensities (SciPy takes it for a factor) and depends on the unit.
 *
 * The grid has 80 points, and more where they would stand further apart than two widths (that package's has 80 in any case): a
 * single wild value would else leave every tissue between two of them. Values of no spread have their whole density at one point.
 */
export function gaussianKde({ values, counts }: ValueCounts, bandwidth: Bandwidth): Density {
  const [low, high] = [values[0], values[values.length - 1]];
  if (low === high) return { grid: Float64Array.of(low), density: Float64Array.of(1) };
  const width = widthOf({ values, counts }, bandwidth);
  const grid = gridOf(low, high, bandwidth === 'intensity-normalization' ? Number.POSITIVE_INFINITY : 2 * width);
  let first = 0; // values before are so far below that their share is 0 in floating point
  const density = grid.map((at) => {
    while (at - values[first] > reach * width) first++;
    let sum = 0;
    for (let k = first; k < values.length && values[k] - at <= reach * width; k++) {
      sum += counts[k] * Math.exp(-0.5 * ((at - values[k]) / width) ** 2);
    }
    return sum;
  });
  return { grid, density };
}

/** Widths beyond which exp(-z² / 2) is 0. */
const reach = 39;

/** @param step the largest from point to point, if points suffice */
function gridOf(low: number, high: number, step: number): Float64Array {
  const wanted = Math.ceil((high - low) / step) + 1;
  const points = Math.max(fewestPoints, Math.min(mostPoints, wanted));
  return Float64Array.from({ length: points }, (_, g) =>
    g === points - 1 ? high : low + (g * (high - low)) / (points - 1),
  );
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
  return sd * (bandwidth === 'scott' ? count ** -0.2 : Math.abs(values[values.length - 1]) / fewestPoints);
}

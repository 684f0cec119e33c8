/**
 * Distance correlation: dependence of any form between two sets of points, in any number of dimensions, zero in the
 * population only under independence. Bias-corrected (Székely and Rizzo 2013, equations 2.6 and 3.1; U-centring in 2014,
 * definition 2), so that its mean under independence is 0 and no number of dimensions inflates it; it may be negative.
 */
import { internal } from '../errors.ts';
import type { Matrix } from './matrix.ts';

/** Distances between points less their row and column means, so centred that their mean product is unbiased. */
export interface CentredDistances {
  readonly n: number;
  readonly data: Float64Array; // [n, n], symmetric, zero on the diagonal
  /** Root of the sum of squares below the diagonal; 0 where all points are equally far apart, so that nothing varies. */
  readonly norm: number;
}

/** @param rows which points, in this order; at least 4. Euclidean distances. */
export function centredDistances(points: Matrix, rows: ArrayLike<number>): CentredDistances {
  const n = rows.length;
  if (n < 4) throw internal(`centred distances of ${n} points`);
  const width = points.shape[1];
  const data = new Float64Array(n * n); // [n, n]
  const sums = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      let square = 0;
      for (let k = 0; k < width; k++) {
        square += (points.data[rows[i] * width + k] - points.data[rows[j] * width + k]) ** 2;
      }
      const distance = Math.sqrt(square);
      data[i * n + j] = distance;
      sums[i] += distance;
      sums[j] += distance;
      total += 2 * distance;
    }
  }
  let squares = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const centred = data[i * n + j] - (sums[i] + sums[j]) / (n - 2) + total / ((n - 1) * (n - 2));
      data[i * n + j] = centred;
      data[j * n + i] = centred;
      squares += centred * centred;
    }
  }
  const rounding = 1e-10 * (total / n); // of n² distances of mean size total / n²
  return { n, data, norm: squares > rounding * rounding ? Math.sqrt(squares) : 0 };
}

/**
 * The bias-corrected squared distance correlation, from about −1 / n to 1.
 *
 * @param order point i of `a` is matched with point `order[i]` of `b`; default: the same
 * @returns 0 where one of them does not vary
 */
export function distanceCorrelation(a: CentredDistances, b: CentredDistances, order?: Int32Array): number {
  const { n } = a;
  if (b.n !== n) throw internal(`distance correlation of ${n} and ${b.n} points`);
  if (a.norm === 0 || b.norm === 0) return 0;
  const matched = order ?? Int32Array.from({ length: n }, (_, i) => i);
  let sum = 0;
  for (let i = 1; i < n; i++) {
    const own = i * n;
    const other = matched[i] * n;
    for (let j = 0; j < i; j++) sum += a.data[own + j] * b.data[other + matched[j]];
  }
  return sum / (a.norm * b.norm);
}

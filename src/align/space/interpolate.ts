/**
 * The value of a volume between its voxels. A point is inside up to half a voxel beyond the outermost centres, where the
 * outermost value is taken; further away nothing is known. Voxels that are no number take no part: their weight goes to the
 * others, and a point at which they would have had more than half of it is missing too.
 */
import { cubicWeights } from './b-spline-displacement.ts';

/** Numbers `[depth, height, width]` of one frame and channel. */
export interface Voxels {
  readonly data: ArrayLike<number>;
  readonly depth: number;
  readonly height: number;
  readonly width: number;
}

/**
 * Interpolates at `count` points, given as indices `[count, 3]` (i, j, k), into `out` from `offset`. Where a point is outside or
 * missing, `inside` stays 0 and `out` as it was.
 */
export type Interpolator = (
  points: Float64Array,
  count: number,
  out: { [index: number]: number },
  inside: Uint8Array,
  offset: number,
) => void;

export function nearestNeighbour({ data, depth, height, width }: Voxels): Interpolator {
  return (points, count, out, inside, offset) => {
    for (let p = 0; p < count; p++) {
      const [i, j, k] = [points[3 * p], points[3 * p + 1], points[3 * p + 2]];
      if (!(i >= -0.5 && j >= -0.5 && k >= -0.5 && i <= width - 0.5 && j <= height - 0.5 && k <= depth - 0.5)) continue;
      const column = Math.min(width - 1, Math.floor(i + 0.5));
      const row = Math.min(height - 1, Math.floor(j + 0.5));
      const slice = Math.min(depth - 1, Math.floor(k + 0.5));
      const value = data[(slice * height + row) * width + column];
      if (!Number.isFinite(value)) continue;
      out[offset + p] = value;
      inside[offset + p] = 1;
    }
  };
}

export function trilinear({ data, depth, height, width }: Voxels): Interpolator {
  const slice = height * width;
  return (points, count, out, inside, offset) => {
    for (let p = 0, at = 0; p < count; p++, at += 3) {
      let i = points[at];
      let j = points[at + 1];
      let k = points[at + 2];
      if (!(i >= -0.5 && j >= -0.5 && k >= -0.5 && i <= width - 0.5 && j <= height - 0.5 && k <= depth - 0.5)) continue;
      i = i < 0 ? 0 : Math.min(i, width - 1);
      j = j < 0 ? 0 : Math.min(j, height - 1);
      k = k < 0 ? 0 : Math.min(k, depth - 1);
      const [i0, j0, k0] = [i | 0, j | 0, k | 0];
      const [a, b, c] = [i - i0, j - j0, k - k0];
      const right = i0 + 1 < width ? 1 : 0;
      const down = j0 + 1 < height ? width : 0;
      const next = k0 + 1 < depth ? slice : 0;
      const o = k0 * slice + j0 * width + i0;
      const v00 = data[o] + a * (data[o + right] - data[o]);
      const v01 = data[o + down] + a * (data[o + down + right] - data[o + down]);
      const v10 = data[o + next] + a * (data[o + next + right] - data[o + next]);
      const v11 = data[o + next + down] + a * (data[o + next + down + right] - data[o + next + down]);
      const v0 = v00 + b * (v01 - v00);
      const v1 = v10 + b * (v11 - v10);
      let value = v0 + c * (v1 - v0);
      if (!Number.isFinite(value)) {
        value = ofFinite(data, o, right, down, next, a, b, c);
        if (Number.isNaN(value)) continue;
      }
      out[offset + p] = value;
      inside[offset + p] = 1;
    }
  };
}

/** The weighted mean of those corners that are numbers; NaN where they have less than half of the weight. */
function ofFinite(
  data: ArrayLike<number>,
  o: number,
  right: number,
  down: number,
  next: number,
  a: number,
  b: number,
  c: number,
): number {
  let sum = 0;
  let total = 0;
  for (let corner = 0; corner < 8; corner++) {
    const weight = (corner & 1 ? a : 1 - a) * (corner & 2 ? b : 1 - b) * (corner & 4 ? c : 1 - c);
    const value = data[o + (corner & 1 ? right : 0) + (corner & 2 ? down : 0) + (corner & 4 ? next : 0)];
    if (!Number.isFinite(value)) continue;
    sum += weight * value;
    total += weight;
  }
  return total >= 0.5 ? sum / total : Number.NaN;
}

/** @param coefficients of the cubic B-spline (see `bSplineCoefficients`), continued by reflection about the outermost centres */
export function cubicBSpline({ data: coefficients, depth, height, width }: Voxels): Interpolator {
  const [wi, wj, wk] = [new Float64Array(4), new Float64Array(4), new Float64Array(4)];
  const [ci, cj, ck] = [new Int32Array(4), new Int32Array(4), new Int32Array(4)];
  return (points, count, out, inside, offset) => {
    for (let p = 0; p < count; p++) {
      let [i, j, k] = [points[3 * p], points[3 * p + 1], points[3 * p + 2]];
      if (!(i >= -0.5 && j >= -0.5 && k >= -0.5 && i <= width - 0.5 && j <= height - 0.5 && k <= depth - 0.5)) continue;
      i = Math.min(Math.max(i, 0), width - 1);
      j = Math.min(Math.max(j, 0), height - 1);
      k = Math.min(Math.max(k, 0), depth - 1);
      taps(i, width, wi, ci);
      taps(j, height, wj, cj);
      taps(k, depth, wk, ck);
      let value = 0;
      for (let c = 0; c < 4; c++) {
        if (wk[c] === 0) continue;
        for (let b = 0; b < 4; b++) {
          const row = (ck[c] * height + cj[b]) * width;
          let sum = 0;
          for (let a = 0; a < 4; a++) sum += wi[a] * coefficients[row + ci[a]];
          value += wk[c] * wj[b] * sum;
        }
      }
      out[offset + p] = value;
      inside[offset + p] = 1;
    }
  };
}

function taps(at: number, length: number, weights: Float64Array, places: Int32Array): void {
  if (length === 1) {
    weights.fill(0);
    weights[0] = 1;
    places.fill(0);
    return;
  }
  const first = Math.floor(at) - 1;
  cubicWeights(at - first - 1, weights);
  const period = 2 * (length - 1);
  for (let tap = 0; tap < 4; tap++) {
    const wrapped = (((first + tap) % period) + period) % period;
    places[tap] = wrapped < length ? wrapped : period - wrapped;
  }
}

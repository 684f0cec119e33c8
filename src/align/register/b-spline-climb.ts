/** One level of a deformable registration: the metric and its slope by every control point, and the climb. */
import { type Affine, composeAffines, type Grid, invertAffine } from '../../array/grid.ts';
import { cubicWeights } from '../space/b-spline-displacement.ts';
import { ascend, type Slope } from './ascend.ts';
import { mayMove } from './control-grid.ts';
import { look } from './interpolate.ts';
import type { Level } from './linear-climb.ts';
import { roughness } from './roughness.ts';
import type { Samples } from './samples.ts';

export interface Deforming {
  readonly level: Level;
  /** After the deformation. */
  readonly affine: Affine;
  readonly grid: Grid;
  readonly controlMm: number;
  /** Of the roughness, against the metric. */
  readonly stiffness: number;
}

/** Where each sample stands among the control points: the first of them, and the weights along each direction. */
interface Support {
  readonly first: Int32Array; // [samples]
  readonly weights: Float64Array; // [samples, 3, 4]
}

/** The metric less the weighted roughness, at one set of coefficients `[3, depth, height, width]` after another. */
function bSplineSlope({ level, affine, grid, controlMm, stiffness }: Deforming) {
  const { samples, moving, agreement } = level;
  const { count, x, y, z } = samples;
  const [depth, height, width] = grid.shape;
  const size = depth * height * width;
  const tall = depth > 1 ? 4 : 1;
  const { first, weights } = supportOf(samples, grid);
  const free = mayMove(grid);
  const numbers = () => new Float64Array(count); // [samples]
  const places = { u: numbers(), v: numbers(), w: numbers() };
  const [du, dv, dw] = [numbers(), numbers(), numbers()];
  const paired = { moving: new Float32Array(count), force: numbers() };
  const a = composeAffines(invertAffine(moving.affine), affine); // fixed mm to voxels of the moving image
  return (coefficients: Float64Array): Slope<Float64Array> => {
    for (let s = 0; s < count; s++) {
      let [px, py, pz] = [x[s], y[s], z[s]];
      for (let c = 0; c < tall; c++) {
        for (let b = 0; b < 4; b++) {
          const outer = weights[s * 12 + 8 + c] * weights[s * 12 + 4 + b];
          const at = first[s] + (c * height + b) * width;
          for (let i = 0; i < 4; i++) {
            const weight = outer * weights[s * 12 + i];
            px += weight * coefficients[at + i];
            py += weight * coefficients[size + at + i];
            pz += weight * coefficients[2 * size + at + i];
          }
        }
      }
      places.u[s] = a[0] * px + a[1] * py + a[2] * pz + a[3];
      places.v[s] = a[4] * px + a[5] * py + a[6] * pz + a[7];
      places.w[s] = a[8] * px + a[9] * py + a[10] * pz + a[11];
    }
    look(moving, places, paired.moving, du, dv, dw, count);
    const value = agreement(samples, paired);
    const slope = new Float64Array(3 * size); // [3, depth, height, width]
    for (let s = 0; s < count; s++) {
      const by = paired.force[s];
      if (by === 0) continue;
      const fx = by * (a[0] * du[s] + a[4] * dv[s] + a[8] * dw[s]);
      const fy = by * (a[1] * du[s] + a[5] * dv[s] + a[9] * dw[s]);
      const fz = by * (a[2] * du[s] + a[6] * dv[s] + a[10] * dw[s]);
      for (let c = 0; c < tall; c++) {
        for (let b = 0; b < 4; b++) {
          const outer = weights[s * 12 + 8 + c] * weights[s * 12 + 4 + b];
          const at = first[s] + (c * height + b) * width;
          for (let i = 0; i < 4; i++) {
            const weight = outer * weights[s * 12 + i];
            slope[at + i] += weight * fx;
            slope[size + at + i] += weight * fy;
            slope[2 * size + at + i] += weight * fz;
          }
        }
      }
    }
    const rough = roughness(coefficients, grid, controlMm, -stiffness, slope);
    for (let at = 0; at < 3 * size; at++) if (!free[at % size]) slope[at] = 0;
    return { state: coefficients, value: value - stiffness * rough, slope };
  };
}

function supportOf({ count, x, y, z }: Samples, grid: Grid): Support {
  const m = invertAffine(grid.affine);
  const [depth, height, width] = grid.shape;
  const first = new Int32Array(count);
  const weights = new Float64Array(count * 12); // [samples, 3, 4]
  const four = new Float64Array(4);
  for (let s = 0; s < count; s++) {
    let at = 0;
    for (let axis = 2; axis >= 0; axis--) {
      const n = [width, height, depth][axis];
      if (n === 1) {
        weights[s * 12 + 4 * axis] = 1;
        continue;
      }
      const place = m[axis * 4] * x[s] + m[axis * 4 + 1] * y[s] + m[axis * 4 + 2] * z[s] + m[axis * 4 + 3];
      const from = Math.min(n - 4, Math.max(0, Math.floor(place) - 1));
      cubicWeights(place - from - 1, four);
      weights.set(four, s * 12 + 4 * axis);
      at = at * n + from;
    }
    first[s] = at;
  }
  return { first, weights };
}

/** To the top of one level. */
export function climbBSpline(
  deforming: Deforming,
  start: Float64Array,
  pause: () => Promise<void> | undefined,
): Promise<Slope<Float64Array>> {
  const { spacingMm } = deforming.level;
  return ascend(start, {
    at: bSplineSlope(deforming),
    moved: (coefficients, step) => coefficients.map((value, at) => value + step[at]),
    lengthMm: (step) => step.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    firstMm: spacingMm / 2,
    longestMm: 2 * spacingMm,
    shortestMm: spacingMm * 0.02,
    iterations: 50,
    pause,
  });
}

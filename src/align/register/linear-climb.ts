/** One level of one linear registration: the metric and its slope at a transform, and the climb from there. */
import { type Affine, composeAffines, invertAffine } from '../../array/grid.ts';
import type { Agreement } from './agreement.ts';
import { ascend, type Slope } from './ascend.ts';
import { look } from './interpolate.ts';
import { type LinearModel, slopeOf, stepped } from './linear-model.ts';
import type { Samples } from './samples.ts';
import type { ScalarImage } from './scalar-image.ts';

export interface Level {
  readonly samples: Samples;
  readonly moving: ScalarImage;
  readonly agreement: Agreement;
  readonly spacingMm: number;
}

/** The metric at one transform after another; what it needs of memory is kept between. */
export function linearSlope({ samples, moving, agreement }: Level, model: LinearModel) {
  const { count, x, y, z } = samples;
  const numbers = () => new Float64Array(count); // [samples]
  const places = { u: numbers(), v: numbers(), w: numbers() };
  const [du, dv, dw] = [numbers(), numbers(), numbers()];
  const paired = { moving: new Float32Array(count), force: numbers() };
  const toVoxel = invertAffine(moving.affine);
  return (transform: Affine): Slope<Affine> => {
    const a = composeAffines(toVoxel, transform);
    for (let s = 0; s < count; s++) {
      places.u[s] = a[0] * x[s] + a[1] * y[s] + a[2] * z[s] + a[3];
      places.v[s] = a[4] * x[s] + a[5] * y[s] + a[6] * z[s] + a[7];
      places.w[s] = a[8] * x[s] + a[9] * y[s] + a[10] * z[s] + a[11];
    }
    look(moving, places, paired.moving, du, dv, dw, count);
    const value = agreement(samples, paired);
    const byVoxel = new Float64Array(12); // sum of force by voxel coordinate (p, 1)^T, [3, 4]
    const { force } = paired;
    for (let s = 0; s < count; s++) {
      const by = force[s];
      if (by === 0) continue;
      const [u, v, w] = [by * du[s], by * dv[s], by * dw[s]];
      byVoxel[0] += u * x[s];
      byVoxel[1] += u * y[s];
      byVoxel[2] += u * z[s];
      byVoxel[3] += u;
      byVoxel[4] += v * x[s];
      byVoxel[5] += v * y[s];
      byVoxel[6] += v * z[s];
      byVoxel[7] += v;
      byVoxel[8] += w * x[s];
      byVoxel[9] += w * y[s];
      byVoxel[10] += w * z[s];
      byVoxel[11] += w;
    }
    return { state: transform, value, slope: slopeOf(model, transform, inWorld(toVoxel, byVoxel)) };
  };
}

/** By the transform's own numbers: the transposed linear part of `toVoxel` before. */
function inWorld(toVoxel: Affine, byVoxel: Float64Array): Float64Array {
  const out = new Float64Array(12); // [3, 4]
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 4; c++) {
      for (let m = 0; m < 3; m++) out[r * 4 + c] += toVoxel[m * 4 + r] * byVoxel[m * 4 + c];
    }
  }
  return out;
}

/** To the top of one level. */
export function climbLinear(
  level: Level,
  model: LinearModel,
  start: Affine,
  pause?: () => Promise<void> | undefined,
): Promise<Slope<Affine>> {
  const { spacingMm } = level;
  return ascend(start, {
    at: linearSlope(level, model),
    moved: (transform, step) => stepped(model, transform, step),
    lengthMm: (step) => Math.hypot(...step),
    firstMm: spacingMm / 2,
    longestMm: 2 * spacingMm,
    shortestMm: spacingMm * 0.002,
    iterations: 60,
    ...(pause && { pause }),
  });
}

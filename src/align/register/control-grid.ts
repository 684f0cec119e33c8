/** Control points over the patient, and the same deformation told by control points twice as dense. */
import type { Grid } from '../../array/grid.ts';
import type { Box } from './head-box.ts';

/**
 * So many outermost layers never move: a deformation then comes to rest before the grid ends, instead of breaking off there.
 */
export const still = 3;

/** Along the box's directions, `mm` apart, with still layers all around. */
export function controlGrid({ centre, frame, halfMm }: Box, mm: number): Grid {
  const counts = halfMm.map((half) => (half > 0 ? Math.ceil((2 * half) / mm) + 1 + 2 * still : 1));
  const affine = new Float64Array(16); // [4, 4]
  affine[15] = 1;
  for (let r = 0; r < 3; r++) {
    affine[r * 4 + 3] = centre[r];
    for (let c = 0; c < 3; c++) {
      affine[r * 4 + c] = frame[r * 3 + c] * mm;
      affine[r * 4 + 3] -= (affine[r * 4 + c] * (counts[c] - 1)) / 2;
    }
  }
  return { shape: [counts[2], counts[1], counts[0]], affine };
}

/** One where a control point may move, `[depth, height, width]`. */
export function mayMove({ shape: [depth, height, width] }: Grid): Uint8Array {
  const free = (at: number, n: number) => n === 1 || (at >= still && at < n - still);
  return Uint8Array.from({ length: depth * height * width }, (_, at) => {
    const [i, j, k] = [at % width, Math.floor(at / width) % height, Math.floor(at / (width * height))];
    return free(i, width) && free(j, height) && free(k, depth) ? 1 : 0;
  });
}

/** The grid with a control point between each two. */
export function denser({ shape, affine }: Grid): Grid {
  const doubled = shape.map((n) => (n === 1 ? 1 : 2 * n - 1));
  const half = affine.map((value, at) => (at % 4 < 3 && at < 12 && shape[2 - (at % 4)] > 1 ? value / 2 : value));
  return { shape: [doubled[0], doubled[1], doubled[2]], affine: half };
}

/**
 * The coefficients `[3, depth, height, width]` that say the same on the denser grid: cubic B-splines divide exactly (Lane and
 * Riesenfeld 1980, IEEE PAMI 2(1):35-46), into 1/8, 6/8, 1/8 at the old points and 1/2, 1/2 between.
 */
export function divided(coefficients: Float64Array, [depth, height, width]: Grid['shape']): Float64Array {
  const along = divideAxis(coefficients, 3 * depth * height, width, 1);
  const wide = width === 1 ? 1 : 2 * width - 1;
  const across = divideAxis(along, 3 * depth, height, wide);
  const tall = height === 1 ? 1 : 2 * height - 1;
  return divideAxis(across, 3, depth, wide * tall);
}

function divideAxis(values: Float64Array, outer: number, n: number, inner: number): Float64Array {
  if (n === 1) return values;
  const out = new Float64Array(outer * (2 * n - 1) * inner); // [outer, 2 n - 1, inner]
  for (let o = 0; o < outer; o++) {
    for (let at = 0; at < n; at++) {
      for (let i = 0; i < inner; i++) {
        const value = (p: number) => (p < 0 || p >= n ? 0 : values[(o * n + p) * inner + i]);
        const to = (o * (2 * n - 1) + 2 * at) * inner + i;
        out[to] = (value(at - 1) + 6 * value(at) + value(at + 1)) / 8;
        if (at < n - 1) out[to + inner] = (value(at) + value(at + 1)) / 2;
      }
    }
  }
  return out;
}

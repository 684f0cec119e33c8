/**
 * Places of the fixed image at which the images are compared. They are drawn off the voxels' centres, a place at random
 * within each cell: on the centres mutual information has ripples of one voxel's period (Tsao 2003, IEEE TMI 22(7):854-864;
 * Likar and Pernus 2001, Image and Vision Computing 19:33-44).
 */
import { type Affine, transformPoint } from '../../array/grid.ts';
import { random } from '../../array/random.ts';
import { type Box, boxHolds } from './head-box.ts';
import { valuesAt } from './interpolate.ts';
import type { Range } from './range.ts';
import { margin } from './range.ts';
import type { ScalarImage } from './scalar-image.ts';

export interface Samples {
  readonly count: number;
  readonly x: Float64Array; // [samples], RAS mm, as y and z
  readonly y: Float64Array;
  readonly z: Float64Array;
  readonly values: Float32Array; // [samples]
  /** Which row of the joint histogram the value falls in: its bin, of the samples in regions that of its region. */
  readonly row: Uint16Array; // [samples]
}

export interface SampleOptions {
  readonly seed: number;
  /** At most about so many places; below, one in each cell of the grid. */
  readonly most: number;
  readonly bins: number;
  readonly range: Range;
  /** Only there. */
  readonly box: Box;
  /** Only places of which this holds. */
  readonly keep?: (x: number, y: number, z: number) => boolean;
}

export function drawSamples(image: ScalarImage, { seed, most, bins, range, box, keep }: SampleOptions): Samples {
  const [depth, height, width] = image.shape;
  const cells = Math.max(1, width - 1) * Math.max(1, height - 1) * Math.max(1, depth - 1);
  const share = Math.min(1, most / (cells * boxShare(image, box)));
  const generator = random(seed);
  const [u, v, w]: number[][] = [[], [], []];
  const [x, y, z]: number[][] = [[], [], []];
  for (let k = 0; k < Math.max(1, depth - 1); k++) {
    for (let j = 0; j < height - 1; j++) {
      for (let i = 0; i < width - 1; i++) {
        if (share < 1 && generator.uniform() >= share) continue;
        const [a, b] = [i + generator.uniform(), j + generator.uniform()];
        const c = depth > 1 ? k + generator.uniform() : 0;
        const place = transformPoint(image.affine, a, b, c);
        if (!boxHolds(box, place[0], place[1], place[2]) || (keep && !keep(place[0], place[1], place[2]))) continue;
        u.push(a);
        v.push(b);
        w.push(c);
        x.push(place[0]);
        y.push(place[1]);
        z.push(place[2]);
      }
    }
  }
  const values = valuesAt(image, { u: Float64Array.from(u), v: Float64Array.from(v), w: Float64Array.from(w) });
  return withValues(values, x, y, z, bins, range);
}

/** Those that have a value. */
function withValues(
  all: Float32Array,
  x: readonly number[],
  y: readonly number[],
  z: readonly number[],
  bins: number,
  { low, high }: Range,
): Samples {
  const real = Int32Array.from(all.keys()).filter((s) => !Number.isNaN(all[s]));
  const values = Float32Array.from(real, (s) => all[s]);
  const last = bins - 1 - margin;
  const perBin = high > low ? (bins - 2 * margin) / (high - low) : 0;
  return {
    count: real.length,
    x: Float64Array.from(real, (s) => x[s]),
    y: Float64Array.from(real, (s) => y[s]),
    z: Float64Array.from(real, (s) => z[s]),
    values,
    row: Uint16Array.from(values, (value) =>
      Math.min(last, Math.max(margin, margin + Math.floor((value - low) * perBin))),
    ),
  };
}

/** About which share of the image's cells lies in the box. */
function boxShare({ shape: [depth, height, width], affine }: ScalarImage, box: Box): number {
  const steps = 12;
  let [held, asked] = [0, 0];
  for (let k = 0; k < (depth > 1 ? steps : 1); k++) {
    for (let j = 0; j < steps; j++) {
      for (let i = 0; i < steps; i++) {
        const at = [width, height, depth].map((n, axis) => (([i, j, k][axis] + 0.5) / steps) * (n - 1));
        const [x, y, z] = transformPoint(affine as Affine, at[0], at[1], depth > 1 ? at[2] : 0);
        asked++;
        if (boxHolds(box, x, y, z)) held++;
      }
    }
  }
  return Math.max(held, 1) / asked;
}

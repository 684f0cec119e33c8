/** Two scans of one simulated head (or of two), with the transform between them known. */

import type { Point } from '../../src/align/register/head-box.ts';
import { rotationOf } from '../../src/align/register/linear-model.ts';
import { nearestRotation } from '../../src/align/register/mean-transform.ts';
import {
  type Affine,
  composeAffines,
  identityAffine,
  invertAffine,
  transformPoint,
  voxelCount,
} from '../../src/array/grid.ts';
import { random } from '../../src/array/random.ts';
import type { Volume } from '../../src/read/image/volume.ts';
import { type Head, linear, onCoarse, smoothField } from './heads.ts';

export interface SimulatedPair {
  readonly fixed: Volume;
  readonly moving: Volume;
  /** Fixed to moving; of a bent scan the rigid transform nearest to what happened. */
  readonly truth: Affine;
}

export interface ScanOptions {
  readonly seed: number;
  /** The head that is scanned the second time; default the same. */
  readonly other?: Head;
  readonly mirrored?: boolean;
  /** Of the second scan against the first, each axis up to. */
  readonly shiftMm?: number;
  readonly turnDegrees?: number;
  /** How much the second scanner bends, at most; default 1. */
  readonly bentMm?: number;
  /** One slice of each. */
  readonly flat?: boolean;
}

/**
 * First a T1 scan of 1.1 to 1.6 mm, then one of another contrast of 1 to 1.5 mm in plane with slices of 1 to 4 mm, each with its own noise (2 to 6 % of
 * the range, Rician), bias field (up to 25 %), obliquity and field of view (up to a fifth of the head cut off), the second
 * with up to 1 mm of smooth distortion.
 */
export function scanPair(head: Head, options: ScanOptions): SimulatedPair {
  const { seed, other = head, mirrored = false, shiftMm = 15, turnDegrees = 15, flat = false, bentMm = 1 } = options;
  const generator = random(seed);
  const within = (most: number) => (2 * generator.uniform() - 1) * most;
  const turn = (degrees: number) => [0, 1, 2].map((axis) => (flat && axis < 2 ? 0 : (within(degrees) / 180) * Math.PI));
  const placed = (degrees: number, mm: number): Affine => {
    const rotation = rotationOf(turn(degrees));
    const out = identityAffine();
    for (let r = 0; r < 3; r++) {
      for (let c = 0; c < 3; c++) out[r * 4 + c] = rotation[r * 3 + c];
      out[r * 4 + 3] = flat && r === 2 ? 0 : within(mm);
    }
    return out;
  };
  // Places of the first scan's world are the head's own.
  const truth = placed(turnDegrees, shiftMm);
  const fine = 1.1 + 0.5 * generator.uniform();
  const slices = 1 + 3 * generator.uniform();
  const fixed = scan(head, {
    seed: generator.integer(2 ** 31),
    contrast: 'T1',
    toHead: identityAffine(),
    spacing: [fine, fine, fine],
    tilt: placed(flat ? 0 : 6, 0),
    flat,
    bend: () => [0, 0, 0],
  });
  const bend = bendOf(generator.integer(2 ** 31), bentMm * generator.uniform(), flat);
  const back = invertAffine(truth);
  const mirror = identityAffine();
  mirror[0] = -1;
  const toHead = mirrored ? composeAffines(mirror, back) : back;
  const moving = scan(other, {
    seed: generator.integer(2 ** 31),
    contrast: 'other',
    toHead,
    spacing: [1 + 0.5 * generator.uniform(), 0, slices],
    tilt: composeAffines(truth, placed(flat ? 0 : 10, 0)),
    flat,
    bend,
  });
  return { fixed, moving, truth: nearestRigid(head, truth, bend, flat) };
}

type Bend = (x: number, y: number, z: number) => readonly [number, number, number];

/** Where the moving scan's scanner believes a place to be, less where it is: smooth, `mm` long as a root mean square. */
function bendOf(seed: number, mm: number, flat: boolean): Bend {
  const generator = random(seed);
  const fields = [0, 1, 2].map(() => onCoarse(smoothField(generator, 110, 8), 10));
  const scale = mm / Math.sqrt(3);
  return (x, y, z) => [scale * fields[0](x, y, z), scale * fields[1](x, y, z), flat ? 0 : scale * fields[2](x, y, z)];
}

/**
 * Of a bent scan no rigid transform is right everywhere. The truth is the one that is least wrong, in squares over the head:
 * what is left beside it is the scanner's, and no registration's.
 */
function nearestRigid(head: Head, truth: Affine, bend: Bend, flat: boolean): Affine {
  const from: Point[] = [];
  const to: Point[] = [];
  const [depth, height, width] = head.shape;
  for (let k = 0; k < depth; k += 4) {
    for (let j = 0; j < height; j += 4) {
      for (let i = 0; i < width; i += 4) {
        if (head.t1[(k * height + j) * width + i] < 40) continue;
        const place = transformPoint(head.affine, i, j, k);
        if (flat && Math.abs(place[2] - 12) > 6) continue;
        const [x, y, z] = transformPoint(truth, ...place);
        const [a, b, c] = bend(x, y, z);
        from.push(place);
        to.push([x - a, y - b, z - c]);
      }
    }
  }
  const mean = (points: readonly Point[]) =>
    [0, 1, 2].map((axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length);
  const [centre, goal] = [mean(from), mean(to)];
  const spread = identityAffine(); // its polar factor is the rotation sought (Kabsch 1976)
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) {
      const sum = from.reduce((total, point, at) => total + (to[at][r] - goal[r]) * (point[c] - centre[c]), 0);
      spread[r * 4 + c] = flat && (r === 2 || c === 2) ? Number(r === c) : sum / from.length;
    }
  }
  const rotation = nearestRotation(spread);
  for (let r = 0; r < 3; r++) {
    rotation[r * 4 + 3] = goal[r] - [0, 1, 2].reduce((sum, c) => sum + rotation[r * 4 + c] * centre[c], 0);
  }
  return rotation;
}

interface Scan {
  readonly seed: number;
  readonly contrast: 'T1' | 'other';
  readonly toHead: Affine;
  /** In-plane and across; the second is the first where 0. */
  readonly spacing: readonly [number, number, number];
  /** The scanner's axes in its world. */
  readonly tilt: Affine;
  readonly flat: boolean;
  readonly bend: Bend;
}

function scan(head: Head, { seed, contrast, toHead, spacing, tilt, flat, bend }: Scan): Volume {
  const generator = random(seed);
  const [dx, dy, dz] = [spacing[0], spacing[1] || spacing[0], flat ? 1 : spacing[2]];
  const cut = () => 1 - 0.2 * generator.uniform();
  const [sx, sy, sz] = [190 * cut(), 230 * cut(), 180 * cut()];
  const shape = [flat ? 1 : Math.round(sz / dz), Math.round(sy / dy), Math.round(sx / dx)] as const;
  const corner = identityAffine();
  corner[0] = dx;
  corner[5] = dy;
  corner[10] = dz;
  corner[3] = -(shape[2] - 1) * dx * 0.5 + (2 * generator.uniform() - 1) * 8;
  corner[7] = -18 - (shape[1] - 1) * dy * 0.5 + (2 * generator.uniform() - 1) * 8;
  corner[11] = flat ? 12 : 8 - (shape[0] - 1) * dz * 0.5 + (2 * generator.uniform() - 1) * 8;
  const affine = composeAffines(tilt, corner);
  const noise = 255 * (0.02 + 0.04 * generator.uniform());
  const bias = onCoarse(smoothField(generator, 220, 8), 12);
  const strength = 0.12 * generator.uniform();
  // Grey 90 to 255, white 20 to 255, apart by a tenth of the range at least; the rest mixed from two.
  const grey = 90 + 165 * generator.uniform();
  let white = 20 + 235 * generator.uniform();
  if (Math.abs(grey - white) < 25) white = grey - 25 - 40 * generator.uniform();
  // Neither grey nor white: a mixture of what is dark in T1 and what is bright, so that edges stay where they are. (A bent map
  // of T1 would move them, and with them the truth.)
  const [dark, bright] = [120 * generator.uniform(), 60 + 190 * generator.uniform()];
  const rest = (t1: number) => dark + ((bright - dark) * Math.min(255, t1)) / 255;
  const inverse = invertAffine(head.affine);
  const toVoxel = composeAffines(inverse, toHead);
  const parts = contrast === 'other' && !flat ? Math.max(1, Math.round(dz / 1.3)) : 1;
  const data = new Float32Array(voxelCount({ shape })); // [depth, height, width]
  for (let k = 0, at = 0; k < shape[0]; k++) {
    for (let j = 0; j < shape[1]; j++) {
      for (let i = 0; i < shape[2]; i++, at++) {
        const world = transformPoint(affine, i, j, k);
        let signal = 0;
        for (let part = 0; part < parts; part++) {
          const [x, y, z] = parts === 1 ? world : transformPoint(affine, i, j, k + (part + 0.5) / parts - 0.5);
          const shift = bend(x, y, z);
          const [u, v, w] = transformPoint(toVoxel, x + shift[0], y + shift[1], z + shift[2]);
          const t1 = linear(head.t1, head.shape, u, v, w);
          if (contrast === 'T1') signal += t1;
          else {
            const g = linear(head.grey, head.shape, u, v, w);
            const m = linear(head.white, head.shape, u, v, w);
            const left = Math.max(0, 1 - g - m);
            signal += g * grey + m * white + left * rest(left > 0.05 ? Math.max(0, t1 - 150 * g - 215 * m) / left : 0);
          }
        }
        signal = (signal / parts) * (1 + strength * bias(world[0], world[1], world[2]));
        data[at] = Math.hypot(signal + noise * generator.normal(), noise * generator.normal());
      }
    }
  }
  return {
    shape,
    affine,
    data,
    frames: 1,
    channels: 1,
    dimensions: flat ? 2 : 3,
    placed: true,
    stored: { format: 'simulated', type: 'float32', slope: 1, intercept: 0 },
    warnings: [],
  };
}

/** Where the patient is in the picture: a box in the image's own directions, and how far its corners are from one another. */
import { spacingMm, transformPoint } from '../../array/grid.ts';
import type { ScalarImage } from './scalar-image.ts';

export type Point = readonly [x: number, y: number, z: number];

/** A box along three directions at right angles. */
export interface Box {
  readonly centre: Point; // RAS mm
  /** Unit directions as columns, row-major `[3, 3]`: along the image's width, height, and the normal of both. */
  readonly frame: Float64Array;
  /** Half the length along each direction, mm; the third is 0 for a 2-D image. */
  readonly halfMm: Point;
}

export interface Foreground {
  /** Holds the middle 98 % of the foreground along each direction. */
  readonly whole: Box;
  /** Holds the middle 80 %: its corners are the points at which an error is stated. */
  readonly middle: Box;
  readonly centreOfMass: Point;
  /** Otsu's threshold. */
  readonly threshold: number;
}

/** Foreground is what exceeds Otsu's threshold (Otsu 1979, IEEE TSMC 9(1):62-66). */
export function foregroundOf(image: ScalarImage): Foreground {
  const { data, shape } = image;
  const [depth, height, width] = shape;
  const threshold = otsu(data);
  const frame = frameOf(image);
  const along: number[][] = [[], [], []];
  const sum = [0, 0, 0];
  for (let k = 0, at = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++, at++) {
        if (!(data[at] > threshold)) continue;
        const place = transformPoint(image.affine, i, j, k);
        for (let axis = 0; axis < 3; axis++) {
          along[axis].push(frame[axis] * place[0] + frame[3 + axis] * place[1] + frame[6 + axis] * place[2]);
          sum[axis] += place[axis];
        }
      }
    }
  }
  const count = along[0].length;
  if (count === 0) return foregroundOf({ ...image, data: Float32Array.from(data, (_, i) => i % 2) });
  const sorted = along.map((list) => Float64Array.from(list).sort());
  return {
    whole: boxOf(frame, sorted, 0.01, image),
    middle: boxOf(frame, sorted, 0.1, image),
    centreOfMass: [sum[0] / count, sum[1] / count, sum[2] / count],
    threshold,
  };
}

function boxOf(frame: Float64Array, sorted: readonly Float64Array[], tail: number, image: ScalarImage): Box {
  const end = (axis: number, share: number) => sorted[axis][Math.round(share * (sorted[axis].length - 1))];
  const middle = [0, 1, 2].map((axis) => (end(axis, tail) + end(axis, 1 - tail)) / 2);
  const spacing = spacingMm(image);
  const half = [0, 1, 2].map((axis) =>
    axis === 2 && image.dimensions === 2 ? 0 : Math.max(spacing[axis], (end(axis, 1 - tail) - end(axis, tail)) / 2),
  );
  return { centre: turned(frame, middle), frame, halfMm: [half[0], half[1], half[2]] };
}

export function grown(box: Box, mm: number): Box {
  const [a, b, c] = box.halfMm;
  return { ...box, halfMm: [a + mm, b + mm, c > 0 ? c + mm : 0] };
}

/** A place by the box's own directions: from −1 to 1 within it. Across the plane of a 2-D box: 0. */
export function placeIn({ centre, frame, halfMm }: Box, x: number, y: number, z: number): Point {
  const [a, b, c] = [x - centre[0], y - centre[1], z - centre[2]];
  const along = (axis: number) =>
    halfMm[axis] > 0 ? (frame[axis] * a + frame[3 + axis] * b + frame[6 + axis] * c) / halfMm[axis] : 0;
  return [along(0), along(1), along(2)];
}

/** In 2-D the direction across the plane does not count. */
export function boxHolds({ centre, frame, halfMm }: Box, x: number, y: number, z: number): boolean {
  const [a, b, c] = [x - centre[0], y - centre[1], z - centre[2]];
  if (Math.abs(frame[0] * a + frame[3] * b + frame[6] * c) > halfMm[0]) return false;
  if (Math.abs(frame[1] * a + frame[4] * b + frame[7] * c) > halfMm[1]) return false;
  return halfMm[2] === 0 || Math.abs(frame[2] * a + frame[5] * b + frame[8] * c) <= halfMm[2];
}

/** Eight of a box, four of a 2-D one. */
export function corners(box: Box): Point[] {
  const out: Point[] = [];
  for (const c of box.halfMm[2] > 0 ? [-1, 1] : [0]) {
    for (const b of [-1, 1]) {
      for (const a of [-1, 1]) {
        const [x, y, z] = turned(box.frame, [a * box.halfMm[0], b * box.halfMm[1], c * box.halfMm[2]]);
        out.push([box.centre[0] + x, box.centre[1] + y, box.centre[2] + z]);
      }
    }
  }
  return out;
}

/** Of the distance of a corner to the centre. */
export function radiusMm({ halfMm: [a, b, c] }: Box): number {
  return Math.hypot(a, b, c);
}

/** Unit directions along width and height (made square to it) and their normal. */
export function frameOf({ affine: a }: Pick<ScalarImage, 'affine'>): Float64Array {
  const u = unit([a[0], a[4], a[8]]);
  const dot = u[0] * a[1] + u[1] * a[5] + u[2] * a[9];
  const v = unit([a[1] - dot * u[0], a[5] - dot * u[1], a[9] - dot * u[2]]);
  const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  return Float64Array.of(u[0], v[0], n[0], u[1], v[1], n[1], u[2], v[2], n[2]);
}

function unit([x, y, z]: readonly number[]): number[] {
  const length = Math.hypot(x, y, z);
  return [x / length, y / length, z / length];
}

function turned(frame: Float64Array, [a, b, c]: readonly number[]): Point {
  return [
    frame[0] * a + frame[1] * b + frame[2] * c,
    frame[3] * a + frame[4] * b + frame[5] * c,
    frame[6] * a + frame[7] * b + frame[8] * c,
  ];
}

function otsu(data: Float32Array): number {
  const { low, high } = rangeOf(data, 0, 0.999);
  if (!(high > low)) return low;
  const bins = 256;
  const counts = new Float64Array(bins);
  let total = 0;
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    if (Number.isNaN(data[i])) continue;
    const bin = Math.max(0, Math.min(bins - 1, Math.floor(((data[i] - low) / (high - low)) * bins)));
    counts[bin]++;
    total++;
    sum += bin;
  }
  let [below, belowSum, best, at] = [0, 0, -1, 0];
  for (let bin = 0; bin < bins - 1; bin++) {
    below += counts[bin];
    belowSum += bin * counts[bin];
    const between = below * (total - below) * (belowSum / below - (sum - belowSum) / (total - below)) ** 2;
    if (between > best) [best, at] = [between, bin];
  }
  return low + ((at + 1) / bins) * (high - low);
}

/** The values between which a share of the finite voxels lies. */
export function rangeOf(data: Float32Array, from: number, to: number): { low: number; high: number } {
  const stride = Math.max(1, Math.floor(data.length / 200_000));
  const finite: number[] = [];
  for (let i = 0; i < data.length; i += stride) if (!Number.isNaN(data[i])) finite.push(data[i]);
  const sorted = Float32Array.from(finite).sort();
  return { low: sorted[Math.round(from * (sorted.length - 1))], high: sorted[Math.round(to * (sorted.length - 1))] };
}

/**
 * Where the voxels of an image stand: how many there are along each axis, and the affine that takes a voxel index to a place
 * in millimetres. World axes are RAS+ (x to the patient's right, y to the front, z to the head), as in NIfTI.
 */
import { internal } from '../errors.ts';

/** An affine of homogeneous coordinates, row-major `[4, 4]`; its last row is 0 0 0 1. */
export type Affine = Float64Array;

/** A sheared or oblique grid is a grid too: nothing here asks for right angles. */
export interface Grid {
  /** Of row-major data, the last axis fastest. A 2-D image has depth 1. */
  readonly shape: readonly [depth: number, height: number, width: number];
  /** From a voxel index (i along width, j along height, k along depth; a voxel's centre is a whole number) to RAS mm. */
  readonly affine: Affine;
}

export function identityAffine(): Affine {
  return Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
}

export function voxelCount({ shape: [depth, height, width] }: Pick<Grid, 'shape'>): number {
  return depth * height * width;
}

/** Millimetres from one voxel to the next along width, height and depth. */
export function spacingMm({ affine }: Pick<Grid, 'affine'>): [x: number, y: number, z: number] {
  const along = (column: number) => Math.hypot(affine[column], affine[4 + column], affine[8 + column]);
  return [along(0), along(1), along(2)];
}

/** First `b`, then `a`. */
export function composeAffines(a: Affine, b: Affine): Affine {
  const out = new Float64Array(16); // [4, 4]
  for (let r = 0; r < 4; r++) {
    for (let c = 0; c < 4; c++) {
      for (let m = 0; m < 4; m++) out[r * 4 + c] += a[r * 4 + m] * b[m * 4 + c];
    }
  }
  return out;
}

/** Of the upper left `[3, 3]`; 0 where the affine flattens space. */
export function determinant(a: Affine): number {
  return a[0] * (a[5] * a[10] - a[6] * a[9]) - a[1] * (a[4] * a[10] - a[6] * a[8]) + a[2] * (a[4] * a[9] - a[5] * a[8]);
}

/** The affine that takes back. Whoever reads affines from outside has refused those that flatten space. */
export function invertAffine(a: Affine): Affine {
  const det = determinant(a);
  if (!(Math.abs(det) > 0)) throw internal('an affine without an inverse');
  const out = new Float64Array(16); // [4, 4]
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 3; c++) {
      const [r1, r2, c1, c2] = [(c + 1) % 3, (c + 2) % 3, (r + 1) % 3, (r + 2) % 3];
      out[r * 4 + c] = (a[r1 * 4 + c1] * a[r2 * 4 + c2] - a[r1 * 4 + c2] * a[r2 * 4 + c1]) / det;
    }
  }
  for (let r = 0; r < 3; r++) {
    out[r * 4 + 3] = -(out[r * 4] * a[3] + out[r * 4 + 1] * a[7] + out[r * 4 + 2] * a[11]);
  }
  out[15] = 1;
  return out;
}

export function transformPoint(a: Affine, x: number, y: number, z: number): [x: number, y: number, z: number] {
  return [
    a[0] * x + a[1] * y + a[2] * z + a[3],
    a[4] * x + a[5] * y + a[6] * z + a[7],
    a[8] * x + a[9] * y + a[10] * z + a[11],
  ];
}

/**
 * Where width, height and depth lead, by letters: `RAS` goes to the patient's right, front and head, `LPI` to left, back and
 * feet. An oblique axis is named by the direction it is nearest to, each direction once.
 */
export function axisLetters(affine: Affine): string {
  const letters = ['LR', 'PA', 'IS'];
  const left = [0, 1, 2];
  const order = [0, 1, 2].sort((a, b) => slant(affine, a) - slant(affine, b));
  const named = ['', '', ''];
  for (const column of order) {
    const row = left.reduce((a, b) => (cosine(affine, b, column) > cosine(affine, a, column) ? b : a));
    left.splice(left.indexOf(row), 1);
    named[column] = letters[row][affine[row * 4 + column] < 0 ? 0 : 1];
  }
  return named.join('');
}

/** How far an axis is from the nearest direction of the world, 0 where it is one. */
function slant(affine: Affine, column: number): number {
  return 1 - Math.max(...[0, 1, 2].map((row) => cosine(affine, row, column)));
}

function cosine(affine: Affine, row: number, column: number): number {
  const length = Math.hypot(affine[column], affine[4 + column], affine[8 + column]);
  return length > 0 ? Math.abs(affine[row * 4 + column]) / length : 0;
}

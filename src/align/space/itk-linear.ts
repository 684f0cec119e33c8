/** ITK's linear transforms of three dimensions, from their parameters to a matrix (The ITK Software Guide, book 2, chapter 3.6). */
import type { Affine } from '../../array/grid.ts';
import type { AffineModel } from './transform.ts';

/** How many parameters each kind has. */
export const itkLinearKinds: { readonly [kind: string]: number } = {
  AffineTransform: 12,
  Euler3DTransform: 6,
  VersorRigid3DTransform: 6,
  Similarity3DTransform: 7,
  TranslationTransform: 3,
  IdentityTransform: 0,
  VersorTransform: 3,
  ScaleTransform: 3,
  ScaleVersor3DTransform: 9,
  ScaleSkewVersor3DTransform: 15,
};

/** @returns the matrix in ITK's world, LPS @param fixed the centre of turning, and of `Euler3DTransform` its order */
export function itkLinear(
  kind: string,
  p: readonly number[],
  fixed: readonly number[],
): { readonly model: AffineModel; readonly matrix: Affine } {
  const { model, linear, shift } = taken(kind, p, fixed);
  const matrix = new Float64Array(16); // [4, 4]
  for (let row = 0; row < 3; row++) {
    let about = 0;
    for (let column = 0; column < 3; column++) {
      matrix[row * 4 + column] = linear[row * 3 + column];
      about += linear[row * 3 + column] * (fixed[column] ?? 0);
    }
    matrix[row * 4 + 3] = shift[row] + (kind === 'TranslationTransform' ? 0 : (fixed[row] ?? 0) - about);
  }
  matrix[15] = 1;
  return { model, matrix };
}

/** The 3 x 3 part, row-major, and the shift. */
function taken(
  kind: string,
  p: readonly number[],
  fixed: readonly number[],
): { readonly model: AffineModel; readonly linear: readonly number[]; readonly shift: readonly number[] } {
  if (kind === 'AffineTransform') return { model: 'affine', linear: p.slice(0, 9), shift: p.slice(9, 12) };
  if (kind === 'TranslationTransform') return { model: 'translation', linear: [1, 0, 0, 0, 1, 0, 0, 0, 1], shift: p };
  if (kind === 'IdentityTransform') return { model: 'translation', linear: diagonal([1, 1, 1]), shift: [0, 0, 0] };
  if (kind === 'ScaleTransform') return { model: 'affine', linear: diagonal(p), shift: [0, 0, 0] };
  if (kind === 'VersorTransform') return { model: 'rigid', linear: versor(p[0], p[1], p[2]), shift: [0, 0, 0] };
  const shift = p.slice(3, 6);
  if (kind === 'Euler3DTransform') return { model: 'rigid', linear: euler(p, fixed[3] === 1), shift };
  const turn = versor(p[0], p[1], p[2]);
  if (kind === 'VersorRigid3DTransform') return { model: 'rigid', linear: turn, shift };
  if (kind.startsWith('Scale')) return { model: 'affine', linear: scaledAndSkewed(turn, p), shift };
  return { model: 'similarity', linear: turn.map((one) => one * p[6]), shift };
}

function diagonal([x, y, z]: readonly number[]): number[] {
  return [x, 0, 0, 0, y, 0, 0, 0, z];
}

/** Neither is a factor: ITK adds what the scales exceed 1 by to the turn's diagonal, and the skews beside it. */
function scaledAndSkewed(turn: readonly number[], p: readonly number[]): number[] {
  const [a, b, c, d, e, f] = p.length > 9 ? p.slice(9) : [0, 0, 0, 0, 0, 0];
  const added = [p[6] - 1, a, b, c, p[7] - 1, d, e, f, p[8] - 1];
  return turn.map((one, at) => one + added[at]);
}

/** ITK's order: Rz Rx Ry unless the file says Rz Ry Rx. */
function euler([ax, ay, az]: readonly number[], zyx: boolean): number[] {
  const [cx, sx, cy, sy, cz, sz] = [ax, ay, az].flatMap((angle) => [Math.cos(angle), Math.sin(angle)]);
  const rx = [1, 0, 0, 0, cx, -sx, 0, sx, cx];
  const ry = [cy, 0, sy, 0, 1, 0, -sy, 0, cy];
  const rz = [cz, -sz, 0, sz, cz, 0, 0, 0, 1];
  return zyx ? product(rz, product(ry, rx)) : product(rz, product(rx, ry));
}

/** The rotation of a unit quaternion whose scalar part is not negative. */
function versor(x: number, y: number, z: number): number[] {
  const w = Math.sqrt(Math.max(0, 1 - x * x - y * y - z * z));
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - z * w),
    2 * (x * z + y * w),
    2 * (x * y + z * w),
    1 - 2 * (x * x + z * z),
    2 * (y * z - x * w),
    2 * (x * z - y * w),
    2 * (y * z + x * w),
    1 - 2 * (x * x + y * y),
  ];
}

function product(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [Math.floor(at / 3), at % 3];
    return a[row * 3] * b[column] + a[row * 3 + 1] * b[3 + column] + a[row * 3 + 2] * b[6 + column];
  });
}

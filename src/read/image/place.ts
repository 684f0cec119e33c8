/** Where an image stands: what its file says of its axes, made an affine in RAS mm, or refused. */
import type { Affine } from '../../array/grid.ts';
import { determinant, identityAffine } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';

/** What is left of a place where a file tells only the spacing. */
export function spacingAffine(x: number, y: number, z: number): Affine {
  const out = identityAffine();
  [out[0], out[5], out[10]] = [x, y, z];
  return out;
}

/** Turns the world's first two axes round: LPS to RAS, or back. */
export function lpsToRas(affine: Affine): Affine {
  return affine.map((value, i) => (i < 8 && value !== 0 ? -value : value));
}

/** The largest share of a box's volume that may be lost to its slant; what is below is flat for single precision. */
const flat = 1e-6;

/**
 * @param what of the file the affine comes from, such as `sform`
 * @throws InputError where it is not finite, or flattens space
 */
export function checkedAffine(affine: Affine, where: string, what: string): Affine {
  if (!affine.every(Number.isFinite)) {
    throw new InputError({ where, what: `its ${what} has numbers that are none`, got: rows(affine) });
  }
  const lengths = [0, 1, 2].map((c) => Math.hypot(affine[c], affine[4 + c], affine[8 + c]));
  const box = lengths[0] * lengths[1] * lengths[2];
  if (!(Number.isFinite(box) && Math.abs(determinant(affine)) > flat * box)) {
    const expected = 'three axes that span space';
    throw new InputError({ where, what: `its ${what} flattens space`, expected, got: rows(affine) });
  }
  return affine;
}

function rows(affine: Affine): string {
  return [0, 4, 8].map((row) => [...affine.subarray(row, row + 4)].join(' ')).join('; ');
}

/** @throws InputError where a spacing is 0, negative or not finite */
export function checkedSpacing(spacing: readonly number[], where: string, what: string): void {
  if (spacing.every((mm) => mm > 0 && Number.isFinite(mm))) return;
  const expected = 'positive numbers';
  throw new InputError({ where, what: `its ${what} is no spacing`, expected, got: spacing.join(' ') });
}

/** @throws InputError where a size is not a positive whole number, or all together are more than any array holds */
export function checkedSizes(sizes: readonly number[], where: string, what: string): void {
  if (sizes.every((size) => Number.isInteger(size) && size > 0)) {
    if (sizes.reduce((product, size) => product * size, 1) <= 2 ** 40) return;
    throw new InputError({ where, what: `its ${what} is too large`, got: sizes.join(' x ') });
  }
  throw new InputError({ where, what: `its ${what} is no size`, expected: 'positive numbers', got: sizes.join(' ') });
}

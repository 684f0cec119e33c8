import type { Matrix } from '../array/matrix.ts';
import { InputError } from '../errors.ts';

const gridSteps = 12;

/**
 * Penalties from strong to weak. `auto`: twelve values half a decade apart, from 100 down to 10^-3.5 times the mean squared
 * length of a row of `centred`, so that the grid follows the data's scale.
 *
 * @throws InputError where a given penalty is not positive, or none is given
 */
export function penaltyGrid(
  penalties: 'auto' | readonly number[],
  centred: Matrix<Float64Array>,
  where: string,
): number[] {
  if (penalties === 'auto') {
    return ridgePenalties(centred.data.reduce((sum, value) => sum + value * value, 0) / centred.shape[0]);
  }
  return checkPenalties(penalties, where);
}

/** Twelve values half a decade apart, from 100 down to 10^-3.5 times the mean squared distance from the mean. */
export function ridgePenalties(meanSquare: number): number[] {
  const scale = meanSquare || 1;
  return Array.from({ length: gridSteps }, (_, step) => scale * 10 ** (2 - step / 2));
}

/** Given penalties from strong to weak. @throws InputError where one is not positive, or none is given */
export function checkPenalties(penalties: readonly number[], where: string): number[] {
  const wrong = penalties.find((value) => !(value > 0 && Number.isFinite(value)));
  if (wrong !== undefined || penalties.length === 0) {
    throw new InputError({
      where: `${where}: penalties`,
      what: 'unusable',
      expected: 'positive numbers',
      got: String(wrong ?? 'none'),
    });
  }
  return [...penalties].sort((a, b) => b - a);
}

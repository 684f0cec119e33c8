import { InputError } from '../../errors.ts';

/** What a measure of dependence is held against. */
export interface AgainstNull {
  /** The 95 % point of what was found of no relation. */
  readonly unrelated: number;
  /** (k + 1) / (n + 1), where k of n draws were as large: never 0 (Phipson and Smyth 2010). */
  readonly p: number;
}

export function againstNull(told: number, nulls: Float64Array): AgainstNull {
  const draws = nulls.length;
  const sorted = nulls.slice().sort();
  const asLarge = nulls.reduce((sum, value) => sum + (value >= told ? 1 : 0), 0);
  return {
    unrelated: sorted[Math.min(draws - 1, Math.floor(0.95 * draws))],
    p: (1 + asLarge) / (1 + draws),
  };
}

/** @throws InputError where draws are no whole number, none or far too many */
export function checkPermutations(permutations: number, where: string): void {
  checkWhole(permutations, [1, 100_000], `${where}: permutations`);
}

/** @throws InputError on what is no whole number in the range, its ends included */
export function checkWhole(value: number, [low, high]: readonly [low: number, high: number], where: string): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  const expected = `a whole number from ${low} to ${high}`;
  throw new InputError({ where, what: 'unusable', expected, got: `${value}` });
}

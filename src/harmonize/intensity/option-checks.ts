import { InputError } from '../../errors.ts';

/** Percentiles in rising order, from 0 to 100. */
export function checkPercentiles(percentiles: readonly number[], where: string): void {
  const within = percentiles.every((p) => Number.isFinite(p) && p >= 0 && p <= 100);
  const rising = percentiles.every((p, k) => k === 0 || p > percentiles[k - 1]);
  if (within && rising && percentiles.length > 1) return;
  throw new InputError({
    where: `${where}: percentiles`,
    what: 'unusable',
    expected: 'two or more from 0 to 100, each above the one before',
    got: `[${percentiles.join(', ')}]`,
  });
}

/** One of the values there are. @param where names the option, such as `min-max: by` */
export function checkChoice(value: unknown, choices: readonly string[], where: string): void {
  if ((choices as readonly unknown[]).includes(value)) return;
  throw new InputError({ where, what: 'unknown', expected: `one of ${choices.join(', ')}`, got: String(value) });
}

/** A range that rises. */
export function checkRange([low, high]: readonly [low: number, high: number], where: string): void {
  if (Number.isFinite(low) && Number.isFinite(high) && high > low && Number.isFinite(high - low)) return;
  throw new InputError({
    where: `${where}: to`,
    what: 'unusable',
    expected: 'a rising range',
    got: `${low} to ${high}`,
  });
}

/** Numbers that never fall, as many as there should be. */
export function checkOrdered(values: ArrayLike<number>, length: number, where: string): void {
  const list = Array.from(values);
  const ordered = list.every((value, k) => Number.isFinite(value) && (k === 0 || value >= list[k - 1]));
  if (ordered && list.length === length && length > 0) return;
  const got = list.slice(0, 5).join(', ');
  throw new InputError({ where, what: 'unusable', expected: `${length} numbers that never fall`, got });
}

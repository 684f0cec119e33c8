import { InputError } from '../../errors.ts';

/** Percentiles in rising order, from 0 to 100. */
export function checkPercentiles(percentiles: readonly number[], where: string): void {
  const rising = percentiles.every((p, k) => p >= 0 && p <= 100 && (k === 0 || p > percentiles[k - 1]));
  if (rising && percentiles.length > 1) return;
  throw new InputError({
    where: `${where}: percentiles`,
    what: 'unusable',
    expected: 'two or more from 0 to 100, each above the one before',
    got: `[${percentiles.join(', ')}]`,
  });
}

/** A range that rises. */
export function checkRange([low, high]: readonly [low: number, high: number], where: string): void {
  if (high > low && Number.isFinite(high - low)) return;
  throw new InputError({
    where: `${where}: to`,
    what: 'unusable',
    expected: 'a rising range',
    got: `${low} to ${high}`,
  });
}

import { InputError } from '../errors.ts';

/** Where a scale has its centre and how wide it spreads, in its own unit. */
export interface MeanAndSd {
  readonly mean: number;
  readonly sd: number;
}

export interface ZScoreMap {
  /** From the first scale to the second. */
  readonly map: (x: number) => number;
  /** From the second back to the first. */
  readonly inverse: (y: number) => number;
}

/**
 * Carries a value to where it stands equally far from the mean, in standard deviations, on another scale:
 * y = (x - mean₁) / sd₁ · sd₂ + mean₂. With 1000 ± 200 onto 40 ± 10, 1200 becomes 50.
 *
 * @throws InputError where a standard deviation is not positive, or a mean not finite.
 */
export function zScoreMap(from: MeanAndSd, to: MeanAndSd): ZScoreMap {
  checkScale(from, 'zScoreMap: from');
  checkScale(to, 'zScoreMap: to');
  return {
    map: (x) => ((x - from.mean) / from.sd) * to.sd + to.mean,
    inverse: (y) => ((y - to.mean) / to.sd) * from.sd + from.mean,
  };
}

/** @throws InputError where the standard deviation is not positive, or the mean not finite */
export function checkScale({ mean, sd }: MeanAndSd, where: string): void {
  if (!Number.isFinite(mean)) {
    throw new InputError({ where: `${where}.mean`, what: 'unusable', expected: 'a finite number', got: String(mean) });
  }
  if (!(sd > 0 && Number.isFinite(sd))) {
    throw new InputError({ where: `${where}.sd`, what: 'unusable', expected: 'a positive number', got: String(sd) });
  }
}

/** Mean and standard deviation (of the population: divided by n), 0 and 0 of nothing. */
export function meanAndSd(values: ArrayLike<number>): MeanAndSd {
  const n = values.length;
  if (n === 0) return { mean: 0, sd: 0 };
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i];
  mean /= n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) ** 2;
  return { mean, sd: Math.sqrt(squares / n) };
}

/** Whether values differ by more than the rounding of equal ones. */
export function isSpread({ mean, sd }: MeanAndSd): boolean {
  return sd > 1e-12 * Math.abs(mean);
}

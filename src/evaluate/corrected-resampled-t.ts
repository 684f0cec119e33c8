/**
 * The corrected resampled t-test (Nadeau and Bengio 2003, "Inference for the generalization error", Machine Learning 52,
 * section 3.3). Folds share training subjects, so their values are not independent and the plain s²/J is too small; the
 * variance is taken as (1/J + testSize/trainSize) s² instead. Over r repeats of k folds J = r k (Bouckaert and Frank 2004).
 */
import { studentQuantile, studentUpper } from '../array/distributions.ts';
import { internal } from '../errors.ts';

export interface ResampledEstimate {
  /** Mean over folds. */
  readonly estimate: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided, against a mean of 0. Null where all folds agree on a value other than 0: no spread, no test. */
  readonly p: number | null;
}

export interface ResampledOptions {
  /** Mean number of subjects a fold is trained and tested on. */
  readonly trainSize: number;
  readonly testSize: number;
  /** Coverage of the interval. */
  readonly level?: number;
}

/**
 * Mean of fold values (a metric, or its paired difference) with interval and test. Hand over the folds that define the
 * value; null with fewer than two. Intervals of a metric may reach beyond its range: clip them where they are shown.
 */
export function correctedResampledT(
  values: ArrayLike<number>,
  { trainSize, testSize, level = 0.95 }: ResampledOptions,
): ResampledEstimate | null {
  if (!(trainSize > 0 && testSize > 0)) throw internal(`folds of ${trainSize} training and ${testSize} test subjects`);
  const folds = values.length;
  if (folds < 2) return null;
  let sum = 0;
  for (let j = 0; j < folds; j++) sum += values[j];
  const estimate = sum / folds;
  let squares = 0;
  for (let j = 0; j < folds; j++) squares += (values[j] - estimate) ** 2;
  const variance = squares / (folds - 1);
  const spread = variance > (1e-14 * estimate) ** 2; // less is rounding of equal values
  const standardError = spread ? Math.sqrt((1 / folds + testSize / trainSize) * variance) : 0;
  const degreesOfFreedom = folds - 1;
  const half = -studentQuantile((1 - level) / 2, degreesOfFreedom) * standardError;
  let p: number | null = estimate === 0 ? 1 : null;
  if (standardError > 0) p = 2 * studentUpper(Math.abs(estimate) / standardError, degreesOfFreedom);
  return { estimate, standardError, degreesOfFreedom, low: estimate - half, high: estimate + half, p };
}

/** Scores of predicted values. Undefined for no subjects. */
import { checkSubjects } from './survival-times.ts';

/**
 * The coefficient of determination, 1 − Σ (y − ŷ)² / Σ (y − ȳ)²: 1 is perfect, 0 as good as the mean of these very values,
 * below 0 worse. Undefined for fewer than two subjects and where all values are equal.
 */
export function rSquared(truth: ArrayLike<number>, predicted: ArrayLike<number>): number | undefined {
  checkSubjects(predicted, truth.length, 'rSquared: predicted');
  const n = truth.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += truth[i] / n;
  let left = 0;
  let total = 0;
  for (let i = 0; i < n; i++) {
    left += (truth[i] - predicted[i]) ** 2;
    total += (truth[i] - mean) ** 2;
  }
  return n < 2 || allEqual(truth) ? undefined : 1 - left / total;
}

/** Mean of |y − ŷ|, in the unit of the values. */
export function meanAbsoluteError(truth: ArrayLike<number>, predicted: ArrayLike<number>): number | undefined {
  return meanOfErrors(truth, predicted, 'meanAbsoluteError', Math.abs);
}

/** Root of the mean of (y − ŷ)², in the unit of the values. */
export function rootMeanSquaredError(truth: ArrayLike<number>, predicted: ArrayLike<number>): number | undefined {
  const mean = meanOfErrors(truth, predicted, 'rootMeanSquaredError', (error) => error * error);
  return mean === undefined ? undefined : Math.sqrt(mean);
}

function meanOfErrors(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  where: string,
  cost: (error: number) => number,
): number | undefined {
  checkSubjects(predicted, truth.length, `${where}: predicted`);
  let sum = 0;
  for (let i = 0; i < truth.length; i++) sum += cost(truth[i] - predicted[i]);
  return truth.length === 0 ? undefined : sum / truth.length;
}

function allEqual(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/** Proper scores: best in expectation when the true probabilities are told (Gneiting and Raftery 2007). Lower is better. */
import type { Matrix } from '../array/matrix.ts';

const epsilon = Number.EPSILON;

/**
 * Mean of -ln p over subjects, p being the probability given to the true class, held to [2.2e-16, 1 - 2.2e-16] as in
 * scikit-learn's `log_loss`. Undefined for no subjects.
 */
export function logLoss({ shape, data }: Matrix, labels: ArrayLike<number>): number | undefined {
  const [subjects, classes] = shape;
  let sum = 0;
  for (let i = 0; i < subjects; i++) {
    sum -= Math.log(Math.min(Math.max(data[i * classes + labels[i]], epsilon), 1 - epsilon));
  }
  return subjects === 0 ? undefined : sum / subjects;
}

/**
 * The Brier score. Two classes: mean of (p - y)², p being the probability of the event, from 0 to 1. More: mean over
 * subjects of the sum over classes of (p - y)², from 0 to 2 (Brier 1950), as scikit-learn's `brier_score_loss`.
 */
export function brier({ shape, data }: Matrix, labels: ArrayLike<number>): number | undefined {
  const [subjects, classes] = shape;
  let sum = 0;
  for (let i = 0; i < subjects; i++) {
    for (let c = classes === 2 ? 1 : 0; c < classes; c++) {
      const error = data[i * classes + c] - (labels[i] === c ? 1 : 0);
      sum += error * error;
    }
  }
  return subjects === 0 ? undefined : sum / subjects;
}

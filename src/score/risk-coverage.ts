import type { Matrix } from '../array/matrix.ts';
import { checkClasses } from './check-classes.ts';
import { predictedClasses } from './confusion.ts';
import { checkSubjects } from './survival-times.ts';

/** What it brings to abstain on the subjects one is least certain of. */
export interface RiskCoverage {
  /** Share of subjects answered, the most certain first: 1 / n, 2 / n, .. 1. */
  readonly coverage: Float64Array; // [subjects]
  /** Mean loss of those answered; the error rate for losses of 0 and 1. */
  readonly risk: Float64Array; // [subjects]
  /** Certainty of the last one answered: answering from here on reaches this coverage. */
  readonly certainty: Float64Array; // [subjects]
  /** Area under the curve, the mean of `risk` (AURC). Lower is better. */
  readonly area: number;
  /** The area less that of the best order of the same losses (E-AURC): 0 is perfect ranking. */
  readonly excessArea: number;
}

/**
 * The risk-coverage curve (El-Yaniv and Wiener 2010; areas after Geifman, Uziel and El-Yaniv 2019). Subjects of the same
 * certainty enter in random order, on average: the curve does not depend on how subjects are sorted. Undefined for no
 * subjects.
 *
 * @param certainty higher is surer [subjects]; of predicted values for instance minus their uncertainty
 * @param loss of each subject's prediction, such as 0 and 1, or |y − ŷ| [subjects]
 */
export function riskCoverage(certainty: ArrayLike<number>, loss: ArrayLike<number>): RiskCoverage | undefined {
  const n = certainty.length;
  checkSubjects(certainty, n, 'riskCoverage: certainty');
  checkSubjects(loss, n, 'riskCoverage: loss');
  if (n === 0) return undefined;
  const order = Int32Array.from(certainty, (_, i) => i).sort((i, j) => certainty[j] - certainty[i]);
  const risk = new Float64Array(n);
  let before = 0; // losses of all who are surer
  for (let begin = 0; begin < n; ) {
    let end = begin;
    let here = 0;
    for (; end < n && certainty[order[end]] === certainty[order[begin]]; end++) here += loss[order[end]];
    for (let k = begin; k < end; k++) risk[k] = (before + (here * (k + 1 - begin)) / (end - begin)) / (k + 1);
    before += here;
    begin = end;
  }
  const area = mean(risk);
  return {
    coverage: risk.map((_, k) => (k + 1) / n),
    risk,
    certainty: Float64Array.from(order, (i) => certainty[i]),
    area,
    excessArea: area - mean(runningMeans(Float64Array.from(loss).sort())),
  };
}

/** By the largest probability, with loss 0 where the predicted class is right and 1 where it is not. */
export function riskCoverageOfClasses(probability: Matrix, labels: ArrayLike<number>): RiskCoverage | undefined {
  checkClasses(probability, labels, 'riskCoverageOfClasses');
  const predicted = predictedClasses(probability);
  return riskCoverage(
    Float64Array.from(predicted, (c, i) => probability.data[i * probability.shape[1] + c]),
    Uint8Array.from(predicted, (c, i) => (c === labels[i] ? 0 : 1)),
  );
}

function runningMeans(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value, k) => (sum += value) / (k + 1));
}

function mean(values: Float64Array): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

import type { Matrix } from '../array/matrix.ts';
import { internal } from '../errors.ts';
import { auprcOfClasses } from './auprc.ts';
import { aurocOfClasses } from './auroc.ts';
import {
  accuracy,
  balancedErrorRate,
  type Confusion,
  confusion,
  f1,
  f1Weighted,
  predictedClasses,
} from './confusion.ts';
import { type Metric, metrics } from './metric.ts';
import { brier, logLoss } from './proper.ts';

/** A metric that these subjects do not define (such as AUROC where the truth holds one class only) is absent. */
export type Scores = { readonly [M in Metric]?: number };

type Score = (probability: Matrix, labels: ArrayLike<number>) => number | undefined;

const scoreOf: { readonly [M in Metric]: Score } = {
  auroc: aurocOfClasses,
  auprc: auprcOfClasses,
  accuracy: ofTable(accuracy),
  balancedErrorRate: ofTable(balancedErrorRate),
  f1: ofTable(f1),
  f1Weighted: ofTable(f1Weighted),
  logLoss,
  brier,
};

function ofTable(metric: (table: Confusion) => number | undefined): Score {
  return (probability, labels) => metric(confusion(labels, predictedClasses(probability), probability.shape[1]));
}

function check({ shape, data }: Matrix, labels: ArrayLike<number>): void {
  if (labels.length !== shape[0]) throw internal(`${labels.length} labels for probabilities of ${shape[0]} subjects`);
  for (let i = 0; i < data.length; i++) {
    if (!(data[i] > -1e-9 && data[i] < 1 + 1e-9)) {
      throw internal(`probability ${data[i]} of subject ${Math.floor(i / shape[1])}`);
    }
  }
}

/** One metric of class probabilities [subjects, classes], or undefined where these subjects do not define it. */
export function scoreMetric(metric: Metric, probability: Matrix, labels: ArrayLike<number>): number | undefined {
  check(probability, labels);
  return scoreOf[metric](probability, labels);
}

/**
 * All metrics of class probabilities [subjects, classes]; `labels` are class indices, of two classes 1 is the event. The
 * predicted class is the most probable, ties to the lower index (of two, the event only if p1 > p0).
 */
export function scoreClasses(probability: Matrix, labels: ArrayLike<number>): Scores {
  check(probability, labels);
  const scores: { [M in Metric]?: number } = {};
  for (const metric of metrics) {
    const value = scoreOf[metric](probability, labels);
    if (value !== undefined) scores[metric] = value;
  }
  return scores;
}

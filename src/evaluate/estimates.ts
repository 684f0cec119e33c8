/** Metrics with intervals, from what a strategy said of the test subjects of each fold. */
import { type Matrix, takeRows } from '../array/matrix.ts';
import { delongInterval } from '../score/delong.ts';
import { type Metric, metrics } from '../score/metric.ts';
import { scoreMetric } from '../score/score.ts';
import { bootstrap } from './bootstrap.ts';
import type { Estimate, Estimates } from './comparison.ts';
import { correctedResampledT } from './corrected-resampled-t.ts';

/** Test subjects of one fold: what was predicted and what is true. */
export interface FoldPart {
  /** As people read it: `repeat 2 fold 4`. */
  readonly name: string;
  readonly probability: Matrix<Float64Array>; // [test, classes]
  readonly labels: Int32Array; // [test]
}

/** How figures of folds become one figure with an interval. */
export interface Sampling {
  /** Mean number of training and test subjects a fold, as the protocol has them (not a part's). */
  readonly trainSize: number;
  readonly testSize: number;
  readonly level: number;
  readonly seed: number;
  readonly resamples: number;
}

/**
 * Each metric per fold, then averaged; never computed on scores pooled over folds, since models of different folds do not
 * share a scale. Intervals: corrected resampled t over folds; on a single split DeLong's for the AUROC of two classes and
 * the subject bootstrap for the rest.
 */
export function estimates(
  parts: readonly FoldPart[],
  sampling: Sampling,
  wanted: readonly Metric[] = metrics,
): Estimates {
  return Object.fromEntries(wanted.map((metric) => [metric, estimate(metric, parts, sampling)]));
}

export function estimate(metric: Metric, parts: readonly FoldPart[], sampling: Sampling): Estimate {
  const values: number[] = [];
  const undefinedFolds: string[] = [];
  for (const { name, probability, labels } of parts) {
    const value = labels.length > 0 ? scoreMetric(metric, probability, labels) : undefined;
    if (value === undefined) undefinedFolds.push(name);
    else values.push(value);
  }
  const shared = { folds: values.length, undefinedFolds };
  if (values.length === 0) return { value: null, low: null, high: null, ...shared };
  const value = values.reduce((a, b) => a + b, 0) / values.length;
  const interval = parts.length === 1 ? ofOneSplit(metric, parts[0], sampling) : correctedResampledT(values, sampling);
  // No spread at all is no proof of certainty: a ceiling, or too few folds.
  if (!interval || interval.standardError === 0) return { value, low: null, high: null, ...shared };
  const top = metric === 'logLoss' || metric === 'brier' ? Number.POSITIVE_INFINITY : 1;
  return { value, low: Math.max(0, interval.low), high: Math.min(top, interval.high), ...shared };
}

function ofOneSplit(metric: Metric, { probability, labels }: FoldPart, sampling: Sampling) {
  const { level, seed, resamples } = sampling;
  if (metric === 'auroc' && probability.shape[1] === 2)
    return delongInterval(eventProbability(probability), labels, level);
  return bootstrap(
    (rows) =>
      scoreMetric(
        metric,
        takeRows(probability, rows),
        Int32Array.from(rows, (row) => labels[row]),
      ),
    {
      labels,
      seed,
      resamples,
      level,
    },
  );
}

/** Of two classes, the probability of the second: [subjects]. */
export function eventProbability({ data, shape }: Matrix<Float64Array>): Float64Array {
  return Float64Array.from({ length: shape[0] }, (_, i) => data[i * shape[1] + 1]);
}

/** The part of a fold's test subjects that `keep` names, as positions. */
export function narrowed({ name, probability, labels }: FoldPart, keep: ArrayLike<number>): FoldPart {
  return { name, probability: takeRows(probability, keep), labels: Int32Array.from(keep, (at) => labels[at]) };
}

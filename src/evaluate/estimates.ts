/** Metrics with intervals, from what a strategy said of the test subjects of each fold. */
import { type Matrix, takeRows } from '../array/matrix.ts';
import { delongInterval } from '../score/delong.ts';
import { type Metric, metricsOf, rangeOf } from '../score/metric.ts';
import { scoreMetric } from '../score/score.ts';
import { strataIn, subjectsIn, type Truth, takeTruth } from '../score/truth.ts';
import { bootstrap } from './bootstrap.ts';
import type { Estimate, Estimates } from './comparison.ts';
import { correctedResampledT } from './corrected-resampled-t.ts';

/** Test subjects of one fold: what was predicted and what is true. */
export interface FoldPart {
  /** As people read it: `repeat 2 fold 4`. */
  readonly name: string;
  readonly said: Matrix<Float64Array>; // [test, width]
  readonly truth: Truth;
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
 * share a scale. Intervals: corrected resampled t over folds (see `ofPairs`); on a single split DeLong's for the AUROC of
 * two classes and the subject bootstrap for the rest.
 */
export function estimates(parts: readonly FoldPart[], sampling: Sampling): Estimates {
  const wanted: readonly Metric[] = metricsOf[parts[0].truth.kind];
  return Object.fromEntries(wanted.map((metric) => [metric, estimate(metric, parts, sampling)]));
}

export function estimate(metric: Metric, parts: readonly FoldPart[], sampling: Sampling): Estimate {
  const values: number[] = [];
  const undefinedFolds: string[] = [];
  for (const part of parts) {
    const value = scoreOf(metric, part);
    if (value === undefined) undefinedFolds.push(part.name);
    else values.push(value);
  }
  const shared = { folds: values.length, undefinedFolds };
  if (values.length === 0) return { value: null, low: null, high: null, ...shared };
  const value = values.reduce((a, b) => a + b, 0) / values.length;
  const interval =
    parts.length === 1 ? ofOneSplit(metric, parts[0], sampling) : correctedResampledT(values, ofPairs(sampling));
  // No spread at all is no proof of certainty: a ceiling, or too few folds.
  if (!interval || interval.standardError === 0) return { value, low: null, high: null, ...shared };
  const { lowest, highest } = rangeOf(metric);
  return { value, low: Math.max(lowest, interval.low), high: Math.min(highest, interval.high), ...shared };
}

/** The metric on one part; undefined where it has nobody, or its subjects do not define it. */
export function scoreOf(metric: Metric, { said, truth }: FoldPart): number | undefined {
  return subjectsIn(truth) > 0 ? scoreMetric(metric, said, truth) : undefined;
}

/**
 * How much the metric of one fold goes with that of another. Nadeau and Bengio (2003) put the correlation at q, the share
 * of subjects tested. Where there is little signal a score is in effect a sum over pairs of a training and a test subject,
 * each of which comes again with the roles swapped, so that it is nearer to 2 q (1 − q); intervals by q held the truth in 87
 * to 93 % there (simulated, see docs/evaluate.md). A difference of two strategies keeps to q: what both share cancels.
 */
function ofPairs({ trainSize, testSize, level }: Sampling): Pick<Sampling, 'trainSize' | 'testSize' | 'level'> {
  const tested = testSize / (trainSize + testSize);
  const correlation = 2 * tested * (1 - tested);
  return { trainSize: 1 - correlation, testSize: correlation, level };
}

function ofOneSplit(metric: Metric, part: FoldPart, sampling: Sampling) {
  const { level, seed, resamples } = sampling;
  const event = metric === 'auroc' ? eventOf(part) : undefined;
  if (event) return delongInterval(event.score, event.labels, level);
  const labels = strataIn(part.truth);
  return bootstrap((rows) => scoreOf(metric, narrowed(part, rows)), { labels, seed, resamples, level });
}

/** Of two classes, the probability of the second and who has it. */
export function eventOf({ said, truth }: FoldPart): { score: Float64Array; labels: Int32Array } | undefined {
  if (truth.kind !== 'classes' || said.shape[1] !== 2) return undefined;
  return { score: eventProbability(said), labels: truth.labels };
}

/** Of two classes, the probability of the second: [subjects]. */
export function eventProbability({ data, shape }: Matrix<Float64Array>): Float64Array {
  return Float64Array.from({ length: shape[0] }, (_, i) => data[i * shape[1] + 1]);
}

/** The part of a fold's test subjects that `keep` names, as positions, repeats among them. */
export function narrowed({ name, said, truth }: FoldPart, keep: ArrayLike<number>): FoldPart {
  return { name, said: takeRows(said, keep), truth: takeTruth(truth, keep) };
}

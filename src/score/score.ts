import { type Matrix, matrix } from '../array/matrix.ts';
import { internal } from '../errors.ts';
import { auprcOfClasses } from './auprc.ts';
import { aurocOfClasses } from './auroc.ts';
import { harrellC, unoC } from './concordance.ts';
import {
  accuracy,
  balancedErrorRate,
  type Confusion,
  confusion,
  f1,
  f1Weighted,
  predictedClasses,
} from './confusion.ts';
import { type ClassMetric, classMetrics, type Metric, type SurvivalMetric, type ValueMetric } from './metric.ts';
import { brier, logLoss } from './proper.ts';
import { meanAbsoluteError, rootMeanSquaredError, rSquared } from './regression.ts';
import { survivalBrier } from './survival-brier.ts';
import { timeDependentAuroc } from './time-dependent-auroc.ts';
import type { Truth } from './truth.ts';

/** A metric that these subjects do not define (such as AUROC where the truth holds one class only) is absent. */
export type Scores = { readonly [M in ClassMetric]?: number };

type Score = (probability: Matrix, labels: ArrayLike<number>) => number | undefined;

const ofClasses: { readonly [M in ClassMetric]: Score } = {
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

type SurvivalTruth = Extract<Truth, { kind: 'survival' }>;

/** The first column is the risk; those that may follow are survival probabilities at the times of the truth. */
const ofSurvival: { readonly [M in SurvivalMetric]: (said: Matrix, truth: SurvivalTruth) => number | undefined } = {
  harrellC: (said, truth) => harrellC(truth, column(said, 0)),
  unoC: (said, truth) => unoC(truth, column(said, 0), { train: truth.train, tauDays: truth.atDays.at(-1) ?? 0 }),
  timeDependentAuroc(said, truth) {
    const { train } = truth;
    // A small test fold has nobody with the event by the first times, or nobody left at the last.
    const atDays = truth.atDays.filter(
      (t) => truth.timeDays.some((own) => own > t) && truth.timeDays.some((own, i) => own <= t && truth.event[i] === 1),
    );
    return atDays.length ? timeDependentAuroc(truth, column(said, 0), { atDays, train }).mean : undefined;
  },
  integratedBrier(said, truth) {
    const { atDays, train } = truth;
    const [n, width] = said.shape;
    if (atDays.length < 2 || width !== atDays.length + 1) return undefined;
    const survival = new Float64Array(n * atDays.length); // [subjects, times]
    for (let i = 0; i < n; i++) survival.set(said.data.subarray(i * width + 1, (i + 1) * width), i * atDays.length);
    return survivalBrier(truth, matrix(n, atDays.length, survival), { atDays, train }).integrated;
  },
};

const ofValues: { readonly [M in ValueMetric]: typeof rSquared } = {
  rSquared,
  meanAbsoluteError,
  rootMeanSquaredError,
};

function column({ data, shape }: Matrix, k: number): Float64Array {
  const out = new Float64Array(shape[0]);
  for (let i = 0; i < out.length; i++) out[i] = data[i * shape[1] + k];
  return out;
}

/**
 * One metric of what was said of some subjects: class probabilities [subjects, classes]; risks and survival probabilities
 * [subjects, 1 + times], or risks alone; values [subjects, 1]. Undefined where these subjects do not define it.
 */
export function scoreMetric(metric: Metric, said: Matrix, truth: Truth): number | undefined {
  if (truth.kind === 'classes' && metric in ofClasses) {
    check(said, truth.labels);
    return ofClasses[metric as ClassMetric](said, truth.labels);
  }
  if (truth.kind === 'survival' && metric in ofSurvival) return ofSurvival[metric as SurvivalMetric](said, truth);
  if (truth.kind === 'value' && metric in ofValues)
    return ofValues[metric as ValueMetric](truth.values, column(said, 0));
  throw internal(`${metric} of ${truth.kind}`);
}

/**
 * All metrics of class probabilities [subjects, classes]; `labels` are class indices, of two classes 1 is the event. The
 * predicted class is the most probable, ties to the lower index (of two, the event only if p1 > p0).
 */
export function scoreClasses(probability: Matrix, labels: ArrayLike<number>): Scores {
  check(probability, labels);
  const scores: { [M in ClassMetric]?: number } = {};
  for (const metric of classMetrics) {
    const value = ofClasses[metric](probability, labels);
    if (value !== undefined) scores[metric] = value;
  }
  return scores;
}

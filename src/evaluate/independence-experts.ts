/**
 * Do experts err together? Given the class, are their out-of-fold logits correlated? Pooling opinions as if they were
 * independent (the product of experts, naive Bayes) asks that they are not.
 */
import { type Matrix, matrix } from '../array/matrix.ts';
import { fisherZ, type PartialCorrelation, partialCorrelation } from '../array/partial-correlation.ts';
import { pairsOf } from './independence-evidence.ts';

export interface ExpertScores {
  readonly names: readonly string[];
  /**
   * Out-of-fold scores of each expert on the training subjects: logits of the event, or one column a class
   * (`logitScores`), or predicted values. Rows of subjects without the modality mean nothing.
   */
  readonly scores: readonly Matrix<Float64Array>[]; // modalities x [subjects, outputs]
  readonly present: Uint8Array; // [subjects, modalities]
  /**
   * What is held fixed: class and inner fold of each subject (`crossedStrata`). Each inner fold has a model of its own,
   * and where experts know little their logits differ by nothing but these models' class shares, alike in all experts.
   */
  readonly strata: Int32Array; // [subjects]
  /** Further, or instead of classes: columns held fixed by least squares, such as the true value. */
  readonly covariates?: readonly Float64Array[]; // covariates x [subjects]
}

/** A correlation before it is joined with those of other folds. */
export interface ExpertCorrelation {
  /** Fisher's z, the mean over outputs. */
  readonly z: number;
  readonly n: number;
  /** n − columns and strata held fixed − 3: one over the variance of z. */
  readonly degrees: number;
}

export interface ExpertDependence {
  readonly pair: readonly [string, string];
  /** Given the outcome. */
  readonly correlation: ExpertCorrelation;
  /** Given the outcome and what all other experts say, on subjects who have all modalities. Undefined where it cannot be. */
  readonly partial: ExpertCorrelation | undefined;
}

/**
 * All pairs of experts on the training subjects of one fold; undefined for a pair that cannot be tested, such as an
 * expert that says the same of everybody. With several outputs z is their mean, and keeps the variance of one output:
 * outputs of the same subjects are dependent, and a mean of dependent figures never varies more than one of them.
 */
export function expertDependence(scores: ExpertScores): readonly (ExpertDependence | undefined)[] {
  const { names } = scores;
  const everyone = names.map((_, m) => m);
  return pairsOf(names.length).map(([a, b]) => {
    const correlation = correlate(scores, a, b, []);
    if (!correlation) return undefined;
    const others = everyone.filter((m) => m !== a && m !== b);
    const partial = others.length > 0 ? correlate(scores, a, b, others) : correlation;
    return { pair: [names[a], names[b]], correlation, partial };
  });
}

function correlate(from: ExpertScores, a: number, b: number, others: readonly number[]): ExpertCorrelation | undefined {
  const { scores, names, present, covariates = [] } = from;
  const needed = [a, b, ...others];
  const rows = Int32Array.from(from.strata.keys()).filter((i) => needed.every((m) => present[i * names.length + m]));
  const strata = Int32Array.from(rows, (row) => from.strata[row]);
  const column = (m: number, k: number) => {
    const { shape, data } = scores[m];
    return Float64Array.from(rows, (row) => data[row * shape[1] + k]);
  };
  const held = covariates.map((values) => Float64Array.from(rows, (row) => values[row]));
  const outputs = Array.from({ length: scores[a].shape[1] }, (_, k) => k);
  const found = outputs
    .map((k) => partialCorrelation(column(a, k), column(b, k), [...held, ...others.map((m) => column(m, k))], strata))
    .filter((one): one is PartialCorrelation => one !== null);
  if (found.length === 0) return undefined;
  const controls = Math.max(...found.map((one) => one.controls));
  return {
    z: found.reduce((sum, { value }) => sum + fisherZ(value), 0) / found.length,
    n: rows.length,
    degrees: rows.length - controls - 3,
  };
}

const largestLogit = 8; // as for the stacker: a sure expert does not rule all

/** Clipped logits of class probabilities: of two classes, of the second; of more, of each class against the rest. */
export function logitScores({ shape: [n, classes], data }: Matrix<Float64Array>): Matrix<Float64Array> {
  const first = classes === 2 ? 1 : 0;
  const outputs = classes - first;
  const out = new Float64Array(n * outputs); // [subjects, outputs]
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < outputs; k++) {
      const p = data[i * classes + first + k];
      const logit = Math.log(Math.max(p, 1e-12)) - Math.log(Math.max(1 - p, 1e-12));
      out[i * outputs + k] = Math.max(-largestLogit, Math.min(largestLogit, logit));
    }
  }
  return matrix(n, outputs, out);
}

/** A stratum for each pair of class and inner fold. */
export function crossedStrata(labels: ArrayLike<number>, folds: ArrayLike<number>): Int32Array {
  const known = new Map<string, number>();
  return Int32Array.from({ length: labels.length }, (_, i) => {
    const key = `${labels[i]} ${folds[i]}`;
    const stratum = known.get(key) ?? known.size;
    known.set(key, stratum);
    return stratum;
  });
}

/** The log loss of classes as a function of their scores: the logistic function of one score, or the softmax of several. */
import type { ScoreLoss } from './newton-cg.ts';

export interface Labelled {
  readonly labels: Int32Array; // [subjects]
  /** 1 for two classes (the log-odds of the second), else one a class. */
  readonly outputs: number;
  /** How much each subject counts; absent: 1. */
  readonly subjectWeights?: Float64Array;
}

/** Intercepts that alone reproduce the class shares. */
export function interceptsOnly({ labels, outputs, subjectWeights }: Labelled, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) counts[labels[i]] += subjectWeights ? subjectWeights[i] : 1;
  const logs = counts.map(Math.log);
  if (outputs === 1) return Float64Array.of(logs[1] - logs[0]);
  const mean = logs.reduce((a, b) => a + b, 0) / classes;
  return logs.map((value) => value - mean);
}

/** Fills probabilities and residuals of the scores; returns the negative log likelihood. */
export function evaluateSoftmax(
  { labels, outputs, subjectWeights }: Labelled,
  scores: Float64Array,
  probability: Float64Array,
  residuals: Float64Array,
): number {
  const n = labels.length;
  let loss = 0;
  for (let i = 0; i < n; i++) {
    const weight = subjectWeights ? subjectWeights[i] : 1;
    if (outputs === 1) {
      const score = scores[i];
      const shrink = Math.exp(-Math.abs(score));
      const p = score >= 0 ? 1 / (1 + shrink) : shrink / (1 + shrink);
      probability[i] = p;
      residuals[i] = weight * (p - labels[i]);
      loss += weight * (Math.log1p(shrink) + Math.max(0, labels[i] === 1 ? -score : score));
      continue;
    }
    const at = i * outputs;
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < outputs; k++) top = Math.max(top, scores[at + k]);
    let total = 0;
    for (let k = 0; k < outputs; k++) total += probability[at + k] = Math.exp(scores[at + k] - top);
    for (let k = 0; k < outputs; k++) {
      probability[at + k] /= total;
      residuals[at + k] = weight * (probability[at + k] - (labels[i] === k ? 1 : 0));
    }
    loss += weight * (Math.log(total) + top - scores[at + labels[i]]);
  }
  return loss;
}

/** Applies the second derivative with respect to scores, in place. */
export function curveSoftmax(
  { outputs, labels, subjectWeights }: Labelled,
  probability: Float64Array,
  u: Float64Array,
): void {
  for (let i = 0; i < labels.length; i++) {
    const weight = subjectWeights ? subjectWeights[i] : 1;
    if (outputs === 1) {
      u[i] *= weight * probability[i] * (1 - probability[i]);
      continue;
    }
    const at = i * outputs;
    let mean = 0;
    for (let k = 0; k < outputs; k++) mean += probability[at + k] * u[at + k];
    for (let k = 0; k < outputs; k++) u[at + k] = weight * probability[at + k] * (u[at + k] - mean);
  }
}

/** The same as a loss that keeps its probabilities. */
export interface SoftmaxLoss extends ScoreLoss {
  readonly data: Labelled;
  /** At the scores last evaluated. */
  readonly probability: Float64Array; // [subjects, outputs]
}

export function softmaxLoss(data: Labelled): SoftmaxLoss {
  const probability = new Float64Array(data.labels.length * data.outputs);
  return {
    data,
    probability,
    evaluate: (scores, residuals) => evaluateSoftmax(data, scores, probability, residuals),
    curve: (u) => curveSoftmax(data, probability, u),
  };
}

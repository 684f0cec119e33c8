/**
 * Logistic recalibration (Cox 1958; Van Hoorde et al. 2014 for more than two classes): class probabilities p told anew as
 *
 *   q_k ∝ exp(slope log p_k + intercept_k),   intercept_0 = 0,
 *
 * of two classes logit q = intercept + slope logit p. One slope for all classes, so that a slope below 1 says that p is
 * too extreme, above 1 too timid. Maximum likelihood by Newton's method with halved steps, on log-odds against the first
 * class, centred.
 */
import { cholesky, solveCholesky } from '../array/cholesky.ts';
import { type Matrix, zeros } from '../array/matrix.ts';
import { checkClasses } from './check-classes.ts';

export interface LogisticRecalibration {
  readonly slope: number;
  readonly intercepts: Float64Array; // [classes], the first 0
}

const maxSteps = 50;
const enough = 1e-10; // no log-odds moves by more

/**
 * @param probability [subjects, classes], held to [2.2e-16, 1 - 2.2e-16] as in `logLoss`
 * @param options.slope fixes the slope; only intercepts are then fitted
 * @returns undefined where nothing finite is most likely: a class that nobody has, classes that are perfectly separated,
 * or, with a free slope, probabilities that are the same for everyone
 * @throws InputError where labels or probabilities are unusable
 */
export function logisticRecalibration(
  probability: Matrix,
  labels: ArrayLike<number>,
  { slope }: { readonly slope?: number } = {},
): LogisticRecalibration | undefined {
  checkClasses(probability, labels, 'logisticRecalibration');
  const others = probability.shape[1] - 1;
  const counts = new Float64Array(others + 1);
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  if (others < 1 || counts.includes(0)) return undefined;

  const { odds, means, flat } = centredLogOdds(probability);
  if (slope === undefined && flat) return undefined;
  const size = slope === undefined ? others + 1 : others; // intercepts, then the slope where it is free
  const theta = new Float64Array(others + 1); // at the centred log-odds
  for (let k = 0; k < others; k++) theta[k] = Math.log(counts[k + 1] / counts[0]);
  theta[others] = slope ?? 0;
  const told = new Float64Array(odds.data.length); // [subjects, classes - 1]
  let loss = evaluate(odds, labels, theta, told);
  for (let step = 0; step < maxSteps; step++) {
    const change = newtonStep(odds, labels, told, size);
    if (!change.every(Number.isFinite)) return undefined;
    const start = theta.slice();
    const before = loss * (1 + 1e-13);
    let length = 2;
    do {
      length /= 2;
      for (let j = 0; j <= others; j++) theta[j] = start[j] + length * change[j];
      loss = evaluate(odds, labels, theta, told);
    } while (loss > before && length > 1e-9);
    if (largestMove(odds, change) > enough) continue;
    const intercepts = Float64Array.of(0, ...means.map((mean, k) => theta[k] - theta[others] * mean));
    return { slope: theta[others], intercepts };
  }
  return undefined; // separated classes drive the slope on for ever
}

/** The probabilities told anew: [subjects, classes]. */
export function applyRecalibration(
  probability: Matrix,
  { slope, intercepts }: { readonly slope: number; readonly intercepts: ArrayLike<number> },
): Matrix<Float64Array> {
  const [subjects, classes] = probability.shape;
  const out = zeros(subjects, classes);
  for (let from = 0; from < out.data.length; from += classes) {
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < classes; k++) {
      out.data[from + k] = slope * boundedLog(probability.data[from + k]) + intercepts[k];
      top = Math.max(top, out.data[from + k]);
    }
    let total = 0;
    for (let k = 0; k < classes; k++) total += out.data[from + k] = Math.exp(out.data[from + k] - top);
    for (let k = 0; k < classes; k++) out.data[from + k] /= total;
  }
  return out;
}

/** ln p, p held to [2.2e-16, 1 - 2.2e-16]. */
export function boundedLog(p: number): number {
  return Math.log(Math.min(Math.max(p, Number.EPSILON), 1 - Number.EPSILON));
}

/** log p_k / p_0 of classes 1 and up, less their means: [subjects, classes - 1]. */
function centredLogOdds({ shape, data }: Matrix) {
  const [subjects, classes] = shape;
  const others = classes - 1;
  const odds = zeros(subjects, others);
  const means = new Float64Array(others);
  for (let i = 0; i < subjects; i++) {
    const first = boundedLog(data[i * classes]);
    for (let k = 0; k < others; k++) {
      odds.data[i * others + k] = boundedLog(data[i * classes + k + 1]) - first;
      means[k] += odds.data[i * others + k] / subjects;
    }
  }
  let largest = 0;
  for (let at = 0; at < odds.data.length; at++) {
    odds.data[at] -= means[at % others];
    largest = Math.max(largest, Math.abs(odds.data[at]));
  }
  const scale = 1 + means.reduce((most, mean) => Math.max(most, Math.abs(mean)), 0);
  return { odds, means, flat: largest <= 1e-12 * scale };
}

/** Fills the probabilities of classes 1 and up, [subjects, classes - 1]; returns Σ −log q of the true classes. */
function evaluate(odds: Matrix, labels: ArrayLike<number>, theta: Float64Array, told: Float64Array): number {
  const [subjects, others] = odds.shape;
  let loss = 0;
  for (let i = 0; i < subjects; i++) {
    const from = i * others;
    let top = 0;
    for (let k = 0; k < others; k++) {
      told[from + k] = theta[k] + theta[others] * odds.data[from + k];
      top = Math.max(top, told[from + k]);
    }
    const own = labels[i] === 0 ? 0 : told[from + labels[i] - 1];
    let total = Math.exp(-top);
    for (let k = 0; k < others; k++) total += told[from + k] = Math.exp(told[from + k] - top);
    for (let k = 0; k < others; k++) told[from + k] /= total;
    loss += Math.log(total) + top - own;
  }
  return loss;
}

/** −H⁻¹ g over the first `size` of the intercepts and the slope, 0 for the rest. */
function newtonStep(odds: Matrix, labels: ArrayLike<number>, told: Float64Array, size: number): Float64Array {
  const [subjects, others] = odds.shape;
  const step = new Float64Array(others + 1);
  const hessian = zeros(size, size); // its lower triangle
  const add = (row: number, column: number, value: number) => {
    if (row < size) hessian.data[row * size + column] += value;
  };
  for (let i = 0; i < subjects; i++) {
    const q = told.subarray(i * others, (i + 1) * others);
    const x = odds.data.subarray(i * others, (i + 1) * others);
    let mean = 0; // of x over the classes
    for (let k = 0; k < others; k++) mean += q[k] * x[k];
    for (let k = 0; k < others; k++) {
      const missed = (labels[i] === k + 1 ? 1 : 0) - q[k];
      step[k] += missed;
      step[others] += missed * x[k];
      for (let l = 0; l <= k; l++) add(k, l, q[k] * ((k === l ? 1 : 0) - q[l]));
      add(others, k, q[k] * (x[k] - mean));
      add(others, others, q[k] * x[k] * (x[k] - mean));
    }
  }
  solveCholesky(cholesky(hessian), step.subarray(0, size));
  return step.fill(0, size);
}

/** The most that a step moves any log-odds. */
function largestMove({ shape: [, others], data }: Matrix, change: Float64Array): number {
  let most = 0;
  for (let at = 0; at < data.length; at++) {
    most = Math.max(most, Math.abs(change[at % others] + change[others] * data[at]));
  }
  return most;
}

/**
 * Logistic regression with a ridge penalty on very many rows of few columns, as ticks are: Newton's method on the normal
 * equations. (The expert of `expert/logistic.ts` is made for few subjects of many features.)
 */
import { cholesky, solveCholesky } from '../../array/cholesky.ts';
import { matrix } from '../../array/matrix.ts';

/** Rows, side by side. */
export interface Rows {
  readonly count: number;
  readonly width: number;
  readonly x: Float32Array; // [count, width]
  readonly label: Uint8Array; // [count]
  /** Whose row it is: people are kept together in folds; [count], 0 .. people - 1. */
  readonly person: Int32Array;
}

/** Weights of the columns, then the intercept; [width + 1]. */
export type Weights = Float64Array;

const maxSteps = 30;

/**
 * The weights that minimize the sum of log losses plus penalty / 2 ‖w‖², the intercept free.
 *
 * @param use 1 for the rows to fit on; all by default
 * @param penalty the least is 1e-6: rows that separate perfectly have no finite optimum without one
 */
export function fitRows(rows: Rows, penalty: number, use?: Uint8Array): Weights {
  const { count, width, label } = rows;
  const size = width + 1;
  const ridge = Math.max(penalty, 1e-6);
  const w = new Float64Array(size);
  let events = 0;
  let used = 0;
  for (let i = 0; i < count; i++) {
    if (use && use[i] === 0) continue;
    used++;
    events += label[i];
  }
  w[width] = Math.log((events + 0.5) / (used - events + 0.5));
  if (events === 0 || events === used) return w;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size); // [size, size]
  const step = new Float64Array(size);
  let loss = curved(rows, w, ridge, use, gradient, hessian);
  const trial = new Float64Array(size);
  for (let round = 0; round < maxSteps; round++) {
    step.set(gradient);
    solveCholesky(cholesky(matrix(size, size, hessian), { shift: 1e-9 * used }), step);
    let decrement = 0;
    for (let a = 0; a < size; a++) decrement += step[a] * gradient[a];
    if (!(decrement > 1e-10 * used)) break;
    let length = 1;
    let next = loss;
    for (; length > 1e-6; length /= 2) {
      for (let a = 0; a < size; a++) trial[a] = w[a] - length * step[a];
      next = curved(rows, trial, ridge, use, gradient, hessian);
      if (next <= loss) break;
    }
    if (!(next <= loss)) break;
    w.set(trial);
    loss = next;
  }
  return w;
}

/** The loss at `w`; its gradient and Hessian are written. */
function curved(
  { count, width, x, label }: Rows,
  w: Float64Array,
  ridge: number,
  use: Uint8Array | undefined,
  gradient: Float64Array,
  hessian: Float64Array,
): number {
  const size = width + 1;
  gradient.fill(0);
  hessian.fill(0);
  let loss = 0;
  for (let i = 0; i < count; i++) {
    if (use && use[i] === 0) continue;
    const row = i * width;
    let z = w[width];
    for (let a = 0; a < width; a++) z += w[a] * x[row + a];
    const p = 1 / (1 + Math.exp(-z));
    const y = label[i];
    loss += rowLoss(z, y);
    const residual = p - y;
    const weight = p * (1 - p);
    for (let a = 0; a < width; a++) {
      const xa = x[row + a];
      gradient[a] += residual * xa;
      const wx = weight * xa;
      for (let b = 0; b <= a; b++) hessian[a * size + b] += wx * x[row + b];
      hessian[width * size + a] += wx;
    }
    gradient[width] += residual;
    hessian[width * size + width] += weight;
  }
  for (let a = 0; a < width; a++) {
    loss += 0.5 * ridge * w[a] * w[a];
    gradient[a] += ridge * w[a];
    hessian[a * size + a] += ridge;
  }
  return loss;
}

/** −log of the chance given to what happened, at log-odds z. */
export function rowLoss(z: number, y: number): number {
  const signed = y === 1 ? -z : z;
  return signed > 0 ? signed + Math.log1p(Math.exp(-signed)) : Math.log1p(Math.exp(signed));
}

export function logOdds(rows: Rows, w: Weights, i: number): number {
  const { width, x } = rows;
  let z = w[width];
  for (let a = 0; a < width; a++) z += w[a] * x[i * width + a];
  return z;
}

/** Fold of each person: in turn by the order of their share of events, so that each fold has its part of them. */
function foldsOf(rows: Rows, people: number, folds: number): Int32Array {
  const share = new Float64Array(people);
  for (let i = 0; i < rows.count; i++) share[rows.person[i]] += rows.label[i];
  const order = Int32Array.from(share, (_, p) => p).sort((a, b) => share[b] - share[a] || a - b);
  const fold = new Int32Array(people); // [people]
  order.forEach((p, place) => {
    fold[p] = place % folds;
  });
  return fold;
}

export interface OutOfFold {
  readonly weights: Weights;
  readonly penalty: number;
  /** Log-odds of each row by weights that had not seen its person; [count]. */
  readonly outOfFold: Float64Array;
  /** By fold, the weights fitted on the others, and the fold of each person. */
  readonly byFold: readonly Weights[];
  readonly fold: Int32Array; // [people]
}

/** Chooses the penalty (shares of the number of rows) by log loss on people left out, and fits on all with it. */
export function fitRowsByPeople(rows: Rows, penaltyShares: readonly number[], most = 4): OutOfFold {
  const people = rows.person.reduce((last, p) => Math.max(last, p), -1) + 1;
  const folds = Math.max(1, Math.min(most, people));
  const fold = foldsOf(rows, people, folds);
  // Of one person there is nobody else to learn from.
  const used = Array.from({ length: folds }, (_, f) =>
    Uint8Array.from(rows.person, (person) => (folds > 1 && fold[person] === f ? 0 : 1)),
  );
  let best: OutOfFold | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const penaltyShare of penaltyShares) {
    const penalty = penaltyShare * rows.count;
    const byFold = used.map((use) => fitRows(rows, penalty, use));
    const outOfFold = new Float64Array(rows.count);
    let loss = 0;
    for (let i = 0; i < rows.count; i++) {
      outOfFold[i] = logOdds(rows, byFold[fold[rows.person[i]]], i);
      loss += rowLoss(outOfFold[i], rows.label[i]);
    }
    if (!best || loss < least) {
      least = loss;
      best = { weights: new Float64Array(0), penalty, outOfFold, byFold, fold };
    }
  }
  const chosen = best as OutOfFold; // there is at least one penalty
  return { ...chosen, weights: fitRows(rows, chosen.penalty) };
}

/** Log-odds of the share of events. */
export function priorOf(label: Uint8Array): number {
  let events = 0;
  for (const one of label) events += one;
  return Math.log((events + 0.5) / (label.length - events + 0.5));
}

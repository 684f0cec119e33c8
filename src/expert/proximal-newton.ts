/**
 * Newton's method for a loss of linear scores plus an elastic-net penalty, which is kept as it is (Lee, Sun and Saunders 2014,
 * "Proximal Newton-type methods for minimizing composite functions"): coordinate descent finds the minimum of the
 * second-order model plus penalty, only as exactly as the distance to the optimum asks for, and the step towards it is
 * halved until it descends.
 */
import type { Columns } from './block-columns.ts';
import { descend } from './coordinate-descent.ts';
import type { ScoreLoss } from './newton-cg.ts';
import type { QuadraticModel } from './quadratic-model.ts';
import { alongColumn, type Shrinkage } from './working-set.ts';

export interface SparseModel {
  readonly loss: ScoreLoss;
  readonly outputs: number;
  /** Intercepts of the model without features; undefined where the loss does not feel them. */
  readonly intercepts?: Float64Array; // [outputs]
  quadratic(columns: Float64Array): QuadraticModel;
}

export interface SparseSolution {
  /** Features with a weight, ascending. */
  readonly kept: readonly number[];
  readonly weights: Float64Array; // [kept, outputs]
  /** Of centred columns; 0 where the model has none. */
  readonly intercepts: Float64Array; // [outputs]
  /** The loss, without the penalty's part. */
  readonly loss: number;
  readonly converged: boolean;
}

const maxNewtonSteps = 100;
const maxHalvings = 40;

/** The solution of the features chosen alone, begun from another one; leaves its residuals. */
export function solveWithin(
  problem: {
    readonly columns: Columns;
    readonly model: SparseModel;
    readonly chosen: readonly number[];
    readonly shrinkage: Shrinkage;
    readonly enough: number;
  },
  start: SparseSolution,
  residuals: Float64Array,
): SparseSolution {
  const { model, chosen, shrinkage, enough } = problem;
  const { outputs } = model;
  const { subjects } = problem.columns;
  const columns = withOnes(problem.columns.gather(chosen), subjects, model.intercepts !== undefined);
  const count = columns.length / subjects;
  const coordinates = { columns, outputs, penalized: chosen.length };
  let weights = new Float64Array(count * outputs); // [chosen and intercept, outputs]
  let from = 0;
  chosen.forEach((feature, a) => {
    if (start.kept[from] !== feature) return;
    weights.set(start.weights.subarray(from * outputs, (from + 1) * outputs), a * outputs);
    from++;
  });
  if (count > chosen.length) weights.set(start.intercepts, chosen.length * outputs);

  let scores = scoresOf(columns, weights, outputs, subjects);
  let loss = model.loss.evaluate(scores, residuals);
  let total = loss + penaltyOf(coordinates, weights, shrinkage);
  let converged = false;
  let reference = 0;
  for (let step = 0; step < maxNewtonSteps; step++) {
    const slopes = slopesOf(columns, residuals, outputs);
    const gap = largestGap(coordinates, weights, slopes, shrinkage);
    if (gap <= enough) {
      converged = true;
      break;
    }
    reference = Math.max(reference, gap);
    const moved = weights.slice();
    const forcing = Math.min(0.1, Math.sqrt(gap / reference));
    const goal = { weights: moved, gradient: residuals.slice(), enough: Math.max(forcing * gap, enough / 2) };
    descend(coordinates, model.quadratic(columns), shrinkage, goal);
    const aim = scoresOf(columns, moved, outputs, subjects);
    let slope = penaltyOf(coordinates, moved, shrinkage) - penaltyOf(coordinates, weights, shrinkage);
    for (let c = 0; c < moved.length; c++) slope += slopes[c] * (moved[c] - weights[c]);
    let accepted = false;
    for (let halving = 0, length = 1; halving < maxHalvings && !accepted; halving++, length /= 2) {
      const there = length === 1 ? moved : weights.map((weight, c) => weight + length * (moved[c] - weight));
      const trial = length === 1 ? aim : scores.map((score, i) => score + length * (aim[i] - score));
      const lossThere = model.loss.evaluate(trial, residuals);
      const totalThere = lossThere + penaltyOf(coordinates, there, shrinkage);
      const descends = totalThere <= total + 1e-4 * length * slope;
      if (!descends && !(Math.abs(totalThere - total) <= 1e-13 * Math.abs(total))) continue;
      weights = there;
      scores = trial;
      loss = lossThere;
      total = totalThere;
      accepted = true;
    }
    if (!accepted) {
      model.loss.evaluate(scores, residuals);
      break; // the loss cannot fall further in this arithmetic
    }
  }
  const kept: number[] = [];
  const values: number[] = [];
  chosen.forEach((feature, a) => {
    const own = weights.subarray(a * outputs, (a + 1) * outputs);
    if (own.every((weight) => weight === 0)) return;
    kept.push(feature);
    values.push(...own);
  });
  const intercepts = model.intercepts ? weights.slice(chosen.length * outputs) : new Float64Array(outputs);
  return { kept, weights: Float64Array.from(values), intercepts, loss, converged };
}

function withOnes(columns: Float64Array, subjects: number, intercept: boolean): Float64Array {
  if (!intercept) return columns;
  const out = new Float64Array(columns.length + subjects).fill(1);
  out.set(columns);
  return out;
}

/** [subjects, outputs]. */
function scoresOf(columns: Float64Array, weights: Float64Array, outputs: number, subjects: number): Float64Array {
  const scores = new Float64Array(subjects * outputs);
  for (let c = 0; c < weights.length; c++) {
    if (weights[c] === 0) continue;
    const k = c % outputs;
    const from = ((c - k) / outputs) * subjects;
    for (let i = 0; i < subjects; i++) scores[i * outputs + k] += columns[from + i] * weights[c];
  }
  return scores;
}

/** Slopes of the loss along each coordinate, [columns, outputs]. */
function slopesOf(columns: Float64Array, residuals: Float64Array, outputs: number): Float64Array {
  const subjects = residuals.length / outputs;
  const out = new Float64Array((columns.length / subjects) * outputs);
  for (let c = 0; c < out.length; c++) {
    const k = c % outputs;
    out[c] = alongColumn(columns, ((c - k) / outputs) * subjects, residuals, outputs, k);
  }
  return out;
}

/** How far the subgradient nearest to zero is from it, in the weight where it is farthest. */
function largestGap(
  { penalized, outputs }: { readonly penalized: number; readonly outputs: number },
  weights: Float64Array,
  slopes: Float64Array,
  { l1, l2 }: Shrinkage,
): number {
  let largest = 0;
  for (let c = 0; c < weights.length; c++) {
    const weight = weights[c];
    let gap = Math.abs(slopes[c]);
    if (c < penalized * outputs) {
      gap = weight === 0 ? gap - l1 : Math.abs(slopes[c] + l2 * weight + (weight > 0 ? l1 : -l1));
    }
    largest = Math.max(largest, gap);
  }
  return largest;
}

function penaltyOf(
  { penalized, outputs }: { readonly penalized: number; readonly outputs: number },
  weights: Float64Array,
  { l1, l2 }: Shrinkage,
): number {
  let sum = 0;
  for (let c = 0; c < penalized * outputs; c++) sum += l1 * Math.abs(weights[c]) + 0.5 * l2 * weights[c] * weights[c];
  return sum;
}

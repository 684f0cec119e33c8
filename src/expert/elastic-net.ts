/**
 * Models of linear scores with an elastic-net penalty (Zou and Hastie 2005): minimizes
 *
 *   loss(X Wᵀ + b) + penalty · ((1 − l1Ratio) / 2 ‖W‖² + l1Ratio ‖W‖₁)
 *
 * for any loss of the scores, the intercepts b free, along a path of penalties from strong to weak, each solution begun from
 * the one before. Only a working set of features takes part: those that the sequential strong rule keeps (Tibshirani et
 * al. 2012, "Strong rules for discarding predictors in lasso-type problems"), and any that the optimality conditions of
 * all features, checked afterwards, show to be missing from it, so that the solution is exact also where the rule errs.
 */
import type { Columns } from './block-columns.ts';
import { type SparseModel, type SparseSolution, solveWithin } from './proximal-newton.ts';

/** Walks from the model without features to weaker and weaker penalties. */
export interface Walk {
  /** The largest slope of the loss by a weight where all are zero: with a greater penalty · l1Ratio none is kept. */
  readonly steepest: number;
  /**
   * The solution at a penalty that is not above the one before.
   *
   * @param enough how far from zero the subgradient nearest to it may be, in any weight
   */
  to(penalty: number, enough: number): SparseSolution;
}

const stride = 0.6; // the strong rule wants penalties that are near each other
const onTheWay = 0.01;

/** Near enough where out-of-fold losses are compared, not weights: a hundredth of what holds a weight at zero. */
export function innerGap(penalty: number, l1Ratio: number): number {
  return onTheWay * penalty * l1Ratio;
}

export function elasticNetWalk(columns: Columns, model: SparseModel, l1Ratio: number): Walk {
  const { subjects, features } = columns;
  const { outputs } = model;
  const slopes = new Float64Array(outputs * features); // of the loss by each weight, [outputs, features]
  const residuals = new Float64Array(subjects * outputs); // [subjects, outputs]
  const intercepts = model.intercepts?.slice() ?? new Float64Array(outputs);
  const scores = new Float64Array(subjects * outputs);
  for (let at = 0; at < scores.length; at++) scores[at] = intercepts[at % outputs];
  const loss = model.loss.evaluate(scores, residuals);
  columns.products(residuals, outputs, slopes);
  const steepest = slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
  let reached = steepest / l1Ratio; // the penalty of the present solution
  let solution: SparseSolution = { kept: [], weights: new Float64Array(0), intercepts, loss, converged: true };

  const steepOf = (feature: number): number => {
    let most = 0;
    for (let k = 0; k < outputs; k++) most = Math.max(most, Math.abs(slopes[k * features + feature]));
    return most;
  };
  const step = (penalty: number, enough: number) => {
    const l1 = penalty * l1Ratio;
    const within = new Uint8Array(features);
    for (const feature of solution.kept) within[feature] = 1;
    const bound = l1 - Math.max(0, reached - penalty) * l1Ratio; // the strong rule: α (2 λ − λ before)
    for (let j = 0; j < features; j++) if (steepOf(j) >= bound) within[j] = 1;
    for (;;) {
      const chosen: number[] = [];
      for (let j = 0; j < features; j++) if (within[j]) chosen.push(j);
      const shrinkage = { l1, l2: penalty * (1 - l1Ratio) };
      solution = solveWithin({ columns, model, chosen, shrinkage, enough }, solution, residuals);
      columns.products(residuals, outputs, slopes);
      let missing = 0;
      for (let j = 0; j < features; j++) {
        if (within[j] || steepOf(j) <= l1 + enough) continue;
        within[j] = 1;
        missing++;
      }
      if (missing === 0) break;
    }
    reached = penalty;
  };
  return {
    steepest,
    to(penalty, enough) {
      while (reached * stride > penalty) step(reached * stride, Math.max(enough, innerGap(reached * stride, l1Ratio)));
      if (penalty * l1Ratio < steepest) step(penalty, enough);
      return solution;
    },
  };
}

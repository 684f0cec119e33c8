/**
 * Cox regression with Efron ties and an elastic-net penalty (Simon, Friedman, Hastie and Tibshirani 2011, "Regularization
 * paths for Cox's proportional hazards model via coordinate descent", there with Breslow's ties and the diagonal of the
 * second derivative; here with all of it), its penalty and l1Ratio chosen by cross-validated partial likelihood.
 */
import type { Run } from '../estimator.ts';
import type { SurvivalTimes } from '../score/survival-times.ts';
import { blockColumns } from './block-columns.ts';
import { innerParts } from './blocks.ts';
import { coxLoss, coxNegativeLogLikelihood, takeTimes } from './cox-likelihood.ts';
import type { Design } from './design.ts';
import { elasticNetWalk, innerGap } from './elastic-net.ts';
import { type ChosenSparse, chooseSparse } from './elastic-net-path.ts';
import type { SparseModel } from './proximal-newton.ts';
import { oneScoreModel } from './quadratic-model.ts';
import { blockWeights, sparseScores } from './sparse-weights.ts';

export interface SparseCox extends ChosenSparse {
  /** Fits on all rows at what was chosen. */
  refit(tolerance: number): { readonly weights: readonly Float64Array[]; readonly converged: boolean };
}

/**
 * @param times of the rows of the design
 * @param folds inner fold of each row
 */
export function chooseSparseCox(
  design: Design,
  times: SurvivalTimes,
  folds: Int32Array,
  { ratios, penalties }: { readonly ratios: readonly number[]; readonly penalties: 'auto' | readonly number[] },
  run: Run,
): SparseCox {
  const { blocks, rows } = design;
  const whole = { columns: blockColumns(design), model: coxModel(times) };
  const parts = innerParts(folds).map(({ train, validate }) => ({
    columns: blockColumns({ blocks, rows: Int32Array.from(train, (row) => rows[row]) }),
    model: coxModel(takeTimes(times, train)),
    validate,
  }));
  const { steepest } = elasticNetWalk(whole.columns, whole.model, 1);
  const wide = whole.columns.features > rows.length;
  const walkAll = (l1Ratio: number) => {
    const walks = parts.map(({ columns, model }) => elasticNetWalk(columns, model, l1Ratio));
    return (penalty: number) => {
      const outOfFold = new Float64Array(rows.length);
      let loss = 0;
      let keptAny = false;
      for (const [f, { validate }] of parts.entries()) {
        const solution = walks[f].to(penalty, innerGap(penalty, l1Ratio));
        keptAny ||= solution.kept.length > 0;
        const everyone = sparseScores(blocks, rows, whole.columns, solution);
        loss += coxNegativeLogLikelihood(times, everyone) - solution.loss;
        for (const row of validate) outOfFold[row] = everyone[row];
      }
      return { loss, outOfFold, keptAny };
    };
  };
  const chosen = chooseSparse({ ratios, penalties, steepest, wide }, walkAll, run, 'cox');
  return {
    ...chosen,
    refit(tolerance) {
      const walk = elasticNetWalk(whole.columns, whole.model, chosen.l1Ratio);
      const solution = walk.to(chosen.penalty, tolerance * steepest);
      return { weights: blockWeights(design, whole.columns, solution).weights, converged: solution.converged };
    },
  };
}

export function coxModel(times: SurvivalTimes): SparseModel {
  const loss = coxLoss(times);
  return { loss, outputs: 1, quadratic: (columns) => oneScoreModel(loss, columns, times.timeDays.length) };
}

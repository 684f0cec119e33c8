/** Least squares with an elastic-net penalty, its penalty and l1Ratio chosen by inner squared error. */
import type { Run } from '../estimator.ts';
import { blockColumns } from './block-columns.ts';
import { innerParts } from './blocks.ts';
import type { Design } from './design.ts';
import { elasticNetWalk, innerGap } from './elastic-net.ts';
import { type ChosenSparse, chooseSparse } from './elastic-net-path.ts';
import type { SparseModel } from './proximal-newton.ts';
import { oneScoreModel } from './quadratic-model.ts';
import { type BlockWeights, blockWeights, sparseScores } from './sparse-weights.ts';

const tolerance = 1e-8; // share of the largest slope at w = 0

export interface SparseValues extends ChosenSparse {
  /** Fits on all rows at what was chosen. */
  refit(): BlockWeights & { readonly converged: boolean };
}

/**
 * @param y values of the rows of the design
 * @param folds inner fold of each row
 */
export function chooseSparseValues(
  design: Design,
  y: Float64Array,
  folds: Int32Array,
  { ratios, penalties }: { readonly ratios: readonly number[]; readonly penalties: 'auto' | readonly number[] },
  run: Run,
): SparseValues {
  const { blocks, rows } = design;
  const whole = { columns: blockColumns(design), model: squaredModel(y) };
  const parts = innerParts(folds).map(({ train, validate }) => ({
    columns: blockColumns({ blocks, rows: Int32Array.from(train, (row) => rows[row]) }),
    model: squaredModel(Float64Array.from(train, (row) => y[row])),
    held: Int32Array.from(validate, (row) => rows[row]),
    validate,
  }));
  const { steepest } = elasticNetWalk(whole.columns, whole.model, 1);
  const wide = whole.columns.features > rows.length;
  const walkAll = (l1Ratio: number) => {
    const walks = parts.map(({ columns, model }) => elasticNetWalk(columns, model, l1Ratio));
    return (penalty: number) => {
      const outOfFold = new Float64Array(y.length);
      let loss = 0;
      let keptAny = false;
      for (const [f, { columns, held, validate }] of parts.entries()) {
        const solution = walks[f].to(penalty, innerGap(penalty, l1Ratio));
        keptAny ||= solution.kept.length > 0;
        const predicted = sparseScores(blocks, held, columns, solution);
        validate.forEach((row, i) => {
          outOfFold[row] = predicted[i];
          loss += (y[row] - predicted[i]) ** 2 / y.length;
        });
      }
      return { loss, outOfFold, keptAny };
    };
  };
  const chosen = chooseSparse({ ratios, penalties, steepest, wide }, walkAll, run, 'ridge');
  return {
    ...chosen,
    refit() {
      const walk = elasticNetWalk(whole.columns, whole.model, chosen.l1Ratio);
      const solution = walk.to(chosen.penalty, tolerance * steepest);
      return { ...blockWeights(design, whole.columns, solution), converged: solution.converged };
    },
  };
}

/** Half the squared error. */
export function squaredModel(y: Float64Array): SparseModel {
  const loss = {
    evaluate(scores: Float64Array, residuals: Float64Array) {
      let sum = 0;
      for (let i = 0; i < y.length; i++) {
        residuals[i] = scores[i] - y[i];
        sum += 0.5 * residuals[i] * residuals[i];
      }
      return sum;
    },
    curve() {}, // the identity
  };
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  return {
    loss,
    outputs: 1,
    intercepts: Float64Array.of(mean),
    quadratic: (columns) => oneScoreModel(loss, columns, y.length),
  };
}

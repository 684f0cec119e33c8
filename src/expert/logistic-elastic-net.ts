/** Elastic-net-penalized logistic regression of two or more classes, its penalty and l1Ratio chosen by inner log loss. */
import type { Run } from '../estimator.ts';
import { blockColumns } from './block-columns.ts';
import { innerParts } from './blocks.ts';
import type { Design } from './design.ts';
import { elasticNetWalk, innerGap } from './elastic-net.ts';
import { type ChosenSparse, chooseSparse } from './elastic-net-path.ts';
import { balancedWeights, tellHeld } from './penalty-path.ts';
import { codeOf, metClasses } from './probabilities.ts';
import type { SparseModel } from './proximal-newton.ts';
import { oneScoreModel, softmaxModel } from './quadratic-model.ts';
import { interceptsOnly, softmaxLoss } from './softmax-loss.ts';
import { type BlockWeights, blockWeights, sparseScores } from './sparse-weights.ts';

/** What is to be told apart. */
export interface Classes {
  readonly design: Design;
  readonly labels: Int32Array; // [rows of the design]
  readonly classes: number;
  readonly classWeight: 'none' | 'balanced';
}

export interface SparseLogistic extends ChosenSparse {
  /** Fits on all rows at what was chosen. */
  refit(tolerance: number): BlockWeights & { readonly converged: boolean };
}

/** @param folds inner fold of each row of the design */
export function chooseSparseLogistic(
  data: Classes,
  folds: Int32Array,
  { ratios, penalties }: { readonly ratios: readonly number[]; readonly penalties: 'auto' | readonly number[] },
  run: Run,
): SparseLogistic {
  const { design, labels, classes } = data;
  const whole = trainingPart(data, Int32Array.from(labels.keys()));
  const parts = innerParts(folds).map(({ train, validate }) => ({
    ...trainingPart(data, train),
    held: Int32Array.from(validate, (row) => design.rows[row]),
    validate,
    missShare: 1 / (train.length + classes),
  }));
  const { steepest } = elasticNetWalk(whole.columns, whole.model, 1);
  const wide = whole.columns.features > design.rows.length;
  const walkAll = (l1Ratio: number) => {
    const walks = parts.map(({ met, columns, model }) =>
      met.length < 2 ? undefined : elasticNetWalk(columns, model, l1Ratio),
    );
    return (penalty: number) => {
      const outOfFold = new Float64Array(labels.length * classes); // [rows, classes]
      let loss = 0;
      let keptAny = false;
      for (const [f, { columns, held, validate, met, missShare }] of parts.entries()) {
        const solution = walks[f]?.to(penalty, innerGap(penalty, l1Ratio));
        keptAny ||= solution !== undefined && solution.kept.length > 0;
        const scores = solution ? sparseScores(design.blocks, held, columns, solution) : new Float64Array(held.length);
        loss += tellHeld(scores, { validate, labels, classes, met, missShare }, outOfFold) / labels.length;
      }
      return { loss, outOfFold, keptAny };
    };
  };
  const chosen = chooseSparse({ ratios, penalties, steepest, wide }, walkAll, run, 'logistic');
  return {
    ...chosen,
    refit(tolerance) {
      const solution = elasticNetWalk(whole.columns, whole.model, chosen.l1Ratio).to(
        chosen.penalty,
        tolerance * steepest,
      );
      const { weights, intercepts } = blockWeights(design, whole.columns, solution);
      return { weights, intercepts: sumToZero(intercepts), converged: solution.converged };
    },
  };
}

function trainingPart({ design, labels, classes, classWeight }: Classes, train: Int32Array) {
  const own = Int32Array.from(train, (row) => labels[row]);
  const met = metClasses(own, classes);
  const columns = blockColumns({ blocks: design.blocks, rows: Int32Array.from(train, (row) => design.rows[row]) });
  return { met, columns, model: logisticModel(codeOf(own, classes, met), met.length, classWeight) };
}

/** @param labels classes 0 .. classes - 1, each of them met at least once */
export function logisticModel(labels: Int32Array, classes: number, classWeight: 'none' | 'balanced'): SparseModel {
  const outputs = classes === 2 ? 1 : classes;
  const subjectWeights = classWeight === 'balanced' ? balancedWeights(labels, classes) : undefined;
  const data = { labels, outputs, ...(subjectWeights && { subjectWeights }) };
  const loss = softmaxLoss(data);
  return {
    loss,
    outputs,
    intercepts: interceptsOnly(data, classes),
    quadratic: (columns) =>
      outputs === 1 ? oneScoreModel(loss, columns, labels.length) : softmaxModel(loss, columns, labels.length),
  };
}

/** The softmax does not feel a number added to all intercepts. */
function sumToZero(intercepts: Float64Array): Float64Array {
  if (intercepts.length === 1) return intercepts;
  const mean = intercepts.reduce((sum, value) => sum + value, 0) / intercepts.length;
  return intercepts.map((value) => value - mean);
}

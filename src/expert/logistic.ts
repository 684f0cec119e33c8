/**
 * The plain expert that every fusion here has to beat: logistic regression with a ridge or elastic-net penalty, chosen on
 * inner folds by log loss along a warm-started path from strong to weak.
 */

import { floatsFrom, toBytes } from '../array/bytes.ts';
import { type Matrix, matrix } from '../array/matrix.ts';
import type { ClassTarget } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import type { Estimator, Fitted, JsonObject, Run, Saved } from '../estimator.ts';
import { coordinates, type Design, linearScores, weightsOfBlocks } from './design.ts';
import { l1Ratios, noFeatureKept } from './elastic-net-path.ts';
import { innerFolds } from './inner-folds.ts';
import { type Classes, chooseSparseLogistic } from './logistic-elastic-net.ts';
import { choosePenalty, part } from './penalty-path.ts';
import { preconditioner } from './preconditioner.ts';
import { metClasses, probabilities } from './probabilities.ts';
import { crossProducts } from './products.ts';
import type { RidgeSolution } from './softmax-ridge.ts';
import type { BlockWeights } from './sparse-weights.ts';

export interface LogisticOptions {
  /**
   * Penalties to choose from, on the sum of losses (1 / C of scikit-learn). `auto`: ten values half a decade apart, from
   * 10 down to 10^-3.5 times the mean squared length of a training subject, so that the grid follows the data's scale.
   */
  readonly penalties?: 'auto' | readonly number[];
  /**
   * Share of the absolute penalty, or shares to choose from on the inner folds: 0 (default) is ridge, 1 the lasso. Over 0,
   * penalty · ((1 − l1Ratio) / 2 ‖W‖² + l1Ratio ‖W‖₁) keeps some features and drops the others, and `auto` penalties run
   * from the weakest that keeps none, in thirty steps, to its hundredth (more features than subjects) or thousandth.
   */
  readonly l1Ratio?: number | readonly number[];
  /** `balanced`: every class counts the same in the loss; discriminates the same, distorts calibration. */
  readonly classWeight?: 'none' | 'balanced';
  /** Relative gradient at which the final fit stops: its norm, or with an l1Ratio over 0 its largest part. */
  readonly tolerance?: number;
}

export interface FittedLogistic extends Fitted<readonly Matrix[], Matrix<Float64Array>> {
  /** null: no penalty was needed, since a single class was met in training. */
  readonly penalty: number | null;
  /** The share of the absolute penalty; 0: ridge. */
  readonly l1Ratio: number;
  /** Two classes: one output, the log-odds of the second; more: one a class. */
  readonly weights: readonly Float64Array[]; // per block [outputs, features]
  readonly intercepts: Float64Array; // [outputs]
}

/**
 * Logistic regression as an estimator of its own: blocks of columns [subjects, features] side by side, classes of the same
 * subjects, and probabilities [subjects, classes] out. Give one penalty to fix it.
 *
 * @throws InputError where a penalty is not positive or an l1Ratio is outside 0 .. 1
 */
export function logistic(
  options: LogisticOptions = {},
): Estimator<readonly Matrix[], ClassTarget, Matrix<Float64Array>, FittedLogistic> {
  return {
    spec: { kind: 'logistic', version: 1, options: options as unknown as JsonObject },
    async fit(blocks, { labels, classes }, run) {
      const rows = Int32Array.from(labels, (_, i) => i);
      return (await crossFitLogistic({ blocks, rows }, labels, classes.length, options, run)).fitted;
    },
  };
}

export interface CrossFitted {
  readonly fitted: FittedLogistic;
  /** Probabilities of each subject of the design by models that had not seen it. */
  readonly outOfFold: Matrix<Float64Array>; // [rows of the design, classes]
  /** Mean inner log loss at the chosen penalty. */
  readonly innerLoss: number;
  readonly warnings: readonly string[];
}

/** Fits on all rows of the design and predicts each row out of fold, in one walk along the penalties. */
export async function crossFitLogistic(
  design: Design,
  labels: Int32Array,
  classes: number,
  options: LogisticOptions,
  run: Run,
): Promise<CrossFitted> {
  const { penalties = 'auto', l1Ratio = 0, classWeight = 'none', tolerance = 1e-8 } = options;
  const ratios = l1Ratios(l1Ratio, 'logistic');
  const n = design.rows.length;
  const own = Int32Array.from(design.rows, (row) => labels[row]);
  const met = metClasses(own, classes);
  if (n === 0) throw new InputError({ where: 'logistic', what: 'nobody to fit', expected: 'at least one subject' });
  if (met.length < 2) return priorOnly(design, met, classes);

  const data = { design, labels: own, classes, classWeight };
  const folds = innerFolds(design, own, run);
  const overZero = ratios.filter((ratio) => ratio > 0);
  const sparse = overZero.length > 0 && chooseSparseLogistic(data, folds, { ratios: overZero, penalties }, run);
  const ridge = ratios.includes(0) && (await ridgePath(data, folds, penalties, run));
  const asSparse = sparse && !(ridge && ridge.loss <= sparse.loss);
  const chosen = asSparse ? sparse : { ...(ridge as RidgePath), l1Ratio: 0 };
  const { penalty } = chosen;
  const { weights, intercepts, converged } = chosen.refit(tolerance);
  const learned = { classes, met, penalty, l1Ratio: chosen.l1Ratio, missShare: 1 / (n + classes) };
  return {
    fitted: fittedLogistic(learned, weights, intercepts),
    outOfFold: matrix(n, classes, chosen.outOfFold),
    innerLoss: chosen.loss,
    warnings: [
      ...(converged ? [] : [`logistic: stopped before the gradient vanished at penalty ${penalty}`]),
      ...(asSparse ? noFeatureKept('logistic', penalty, weights) : []),
    ],
  };
}

interface RidgePath {
  readonly penalty: number;
  readonly loss: number;
  readonly outOfFold: Float64Array; // [rows, classes]
  /** Fits on all rows at the penalty chosen. */
  refit(tolerance: number): BlockWeights & { readonly converged: boolean };
}

/** The ridge model, in as few coordinates as the design spans. */
async function ridgePath(
  { design, ...task }: Classes,
  folds: Int32Array,
  penalties: 'auto' | readonly number[],
  run: Run,
): Promise<RidgePath> {
  const { x, dual } = await coordinates(design, run);
  const products = crossProducts(x);
  const chosen = choosePenalty({ x, ...task, products }, folds, penalties, run);
  const { penalty, curvature } = chosen;
  return {
    ...chosen,
    refit(tolerance) {
      const whole = part({ x, ...task }, Int32Array.from(task.labels.keys()), new Int32Array(0));
      const solution = whole.solve(penalty, tolerance, preconditioner(products, penalty, curvature)) as RidgeSolution;
      const weights = weightsOfBlocks(design, dual, solution, penalty);
      return { weights, intercepts: solution.intercepts, converged: solution.converged };
    },
  };
}

interface Learned {
  readonly classes: number;
  readonly met: readonly number[];
  readonly penalty: number | null;
  readonly l1Ratio: number;
  readonly missShare: number;
}

function fittedLogistic(learned: Learned, weights: readonly Float64Array[], intercepts: Float64Array): FittedLogistic {
  const { classes, met, penalty, l1Ratio, missShare } = learned;
  return {
    penalty,
    l1Ratio,
    weights,
    intercepts,
    async apply(blocks) {
      const n = blocks[0].shape[0];
      const scores = met.length > 1 ? linearScores(blocks, weights, intercepts) : new Float64Array(n);
      return matrix(n, classes, probabilities(scores, n, classes, met, missShare));
    },
    save() {
      const blobs: Record<string, Uint8Array> = { intercepts: toBytes(intercepts) };
      weights.forEach((values, b) => {
        blobs[`weights.${b}`] = toBytes(values);
      });
      const state = {
        classes,
        met,
        penalty,
        ...(l1Ratio > 0 && { l1Ratio }),
        missShare,
        outputs: intercepts.length,
        widths: weights.map((w) => w.length),
      };
      return { kind: 'logistic', version: 1, state, blobs };
    },
  };
}

export function openLogistic({ state, blobs }: Saved): FittedLogistic {
  const {
    outputs,
    widths,
    l1Ratio = 0,
    ...rest
  } = state as unknown as Omit<Learned, 'l1Ratio'> & {
    l1Ratio?: number; // absent: ridge
    outputs: number;
    widths: number[];
  };
  const weights = widths.map((length, b) => floatsFrom(blobs[`weights.${b}`], length, `logistic: weights ${b}`));
  return fittedLogistic({ ...rest, l1Ratio }, weights, floatsFrom(blobs.intercepts, outputs, 'logistic: intercepts'));
}

/** One class in training, or none to choose among: everyone is told the same. */
function priorOnly({ rows }: Design, met: readonly number[], classes: number): CrossFitted {
  const learned = { classes, met, penalty: null, l1Ratio: 0, missShare: 1 / (rows.length + classes) };
  const same = probabilities(new Float64Array(0), rows.length, classes, met, learned.missShare);
  return {
    fitted: fittedLogistic(learned, [], new Float64Array(0)),
    outOfFold: matrix(rows.length, classes, same),
    innerLoss: Number.POSITIVE_INFINITY,
    warnings: ['logistic: fewer than two classes in training, so it says the same for everyone'],
  };
}

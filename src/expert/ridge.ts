/**
 * The expert of values: ridge regression (Hoerl and Kennard 1970) in closed form, or the elastic net, its penalty chosen on
 * inner folds by squared error along a path from strong to weak.
 */

import { floatsFrom, toBytes } from '../array/bytes.ts';
import { cholesky, solveCholesky } from '../array/cholesky.ts';
import { type Matrix, takeRows } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { checkStopped, type Estimator, type Fitted, type JsonObject, type Run, type Saved } from '../estimator.ts';
import { centre, checkBlocks, checkWidths, innerParts } from './blocks.ts';
import { coordinates, type Design, linearScores, weightsOfBlocks } from './design.ts';
import { l1Ratios, noFeatureKept } from './elastic-net-path.ts';
import { innerFolds } from './inner-folds.ts';
import { penaltyGrid } from './penalty-grid.ts';
import { crossProducts, multiplyTransposed } from './products.ts';
import { chooseSparseValues } from './ridge-elastic-net.ts';
import type { BlockWeights } from './sparse-weights.ts';

const patience = 3; // penalties in a row without improvement before the path is left

export interface RidgeOptions {
  /**
   * Penalties to choose from, as `alpha` of scikit-learn's `Ridge`. `auto`: twelve values half a decade apart, from 100
   * down to 10^-3.5 times the mean squared distance of a training subject from the mean.
   */
  readonly penalties?: 'auto' | readonly number[];
  /**
   * Share of the absolute penalty, or shares to choose from on the inner folds: 0 (default) is ridge, 1 the lasso. Over 0,
   * penalty · ((1 − l1Ratio) ‖w‖² + 2 l1Ratio ‖w‖₁) keeps some features and drops the others, and `auto` penalties run
   * from the weakest that keeps none, in thirty steps, to its hundredth (more features than subjects) or thousandth.
   */
  readonly l1Ratio?: number | readonly number[];
}

/** Predicted values [subjects] out. */
export interface FittedRidge extends Fitted<readonly Matrix[], Float64Array> {
  readonly penalty: number;
  /** The share of the absolute penalty; 0: ridge. */
  readonly l1Ratio: number;
  readonly weights: readonly Float64Array[]; // per block [features]
  readonly intercept: number;
}

/**
 * Ridge regression as an estimator: blocks of columns [subjects, features] side by side, a value of the same subjects, and
 * predicted values [subjects] out. Minimizes Σ (y − b − w·x)² + penalty ‖w‖²; the intercept b is free. With an `l1Ratio`
 * it is the elastic net (`alpha` of scikit-learn's `ElasticNet` times the subjects is the penalty). Give one penalty to fix
 * it.
 *
 * @throws InputError where there are fewer than two subjects, a value is missing, a penalty is not positive, or an l1Ratio is
 * outside 0 .. 1
 */
export function ridge(
  options: RidgeOptions = {},
): Estimator<readonly Matrix[], Float64Array, Float64Array, FittedRidge> {
  return {
    spec: { kind: 'ridge', version: 1, options: options as unknown as JsonObject },
    async fit(blocks, values, run) {
      const rows = Int32Array.from(values.keys());
      return (await crossFitRidge({ blocks, rows }, values, options, run)).fitted;
    },
  };
}

export interface CrossFittedRidge {
  readonly fitted: FittedRidge;
  /** Value predicted for each subject of the design by a model that had not seen it. */
  readonly outOfFold: Float64Array; // [rows of the design]
  /** Mean inner squared error at the chosen penalty. */
  readonly innerLoss: number;
  readonly warnings: readonly string[];
}

/** Fits on the rows of the design and predicts each row out of fold, in one walk along the penalties. */
export async function crossFitRidge(
  design: Design,
  values: Float64Array,
  { penalties = 'auto', l1Ratio = 0 }: RidgeOptions,
  run: Run,
): Promise<CrossFittedRidge> {
  const y = Float64Array.from(design.rows, (row) => values[row]);
  checkValues(y);
  checkBlocks(design.blocks, values.length, 'ridge');
  const ratios = l1Ratios(l1Ratio, 'ridge');
  const folds = innerFolds(design, new Int32Array(design.rows.length), run);
  const overZero = ratios.filter((ratio) => ratio > 0);
  const sparse = overZero.length > 0 && chooseSparseValues(design, y, folds, { ratios: overZero, penalties }, run);
  const squared = ratios.includes(0) && (await ridgePath(design, y, folds, penalties, run));
  const asSparse = sparse && !(squared && squared.loss <= sparse.loss);
  const chosen = asSparse ? sparse : { ...(squared as RidgePath), l1Ratio: 0 };
  const { penalty, outOfFold, loss } = chosen;
  const { weights, intercepts, converged } = chosen.refit();
  return {
    fitted: fittedRidge({ penalty, l1Ratio: chosen.l1Ratio }, weights, intercepts[0]),
    outOfFold,
    innerLoss: loss,
    warnings: [
      ...(converged ? [] : [`ridge: stopped before the gradient vanished at penalty ${penalty}`]),
      ...(asSparse ? noFeatureKept('ridge', penalty, weights) : []),
    ],
  };
}

interface RidgePath {
  readonly penalty: number;
  readonly loss: number;
  readonly outOfFold: Float64Array;
  /** Fits on all rows at the penalty chosen. */
  refit(): BlockWeights & { readonly converged: boolean };
}

/** The ridge model, in as few coordinates as the design spans. */
async function ridgePath(
  design: Design,
  y: Float64Array,
  folds: Int32Array,
  penalties: 'auto' | readonly number[],
  run: Run,
): Promise<RidgePath> {
  const { x, dual } = await coordinates(design, run);
  const everyone = Int32Array.from(y.keys());
  const parts = innerParts(folds).map(({ train, validate }) => ({
    ...part(x, y, train),
    validate,
    held: takeRows(x, validate),
  }));
  let best: { penalty: number; loss: number; outOfFold: Float64Array } | undefined;
  let sinceBest = 0;
  for (const penalty of penaltyGrid(penalties, centre(x).x, 'ridge')) {
    const outOfFold = new Float64Array(y.length);
    let loss = 0;
    for (const { solve, validate, held } of parts) {
      checkStopped(run, 'ridge');
      const { weights, intercept } = solve(penalty);
      const predicted = linearScores([held], [weights], Float64Array.of(intercept));
      validate.forEach((row, i) => {
        outOfFold[row] = predicted[i];
        loss += (y[row] - predicted[i]) ** 2 / y.length;
      });
    }
    if (!best || loss < best.loss) {
      best = { penalty, loss, outOfFold };
      sinceBest = 0;
    } else if (++sinceBest >= patience) break;
  }
  const chosen = best as NonNullable<typeof best>;
  return {
    ...chosen,
    refit() {
      const { weights, intercept } = part(x, y, everyone).solve(chosen.penalty);
      const intercepts = Float64Array.of(intercept);
      const residuals = linearScores([x], [weights], intercepts).map((predicted, i) => predicted - y[i]);
      const solution = { outputs: 1, weights, residuals };
      return { weights: weightsOfBlocks(design, dual, solution, chosen.penalty), intercepts, converged: true };
    },
  };
}

/** A training part in coordinates, centred, ready to be solved at several penalties. */
function part(spanned: Matrix<Float64Array>, values: Float64Array, train: Int32Array) {
  const { x, means } = centre(takeRows(spanned, train));
  const mean = train.reduce((sum, row) => sum + values[row], 0) / train.length;
  const y = Float64Array.from(train, (row) => values[row] - mean);
  const products = crossProducts(x); // [features, features]
  const d = means.length;
  const right = new Float64Array(d + 1); // Xᵀy, and the place of an intercept that centring has made needless
  multiplyTransposed(x, y, 1, right);
  return {
    solve(penalty: number): { readonly weights: Float64Array; readonly intercept: number } {
      const weights = right.slice(0, d);
      solveCholesky(cholesky(products, { shift: penalty }), weights);
      return { weights, intercept: mean - weights.reduce((sum, w, j) => sum + w * means[j], 0) };
    },
  };
}

function checkValues(y: Float64Array): void {
  if (y.length < 2) {
    throw new InputError({ where: 'ridge', what: 'too few subjects', expected: 'at least 2', got: String(y.length) });
  }
  const at = y.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    throw new InputError({
      where: `ridge: value ${at}`,
      what: 'missing or infinite',
      expected: 'a finite number',
      got: String(y[at]),
    });
  }
}

function fittedRidge(
  { penalty, l1Ratio }: { readonly penalty: number; readonly l1Ratio: number },
  weights: readonly Float64Array[],
  intercept: number,
): FittedRidge {
  const widths = weights.map((w) => w.length);
  return {
    penalty,
    l1Ratio,
    weights,
    intercept,
    async apply(blocks) {
      checkWidths(blocks, widths, 'ridge');
      return linearScores(blocks, weights, Float64Array.of(intercept));
    },
    save() {
      const blobs = Object.fromEntries(weights.map((values, b) => [`weights.${b}`, toBytes(values)]));
      const state = { penalty, ...(l1Ratio > 0 && { l1Ratio }), intercept, widths };
      return { kind: 'ridge', version: 1, state, blobs };
    },
  };
}

/** @throws InputError where a part of the saved model is damaged */
export function openRidge({ state, blobs }: Saved): FittedRidge {
  const {
    penalty,
    l1Ratio = 0,
    intercept,
    widths,
  } = state as unknown as {
    penalty: number;
    l1Ratio?: number; // absent: ridge
    intercept: number;
    widths: number[];
  };
  const weights = widths.map((length, b) => floatsFrom(blobs[`weights.${b}`], length, `ridge: weights ${b}`));
  return fittedRidge({ penalty, l1Ratio }, weights, intercept);
}

/**
 * The expert of values: ridge regression (Hoerl and Kennard 1970) in closed form, its penalty chosen on inner folds by
 * squared error along a path from strong to weak.
 */
import { floatsFrom, toBytes } from '../array/bytes.ts';
import { cholesky, solveCholesky } from '../array/cholesky.ts';
import { type Matrix, takeRows } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { checkStopped, type Estimator, type Fitted, type JsonObject, type Run, type Saved } from '../estimator.ts';
import { stratifiedFolds } from '../split/folds.ts';
import { centre, checkBlocks, checkWidths, innerParts } from './blocks.ts';
import { coordinates, type Design, linearScores, weightsOfBlocks } from './design.ts';
import { penaltyGrid } from './penalty-grid.ts';
import { crossProducts, multiplyTransposed } from './products.ts';

const patience = 3; // penalties in a row without improvement before the path is left

export interface RidgeOptions {
  /**
   * Penalties to choose from, as `alpha` of scikit-learn's `Ridge`. `auto`: twelve values half a decade apart, from 100
   * down to 10^-3.5 times the mean squared distance of a training subject from the mean.
   */
  readonly penalties?: 'auto' | readonly number[];
}

/** Predicted values [subjects] out. */
export interface FittedRidge extends Fitted<readonly Matrix[], Float64Array> {
  readonly penalty: number;
  readonly weights: readonly Float64Array[]; // per block [features]
  readonly intercept: number;
}

/**
 * Ridge regression as an estimator: blocks of columns [subjects, features] side by side, a value of the same subjects, and
 * predicted values [subjects] out. Minimizes Σ (y − b − w·x)² + penalty ‖w‖²; the intercept b is free. Give one penalty to
 * fix it.
 *
 * @throws InputError where there are fewer than two subjects, a value is missing, or a penalty is not positive
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
}

/** Fits on the rows of the design and predicts each row out of fold, in one walk along the penalties. */
export async function crossFitRidge(
  design: Design,
  values: Float64Array,
  { penalties = 'auto' }: RidgeOptions,
  run: Run,
): Promise<CrossFittedRidge> {
  const y = Float64Array.from(design.rows, (row) => values[row]);
  checkValues(y);
  checkBlocks(design.blocks, values.length, 'ridge');
  const { x, dual } = await coordinates(design, run);
  const everyone = Int32Array.from(y.keys());
  const parts = innerParts(innerFolds(design, run)).map(({ train, validate }) => ({
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
  const { penalty, loss, outOfFold } = best as NonNullable<typeof best>;
  const { weights, intercept } = part(x, y, everyone).solve(penalty);
  const residuals = linearScores([x], [weights], Float64Array.of(intercept)).map((predicted, i) => predicted - y[i]);
  const ofBlocks = weightsOfBlocks(design, dual, { outputs: 1, weights, residuals }, penalty);
  return { fitted: fittedRidge(penalty, ofBlocks, intercept), outOfFold, innerLoss: loss };
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

function fittedRidge(penalty: number, weights: readonly Float64Array[], intercept: number): FittedRidge {
  const widths = weights.map((w) => w.length);
  return {
    penalty,
    weights,
    intercept,
    async apply(blocks) {
      checkWidths(blocks, widths, 'ridge');
      return linearScores(blocks, weights, Float64Array.of(intercept));
    },
    save() {
      const blobs = Object.fromEntries(weights.map((values, b) => [`weights.${b}`, toBytes(values)]));
      return { kind: 'ridge', version: 1, state: { penalty, intercept, widths }, blobs };
    },
  };
}

/** @throws InputError where a part of the saved model is damaged */
export function openRidge({ state, blobs }: Saved): FittedRidge {
  const { penalty, intercept, widths } = state as unknown as { penalty: number; intercept: number; widths: number[] };
  const weights = widths.map((length, b) => floatsFrom(blobs[`weights.${b}`], length, `ridge: weights ${b}`));
  return fittedRidge(penalty, weights, intercept);
}

/** Inner folds of the design's rows: those handed over, unless they put all of these rows into one. */
function innerFolds({ rows }: Design, { inner, seed }: Run): Int32Array {
  const given = inner && Int32Array.from(rows, (row) => inner[row]);
  if (given && new Set(given).size > 1) return given;
  return stratifiedFolds(new Int32Array(rows.length), { folds: Math.min(5, rows.length), seed });
}

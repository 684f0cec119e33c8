/**
 * The plain expert that every fusion here has to beat: ridge-penalized logistic regression, its penalty chosen on inner
 * folds by log loss along a warm-started path from strong to weak.
 */
import { floatsFrom, toBytes } from '../array/bytes.ts';
import { type Matrix, matrix, takeRows } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { checkStopped, type Fitted, type JsonObject, type Run, type Saved } from '../estimator.ts';
import { stratifiedFolds } from '../split/folds.ts';
import { coordinates, type Design, linearScores, weightsOfBlocks } from './design.ts';
import {
  crossProducts,
  type Preconditioner,
  preconditioner,
  type RidgeSolution,
  softmaxRidge,
} from './softmax-ridge.ts';

export interface LogisticOptions {
  /**
   * Penalties to choose from, on the sum of losses (1 / C of scikit-learn). `auto`: ten values half a decade apart, from
   * 10 down to 10^-3.5 times the mean squared length of a training subject, so that the grid follows the data's scale.
   */
  readonly penalties?: 'auto' | readonly number[];
  /** `balanced`: every class counts the same in the loss; discriminates the same, distorts calibration. */
  readonly classWeight?: 'none' | 'balanced';
  /** Relative gradient at which the final fit stops. */
  readonly tolerance?: number;
}

export interface FittedLogistic extends Fitted<readonly Matrix[], Matrix<Float64Array>> {
  /** null: no penalty was needed, since a single class was met in training. */
  readonly penalty: number | null;
  readonly weights: readonly Float64Array[]; // per block [outputs, features]
  readonly intercepts: Float64Array; // [outputs]
}

export interface CrossFitted {
  readonly fitted: FittedLogistic;
  /** Probabilities of each subject of the design by models that had not seen it. */
  readonly outOfFold: Matrix<Float64Array>; // [rows of the design, classes]
  /** Mean inner log loss at the chosen penalty. */
  readonly innerLoss: number;
  readonly warnings: readonly string[];
}

const gridSteps = 10;
const patience = 3; // penalties in a row without improvement before the path is left
const innerTolerance = 1e-3; // log losses are compared, not coefficients
const preconditionerReach = 5; // a factor serves penalties down to this part of its own

/** Fits on all rows of the design and predicts each row out of fold, in one walk along the penalties. */
export async function crossFitLogistic(
  design: Design,
  labels: Int32Array,
  classes: number,
  options: LogisticOptions,
  run: Run,
): Promise<CrossFitted> {
  const { penalties = 'auto', classWeight = 'none', tolerance = 1e-8 } = options;
  const n = design.rows.length;
  const own = Int32Array.from(design.rows, (row) => labels[row]);
  const met = metClasses(own, classes);
  if (met.length < 2) return priorOnly(design, own, classes);

  const { x, dual } = await coordinates(design, run);
  const folds = run.inner
    ? Int32Array.from(design.rows, (row) => (run.inner as Int32Array)[row])
    : ownFolds(own, run.seed);
  const path = penaltyPath(penalties, x);
  const parts = innerParts(folds).map(({ train, validate }) => part(x, own, train, validate, classes, classWeight));
  const whole = part(
    x,
    own,
    Int32Array.from(own, (_, i) => i),
    new Int32Array(0),
    classes,
    classWeight,
  );

  const products = crossProducts(x);
  let shared = preconditioner(products, path[0], (met.length - 1) / met.length ** 2);
  let madeFor = path[0];
  let best = { loss: Number.POSITIVE_INFINITY, at: 0, outOfFold: new Float64Array(n * classes) };
  const starts: (RidgeSolution | undefined)[] = parts.map(() => undefined);
  let current = new Float64Array(n * classes); // [rows, classes]
  for (let at = 0; at < path.length && at - best.at <= patience; at++) {
    checkStopped(run, 'logistic');
    if (path[at] < madeFor / preconditionerReach) {
      madeFor = path[at];
      shared = preconditioner(
        products,
        madeFor,
        meanOf(starts.map((start) => start?.curvature ?? shared.curvature)),
        1 - 1 / parts.length,
      );
    }
    let loss = 0;
    parts.forEach((inner, f) => {
      const solution = inner.solve(path[at], innerTolerance, shared, starts[f]);
      if (solution) starts[f] = solution;
      loss += inner.predict(solution, current);
    });
    loss /= n;
    if (loss < best.loss) {
      const emptied = best.outOfFold;
      best = { loss, at, outOfFold: current };
      current = emptied;
    }
  }
  const penalty = path[best.at];
  const solution = whole.solve(
    penalty,
    tolerance,
    preconditioner(products, penalty, shared.curvature),
    undefined,
  ) as RidgeSolution;
  const weights = weightsOfBlocks(design, dual, solution, penalty);
  return {
    fitted: fittedLogistic({ classes, met, penalty, missShare: 1 / (n + classes) }, weights, solution.intercepts),
    outOfFold: matrix(n, classes, best.outOfFold),
    innerLoss: best.loss,
    warnings: solution.converged ? [] : [`logistic: stopped before the gradient vanished at penalty ${penalty}`],
  };
}

/** A training part in coordinates, ready to be solved at several penalties and to predict its validation part. */
function part(
  x: Matrix<Float64Array>,
  labels: Int32Array,
  train: Int32Array,
  validate: Int32Array,
  classes: number,
  classWeight: 'none' | 'balanced',
) {
  const own = Int32Array.from(train, (row) => labels[row]);
  const met = metClasses(own, classes);
  const code = new Int32Array(classes).fill(-1);
  met.forEach((label, i) => {
    code[label] = i;
  });
  const coded = own.map((label) => code[label]);
  const subset = train.length === x.shape[0] ? x : takeRows(x, train);
  const held = takeRows(x, validate);
  const missShare = 1 / (train.length + classes);
  const subjectWeights = classWeight === 'balanced' ? balancedWeights(coded, met.length) : undefined;
  return {
    solve(
      penalty: number,
      tolerance: number,
      shared: Preconditioner,
      start: RidgeSolution | undefined,
    ): RidgeSolution | undefined {
      if (met.length < 2) return undefined;
      return softmaxRidge(subset, coded, met.length, {
        penalty,
        tolerance,
        preconditioner: shared,
        ...(start && { start }),
        ...(subjectWeights && { subjectWeights }),
      });
    },
    /** Writes probabilities of the validation rows and returns their summed log loss. */
    predict(solution: RidgeSolution | undefined, out: Float64Array): number {
      const scores = solution
        ? linearScores([held], [solution.weights], solution.intercepts)
        : new Float64Array(validate.length);
      const probability = probabilities(scores, validate.length, classes, met, missShare);
      let loss = 0;
      validate.forEach((row, i) => {
        for (let k = 0; k < classes; k++) out[row * classes + k] = probability[i * classes + k];
        loss -= Math.log(Math.max(probability[i * classes + labels[row]], 1e-15));
      });
      return loss;
    },
  };
}

/** Scores to probabilities over all classes; a class never met in training gets `missShare`, the others share the rest. */
function probabilities(
  scores: Float64Array,
  n: number,
  classes: number,
  met: readonly number[],
  missShare: number,
): Float64Array {
  const out = new Float64Array(n * classes).fill(met.length < classes ? missShare : 0); // [subjects, classes]
  const rest = 1 - (classes - met.length) * missShare;
  for (let i = 0; i < n; i++) {
    if (met.length === 1) out[i * classes + met[0]] = rest;
    else if (met.length === 2) {
      const p = 1 / (1 + Math.exp(-scores[i]));
      out[i * classes + met[0]] = rest * (1 - p);
      out[i * classes + met[1]] = rest * p;
    } else {
      const at = i * met.length;
      let top = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < met.length; k++) top = Math.max(top, scores[at + k]);
      let total = 0;
      for (let k = 0; k < met.length; k++) total += Math.exp(scores[at + k] - top);
      for (let k = 0; k < met.length; k++) out[i * classes + met[k]] = (rest * Math.exp(scores[at + k] - top)) / total;
    }
  }
  return out;
}

interface Learned {
  readonly classes: number;
  readonly met: readonly number[];
  readonly penalty: number | null;
  readonly missShare: number;
}

function fittedLogistic(learned: Learned, weights: readonly Float64Array[], intercepts: Float64Array): FittedLogistic {
  const { classes, met, penalty, missShare } = learned;
  return {
    penalty,
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
        missShare,
        outputs: intercepts.length,
        widths: weights.map((w) => w.length),
      };
      return { kind: 'logistic', version: 1, state, blobs };
    },
  };
}

export function openLogistic({ state, blobs }: Saved): FittedLogistic {
  const { outputs, widths, ...learned } = state as unknown as Learned & { outputs: number; widths: number[] };
  const weights = widths.map((length, b) => floatsFrom(blobs[`weights.${b}`], length, `logistic: weights ${b}`));
  return fittedLogistic(learned, weights, floatsFrom(blobs.intercepts, outputs, 'logistic: intercepts'));
}

function priorOnly({ rows }: Design, own: Int32Array, classes: number): CrossFitted {
  const met = metClasses(own, classes);
  const missShare = 1 / (rows.length + classes);
  const shares = met.length ? undefined : matrix(0, classes, new Float64Array(0));
  const outOfFold =
    shares ?? matrix(rows.length, classes, probabilities(new Float64Array(0), rows.length, classes, met, missShare));
  return {
    fitted: fittedLogistic({ classes, met: met.length ? met : [0], penalty: null, missShare }, [], new Float64Array(0)),
    outOfFold,
    innerLoss: Number.POSITIVE_INFINITY,
    warnings: ['logistic: fewer than two classes in training, so it says the same for everyone'],
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function metClasses(labels: Int32Array, classes: number): number[] {
  const seen = new Uint8Array(classes);
  for (const label of labels) seen[label] = 1;
  return Array.from({ length: classes }, (_, k) => k).filter((k) => seen[k]);
}

function balancedWeights(coded: Int32Array, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (const label of coded) counts[label]++;
  return Float64Array.from(coded, (label) => coded.length / (classes * counts[label]));
}

function ownFolds(labels: Int32Array, seed: number): Int32Array {
  return stratifiedFolds(labels, { folds: Math.min(5, labels.length), seed });
}

function innerParts(folds: Int32Array): { train: Int32Array; validate: Int32Array }[] {
  return [...new Set(folds)]
    .sort((a, b) => a - b)
    .map((fold) => {
      const train: number[] = [];
      const validate: number[] = [];
      folds.forEach((f, row) => (f === fold ? validate : train).push(row));
      return { train: Int32Array.from(train), validate: Int32Array.from(validate) };
    })
    .filter(({ train }) => train.length > 0);
}

function penaltyPath(penalties: 'auto' | readonly number[], x: Matrix<Float64Array>): number[] {
  if (penalties !== 'auto') {
    const wrong = penalties.find((value) => !(value > 0 && Number.isFinite(value)));
    if (wrong !== undefined || penalties.length === 0) {
      throw new InputError({
        where: 'logistic: penalties',
        what: 'unusable',
        expected: 'positive numbers',
        got: String(wrong ?? 'none'),
      });
    }
    return [...penalties].sort((a, b) => b - a);
  }
  let squares = 0;
  for (const value of x.data) squares += value * value;
  const scale = squares / x.shape[0] || 1;
  return Array.from({ length: gridSteps }, (_, step) => scale * 10 ** (1 - step / 2));
}

/** The options as they stand in a spec. */
export function logisticJson(options: LogisticOptions): JsonObject {
  return options as unknown as JsonObject;
}

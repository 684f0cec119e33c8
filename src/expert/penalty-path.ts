/** The penalty of a logistic model, chosen on inner folds along a path from strong to weak. */
import { type Matrix, takeRows } from '../array/matrix.ts';
import { checkStopped, type Run } from '../estimator.ts';
import { innerParts } from './blocks.ts';
import { linearScores } from './design.ts';
import { checkPenalties } from './penalty-grid.ts';
import { type Preconditioner, preconditioner } from './preconditioner.ts';
import { codeOf, metClasses, probabilities } from './probabilities.ts';
import { type RidgeSolution, softmaxRidge } from './softmax-ridge.ts';

const gridSteps = 10;
const patience = 3; // penalties in a row without improvement before the path is left
const innerTolerance = 1e-3; // log losses are compared, not coefficients
const preconditionerReach = 5; // a factor serves penalties down to this part of its own

export interface Data {
  readonly x: Matrix<Float64Array>; // [rows, features or rank]
  readonly labels: Int32Array; // [rows]
  readonly classes: number;
  readonly classWeight: 'none' | 'balanced';
}

export interface Chosen {
  readonly penalty: number;
  /** Mean log loss out of fold, and the predictions it is of. */
  readonly loss: number;
  readonly outOfFold: Float64Array; // [rows, classes]
  /** Mean curvature of the loss near there, for a preconditioner. */
  readonly curvature: number;
}

/** Walks from strong to weak penalties, every inner fold starting where it stood, until the log loss has stopped falling. */
export function choosePenalty(
  data: Data & { readonly products: Matrix<Float64Array> },
  folds: Int32Array,
  penalties: 'auto' | readonly number[],
  run: Run,
): Chosen {
  const { x, labels, classes, products } = data;
  const parts = innerParts(folds).map(({ train, validate }) => part(data, train, validate));
  const share = 1 - 1 / parts.length;
  const met = metClasses(labels, classes).length;
  const starts: (RidgeSolution | undefined)[] = parts.map(() => undefined);
  let shared: Preconditioner | undefined;
  let madeFor = Number.POSITIVE_INFINITY;
  let current: Float64Array = new Float64Array(labels.length * classes); // [rows, classes]
  let spare: Float64Array = current.slice();
  let best: Chosen | undefined;
  let sinceBest = 0;
  for (const penalty of penaltyPath(penalties, x)) {
    checkStopped(run, 'logistic');
    const curvature = meanOf(starts.map((start) => start?.curvature ?? (met - 1) / met ** 2));
    if (!shared || penalty < madeFor / preconditionerReach) {
      madeFor = penalty;
      shared = preconditioner(products, penalty, curvature, share);
    }
    let loss = 0;
    for (const [f, inner] of parts.entries()) {
      const solution = inner.solve(penalty, innerTolerance, shared, starts[f]);
      starts[f] = solution;
      loss += inner.predict(solution, current) / labels.length;
    }
    if (!best || loss < best.loss) {
      spare = best?.outOfFold ?? spare;
      best = { penalty, loss, outOfFold: current, curvature };
      current = spare;
      sinceBest = 0;
    } else if (++sinceBest >= patience) break;
  }
  return best as Chosen;
}

/** A training part in coordinates, ready to be solved at several penalties and to predict its validation part. */
export function part({ x, labels, classes, classWeight }: Data, train: Int32Array, validate: Int32Array) {
  const own = Int32Array.from(train, (row) => labels[row]);
  const met = metClasses(own, classes);
  const coded = codeOf(own, classes, met);
  const subset = train.length === x.shape[0] ? x : takeRows(x, train);
  const held = takeRows(x, validate);
  const missShare = 1 / (train.length + classes);
  const subjectWeights = classWeight === 'balanced' ? balancedWeights(coded, met.length) : undefined;
  return {
    solve(
      penalty: number,
      tolerance: number,
      shared: Preconditioner,
      start?: RidgeSolution,
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
      return tellHeld(scores, { validate, labels, classes, met, missShare }, out);
    },
  };
}

/** Writes probabilities of the validation rows, of their scores, and returns their summed log loss. */
export function tellHeld(
  scores: Float64Array,
  held: {
    readonly validate: Int32Array;
    readonly labels: Int32Array; // [rows]
    readonly classes: number;
    readonly met: readonly number[];
    readonly missShare: number;
  },
  out: Float64Array,
): number {
  const { validate, labels, classes, met, missShare } = held;
  const probability = probabilities(scores, validate.length, classes, met, missShare);
  let loss = 0;
  validate.forEach((row, i) => {
    for (let k = 0; k < classes; k++) out[row * classes + k] = probability[i * classes + k];
    loss -= Math.log(Math.max(probability[i * classes + labels[row]], 1e-15));
  });
  return loss;
}

function penaltyPath(penalties: 'auto' | readonly number[], x: Matrix<Float64Array>): number[] {
  if (penalties !== 'auto') return checkPenalties(penalties, 'logistic');
  let squares = 0;
  for (const value of x.data) squares += value * value;
  return logisticPenalties(squares / x.shape[0]);
}

/** Ten values half a decade apart, from 10 down to 10^-3.5 times the mean squared length of a training subject. */
export function logisticPenalties(meanSquare: number): number[] {
  const scale = meanSquare || 1;
  return Array.from({ length: gridSteps }, (_, step) => scale * 10 ** (1 - step / 2));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

export function balancedWeights(coded: Int32Array, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (const label of coded) counts[label]++;
  return Float64Array.from(coded, (label) => coded.length / (classes * counts[label]));
}

/**
 * Ridge-penalized logistic regression by a truncated Newton method: minimizes
 *
 *   Σᵢ −log p(yᵢ | xᵢ) + (penalty / 2) ‖W‖²      (intercepts are not penalized)
 *
 * over weights W [outputs, features]. Two classes use one output and the logistic function, more use one output a class
 * and the softmax, so that `penalty` is 1 / C of scikit-learn's `LogisticRegression` in both forms. Newton's equation is
 * solved by preconditioned conjugate gradients, only as exactly as the distance to the optimum asks for (Nocedal and
 * Wright 2006, algorithm 7.1): a step costs a few products with X.
 */
import type { Matrix } from '../array/matrix.ts';
import { type Preconditioner, precondition, preconditioner } from './preconditioner.ts';
import { crossProducts, dot, multiply, multiplyTransposed, norm } from './products.ts';
import { curveSoftmax, evaluateSoftmax, interceptsOnly, type Labelled } from './softmax-loss.ts';

export interface RidgeSolution {
  readonly outputs: number;
  readonly weights: Float64Array; // [outputs, features]
  readonly intercepts: Float64Array; // [outputs]
  /** p − y at the solution, from which dual solutions recover their weights. */
  readonly residuals: Float64Array; // [subjects, outputs]
  /** Mean curvature of the loss at the solution, see `preconditioner`. */
  readonly curvature: number;
  readonly converged: boolean;
}

interface Problem extends Labelled {
  readonly x: Matrix<Float64Array>; // [subjects, features]
  readonly penalty: number;
  readonly preconditioner: Preconditioner;
}

const maxNewtonSteps = 100;
const maxConjugateSteps = 250;

/**
 * @param labels classes 0 .. classes - 1, each of them met at least once
 * @param start a solution of the same shape to begin from, such as that of a neighbouring penalty
 * @param tolerance stop where the gradient's norm has fallen below this share of its norm at the intercept-only model
 */
export function softmaxRidge(
  x: Matrix<Float64Array>,
  labels: Int32Array,
  classes: number,
  {
    penalty,
    tolerance = 1e-8,
    start,
    subjectWeights,
    preconditioner: given,
  }: {
    penalty: number;
    tolerance?: number;
    start?: RidgeSolution;
    subjectWeights?: Float64Array;
    preconditioner?: Preconditioner;
  },
): RidgeSolution {
  const outputs = classes === 2 ? 1 : classes;
  const problem: Problem = {
    x,
    labels,
    outputs,
    penalty,
    preconditioner: given ?? preconditioner(crossProducts(x), penalty, (classes - 1) / classes ** 2),
    ...(subjectWeights && { subjectWeights }),
  };
  const [n, d] = x.shape;
  const size = (d + 1) * outputs; // the intercepts stand after the weights
  const theta = new Float64Array(size);
  const scores = new Float64Array(n * outputs); // [subjects, outputs]
  const probability = new Float64Array(n * outputs); // [subjects, outputs]
  const residuals = new Float64Array(n * outputs); // [subjects, outputs]
  const gradient = new Float64Array(size);

  theta.set(interceptsOnly(problem, classes), d * outputs);
  multiply(x, theta, outputs, scores);
  evaluateSoftmax(problem, scores, probability, residuals);
  gradientOf(problem, theta, residuals, gradient);
  const reference = norm(gradient) || 1;
  if (start) {
    theta.set(start.weights);
    theta.set(start.intercepts, d * outputs);
    multiply(x, theta, outputs, scores);
  }
  let loss = evaluateSoftmax(problem, scores, probability, residuals) + ridge(problem, theta);

  let converged = false;
  const change = new Float64Array(n * outputs);
  const trial = new Float64Array(n * outputs);
  for (let step = 0; step < maxNewtonSteps; step++) {
    gradientOf(problem, theta, residuals, gradient);
    const steepness = norm(gradient) / reference;
    if (steepness <= tolerance) {
      converged = true;
      break;
    }
    const direction = newtonDirection(problem, probability, gradient, Math.min(0.1, Math.sqrt(steepness)));
    multiply(x, direction, outputs, change);
    const slope = dot(gradient, direction);
    let length = 1;
    let accepted = false;
    for (let halving = 0; halving < 40; halving++, length /= 2) {
      for (let i = 0; i < trial.length; i++) trial[i] = scores[i] + length * change[i];
      const moved = theta.map((value, i) => value + length * direction[i]);
      const lossThere = evaluateSoftmax(problem, trial, probability, residuals) + ridge(problem, moved);
      if (lossThere <= loss + 1e-4 * length * slope || Math.abs(lossThere - loss) <= 1e-13 * Math.abs(loss)) {
        theta.set(moved);
        scores.set(trial);
        loss = lossThere;
        accepted = true;
        break;
      }
    }
    if (!accepted) {
      evaluateSoftmax(problem, scores, probability, residuals);
      break; // the loss cannot fall further in this arithmetic
    }
  }
  return {
    outputs,
    weights: theta.slice(0, d * outputs),
    intercepts: theta.slice(d * outputs),
    residuals,
    curvature: meanCurvature(probability),
    converged,
  };
}

function ridge({ penalty, x, outputs }: Problem, theta: Float64Array): number {
  const end = x.shape[1] * outputs;
  let sum = 0;
  for (let i = 0; i < end; i++) sum += theta[i] * theta[i];
  return 0.5 * penalty * sum;
}

function gradientOf(
  { x, outputs, penalty }: Problem,
  theta: Float64Array,
  residuals: Float64Array,
  out: Float64Array,
): void {
  multiplyTransposed(x, residuals, outputs, out);
  const end = x.shape[1] * outputs;
  for (let i = 0; i < end; i++) out[i] += penalty * theta[i];
}

/** Solves H v = −g by preconditioned conjugate gradients, H applied as Xᵀ S X + penalty. */
function newtonDirection(
  problem: Problem,
  probability: Float64Array,
  gradient: Float64Array,
  forcing: number,
): Float64Array {
  const { x, outputs, penalty } = problem;
  const weightsEnd = x.shape[1] * outputs;
  const size = gradient.length;
  const direction = new Float64Array(size);
  const residual = gradient.map((g) => -g);
  const scaled = new Float64Array(size);
  precondition(problem.preconditioner, residual, { outputs, subjects: x.shape[0] }, scaled);
  const search = scaled.slice();
  const applied = new Float64Array(size);
  const scores = new Float64Array(x.shape[0] * outputs);
  const enough = forcing * norm(gradient);
  let energy = dot(residual, scaled);
  for (let step = 0; step < maxConjugateSteps && norm(residual) > enough; step++) {
    multiply(x, search, outputs, scores);
    curveSoftmax(problem, probability, scores);
    multiplyTransposed(x, scores, outputs, applied);
    for (let i = 0; i < weightsEnd; i++) applied[i] += penalty * search[i];
    const curvature = dot(search, applied);
    if (!(curvature > 0)) break;
    const length = energy / curvature;
    for (let i = 0; i < size; i++) {
      direction[i] += length * search[i];
      residual[i] -= length * applied[i];
    }
    precondition(problem.preconditioner, residual, { outputs, subjects: x.shape[0] }, scaled);
    const next = dot(residual, scaled);
    const momentum = next / energy;
    energy = next;
    for (let i = 0; i < size; i++) search[i] = scaled[i] + momentum * search[i];
  }
  return direction;
}

/** Mean second derivative of the loss by a score, over subjects and outputs. */
function meanCurvature(probability: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < probability.length; i++) sum += probability[i] * (1 - probability[i]);
  return Math.max(sum / probability.length, 1e-3);
}

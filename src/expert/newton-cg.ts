/**
 * A truncated Newton method for ridge-penalized models of one linear score without an intercept: minimizes
 *
 *   loss(X w) + (penalty / 2) ‖w‖²
 *
 * for a convex loss of the scores. Newton's equation is solved by preconditioned conjugate gradients, only as exactly as
 * the distance to the optimum asks for (Nocedal and Wright 2006, algorithm 7.1), and steps are halved until they descend
 * (Armijo). Vectors carry one trailing 0, the place of the intercept in `products.ts`.
 */
import type { Matrix } from '../array/matrix.ts';
import { type Preconditioner, precondition } from './preconditioner.ts';
import { dot, multiply, multiplyTransposed, norm } from './products.ts';

export interface ScoreLoss {
  /** The loss at these scores; fills its derivative by each score. Infinite where it is out of range. */
  evaluate(scores: Float64Array, residuals: Float64Array): number;
  /** Applies the second derivative at the scores last evaluated, in place. */
  curve(u: Float64Array): void;
}

export interface NewtonSolution {
  readonly weights: Float64Array; // [features]
  readonly scores: Float64Array; // [subjects]
  /** The loss's derivative by each score at the solution: in the dual, w = −Xᵀ residuals / penalty. */
  readonly residuals: Float64Array; // [subjects]
  /** The loss at the solution, without the penalty's part. */
  readonly loss: number;
  readonly converged: boolean;
}

interface NewtonOptions {
  readonly penalty: number;
  /** Stop where the gradient's norm has fallen below this share of its norm at w = 0. */
  readonly tolerance: number;
  readonly preconditioner: Preconditioner;
  readonly start?: Float64Array; // [features]
}

const maxNewtonSteps = 100;
const maxConjugateSteps = 250;
const maxHalvings = 40;

export function minimizeByNewton(x: Matrix<Float64Array>, model: ScoreLoss, options: NewtonOptions): NewtonSolution {
  const { penalty, tolerance, start } = options;
  const [n, d] = x.shape;
  const theta = new Float64Array(d + 1);
  const gradient = new Float64Array(d + 1);
  let scores = new Float64Array(n);
  let trial = new Float64Array(n);
  const change = new Float64Array(n);
  const residuals = new Float64Array(n);

  let loss = model.evaluate(scores, residuals);
  gradientAt(x, theta, residuals, penalty, gradient);
  const reference = norm(gradient) || 1;
  if (start) {
    theta.set(start);
    multiply(x, theta, 1, trial);
    const lossThere = model.evaluate(trial, residuals);
    if (lossThere + ridge(theta, penalty) < loss) {
      loss = lossThere;
      [scores, trial] = [trial, scores];
    } else {
      theta.fill(0); // a start worse than none
      model.evaluate(scores, residuals);
    }
  }
  let total = loss + ridge(theta, penalty);
  let converged = false;
  for (let step = 0; step < maxNewtonSteps; step++) {
    gradientAt(x, theta, residuals, penalty, gradient);
    const steepness = norm(gradient) / reference;
    if (steepness <= tolerance) {
      converged = true;
      break;
    }
    const direction = newtonDirection(x, model, gradient, options, Math.min(0.1, Math.sqrt(steepness)));
    multiply(x, direction, 1, change);
    const slope = dot(gradient, direction);
    let accepted = false;
    for (let halving = 0, length = 1; halving < maxHalvings && !accepted; halving++, length /= 2) {
      for (let i = 0; i < n; i++) trial[i] = scores[i] + length * change[i];
      const moved = theta.map((value, j) => value + length * direction[j]);
      const lossThere = model.evaluate(trial, residuals);
      const totalThere = lossThere + ridge(moved, penalty);
      const descends = totalThere <= total + 1e-4 * length * slope;
      if (!descends && !(Math.abs(totalThere - total) <= 1e-13 * Math.abs(total))) continue;
      theta.set(moved);
      [scores, trial] = [trial, scores];
      loss = lossThere;
      total = totalThere;
      accepted = true;
    }
    if (!accepted) {
      model.evaluate(scores, residuals);
      break; // the loss cannot fall further in this arithmetic
    }
  }
  return { weights: theta.slice(0, d), scores, residuals, loss, converged };
}

function gradientAt(
  x: Matrix<Float64Array>,
  theta: Float64Array,
  residuals: Float64Array,
  penalty: number,
  out: Float64Array,
): void {
  multiplyTransposed(x, residuals, 1, out);
  const d = x.shape[1];
  for (let j = 0; j < d; j++) out[j] += penalty * theta[j];
  out[d] = 0;
}

/** Solves H v = −g, H applied as Xᵀ S X + penalty. */
function newtonDirection(
  x: Matrix<Float64Array>,
  model: ScoreLoss,
  gradient: Float64Array,
  { penalty, preconditioner }: NewtonOptions,
  forcing: number,
): Float64Array {
  const [n, d] = x.shape;
  const shape = { outputs: 1, subjects: n };
  const direction = new Float64Array(d + 1);
  const residual = gradient.map((g) => -g);
  const scaled = new Float64Array(d + 1);
  precondition(preconditioner, residual, shape, scaled);
  const search = scaled.slice();
  const applied = new Float64Array(d + 1);
  const scores = new Float64Array(n);
  const enough = forcing * norm(gradient);
  let energy = dot(residual, scaled);
  for (let step = 0; step < maxConjugateSteps && norm(residual) > enough; step++) {
    multiply(x, search, 1, scores);
    model.curve(scores);
    gradientAt(x, search, scores, penalty, applied);
    const curvature = dot(search, applied);
    if (!(curvature > 0)) break;
    const length = energy / curvature;
    for (let j = 0; j < d; j++) {
      direction[j] += length * search[j];
      residual[j] -= length * applied[j];
    }
    precondition(preconditioner, residual, shape, scaled);
    const next = dot(residual, scaled);
    const momentum = next / energy;
    energy = next;
    for (let j = 0; j < d; j++) search[j] = scaled[j] + momentum * search[j];
  }
  return direction;
}

function ridge(theta: Float64Array, penalty: number): number {
  return 0.5 * penalty * dot(theta, theta);
}

import type { Matrix } from '../array/matrix.ts';
import type { SurvivalTimes } from '../score/survival-times.ts';
import { coxLoss } from './cox-likelihood.ts';
import { minimizeByNewton, type NewtonSolution } from './newton-cg.ts';
import { type Preconditioner, preconditioner } from './preconditioner.ts';
import { crossProducts } from './products.ts';

export interface CoxRidgeOptions {
  readonly penalty: number;
  readonly tolerance?: number;
  /** Weights to begin from, such as those of a neighbouring penalty. */
  readonly start?: Float64Array;
  readonly preconditioner?: Preconditioner;
}

/**
 * Cox regression with Efron ties and a ridge penalty: minimizes
 *
 *   −log partial likelihood + (penalty / 2) ‖w‖²
 *
 * on the sum over events, as `softmaxRidge` on the sum over subjects. `penalty` is `alpha` of scikit-survival's
 * `CoxPHSurvivalAnalysis(ties='efron')`, and n times `penalizer` of lifelines' `CoxPHFitter` where columns have a sample
 * standard deviation of 1 (lifelines penalizes weights of columns so scaled, and divides the likelihood by n).
 *
 * @param x [subjects, features], best centred: the model does not change, but the preconditioner fits it better
 * @param tolerance stop where the gradient's norm has fallen below this share of its norm at w = 0
 */
export function coxRidge(
  x: Matrix<Float64Array>,
  times: SurvivalTimes,
  { penalty, tolerance = 1e-8, start, preconditioner: given }: CoxRidgeOptions,
): NewtonSolution {
  return minimizeByNewton(x, coxLoss(times), {
    penalty,
    tolerance,
    preconditioner: given ?? preconditioner(crossProducts(x), penalty, coxCurvature(times)),
    ...(start && { start }),
  });
}

/** Mean curvature of the loss by a score: at any scores, the diagonal part of the second derivative sums to the events. */
export function coxCurvature({ event }: SurvivalTimes): number {
  return (
    Math.max(
      1,
      event.reduce((sum, one) => sum + one, 0),
    ) / event.length
  );
}

/**
 * Coordinate descent on a quadratic model with an elastic-net penalty (Friedman, Hastie and Tibshirani 2010, "Regularization
 * paths for generalized linear models via coordinate descent", eq. 5 and 10): each weight in turn goes to the soft
 * threshold of its best value. Sweeps over all coordinates alternate with sweeps over those that are not zero, and where
 * these creep, with a step on all of these at once.
 */
import type { QuadraticModel } from './quadratic-model.ts';
import { stepOnSupport } from './support-step.ts';
import { alongColumn, type Shrinkage, type SparseColumns } from './working-set.ts';

const maxSweeps = 2000;
const patience = 5; // sweeps over the support before a step on all of it

/**
 * Moves the weights [columns, outputs] in place until no step of a sweep meets a slope of more than `enough`.
 *
 * @param gradient of the model by scores [subjects, outputs] at those weights; followed in place
 */
export function descend(
  given: SparseColumns,
  model: QuadraticModel,
  shrinkage: Shrinkage,
  state: { readonly weights: Float64Array; readonly gradient: Float64Array; readonly enough: number },
): void {
  const { columns, outputs, penalized } = given;
  const { l1, l2 } = shrinkage;
  const { weights, gradient, enough } = state;
  const subjects = gradient.length / outputs;
  const count = weights.length / outputs;

  /** Steps along one coordinate; returns the slope that it met, net of the penalty. */
  const visit = (a: number, k: number): number => {
    const c = a * outputs + k;
    const weight = weights[c];
    const slope = alongColumn(columns, a * subjects, gradient, outputs, k);
    const threshold = a < penalized ? l1 : 0;
    if (weight === 0 && Math.abs(slope) <= threshold) return 0;
    const curvature = model.curvature(a, k);
    const stiffness = curvature + (a < penalized ? l2 : 0);
    if (!(stiffness > 0)) return 0; // a column that the model does not feel
    const moved = softThreshold(curvature * weight - slope, threshold) / stiffness;
    const by = moved - weight;
    if (by === 0) return 0;
    weights[c] = moved;
    model.move(a, k, by, gradient);
    return Math.abs(by) * stiffness;
  };
  const sweep = (everything: boolean): number => {
    let steepest = 0;
    for (let a = 0; a < count; a++) {
      for (let k = 0; k < outputs; k++) {
        if (everything || a >= penalized || weights[a * outputs + k] !== 0) steepest = Math.max(steepest, visit(a, k));
      }
    }
    return steepest;
  };
  for (let sweeps = 0; sweeps < maxSweeps; ) {
    sweeps++;
    if (sweep(true) <= enough) return;
    let creeping = 0;
    while (sweeps < maxSweeps && sweep(false) > enough) {
      sweeps++;
      if (++creeping % patience === 0) stepOnSupport(given, model, shrinkage, state);
    }
  }
}

function softThreshold(value: number, threshold: number): number {
  if (value > threshold) return value - threshold;
  return value < -threshold ? value + threshold : 0;
}

import { cholesky, solveCholesky } from '../array/cholesky.ts';
import type { Matrix } from '../array/matrix.ts';

/**
 * Takes the curvature of all subjects to be alike: (w̄ XᵀX + penalty)⁻¹ is near enough to the inverse Hessian, and one factor
 * serves neighbouring penalties and all inner folds of a training part.
 */
export interface Preconditioner {
  readonly factor: Matrix<Float64Array>; // lower, [features, features]
  /** Mean curvature of the loss it was made for, which also scales the intercept's. */
  readonly curvature: number;
}

/**
 * @param products XᵀX of the subjects, or of more subjects of the same kind
 * @param share how many of those subjects a fit uses
 */
export function preconditioner(
  products: Matrix<Float64Array>,
  penalty: number,
  curvature: number,
  share = 1,
): Preconditioner {
  return { factor: cholesky(products, { scale: curvature * share, shift: penalty }), curvature };
}

/** out = (w̄ XᵀX + penalty)⁻¹ residual for each output's weights, and the like for its intercept, which stand at the end. */
export function precondition(
  { factor, curvature }: Preconditioner,
  residual: Float64Array,
  { outputs, subjects }: { readonly outputs: number; readonly subjects: number },
  out: Float64Array,
): void {
  const d = factor.shape[0];
  out.set(residual);
  for (let k = 0; k < outputs; k++) {
    solveCholesky(factor, out.subarray(k * d, (k + 1) * d));
    out[outputs * d + k] = residual[outputs * d + k] / (curvature * subjects);
  }
}

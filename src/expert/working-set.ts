/** The columns that a sparse fit computes with, and the penalty that holds their weights. */

/** l1 ‖w‖₁ + (l2 / 2) ‖w‖². */
export interface Shrinkage {
  readonly l1: number;
  readonly l2: number;
}

/** The chosen features side by side, and the intercept where there is one. */
export interface SparseColumns {
  /** The intercept's column of ones, if there is one, stands last. */
  readonly columns: Float64Array; // [columns, subjects]
  readonly outputs: number;
  /** How many of the columns are shrunk: all, or all but the last. */
  readonly penalized: number;
}

/** x · g of one output. */
export function alongColumn(
  columns: Float64Array,
  from: number,
  gradient: Float64Array,
  outputs: number,
  k: number,
): number {
  let sum = 0;
  for (let at = k, i = from; at < gradient.length; at += outputs, i++) sum += columns[i] * gradient[at];
  return sum;
}

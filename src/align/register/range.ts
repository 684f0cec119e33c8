/** Bins left free at each end of the moving axis, for the spline's reach. */
export const margin = 2;

/** Least and greatest moving value that the bins tell apart. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

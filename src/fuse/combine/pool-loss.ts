/** How badly a pooled opinion on training subjects fares, by the kind of target: what convex weights are chosen by. */
import { type Matrix, matrix } from '../../array/matrix.ts';
import { type SurvivalTarget, type Target, takeTarget, type ValueTarget } from '../../describe/target.ts';
import { coxLoss } from '../../expert/cox-likelihood.ts';
import { coxRidge } from '../../expert/cox-ridge.ts';

export interface PoolLoss {
  /** Of an opinion [subjects, width] the one number on each subject that the loss goes by. */
  numbersOf(opinion: Matrix<Float64Array>): Float64Array; // [subjects]
  /** The loss of pooled numbers, about 1 where nothing is known, and its derivative by each of them. */
  evaluate(pooled: Float64Array): { readonly value: number; readonly slopes: Float64Array };
  /** What one unit of log-likelihood of all subjects is worth, given the loss of equal weights. */
  nat(ofEqualWeights: number): number;
}

/** @returns undefined where these subjects tell nothing: no event, or the same value throughout */
export function poolLoss(target: Target, rows: Int32Array): PoolLoss | undefined {
  const taken = takeTarget(target, rows);
  switch (taken.kind) {
    case 'classes':
      return logLoss(taken.labels, rows);
    case 'value':
      return squaredError(taken, rows);
    case 'survival':
      return partialLikelihood(taken, rows);
  }
}

const smallest = 1e-15; // probability, so that the loss stays finite

/** The mean of −log p(class); linear pooling keeps it convex, in terms of the probability of the true class alone. */
function logLoss(labels: Int32Array, rows: Int32Array): PoolLoss | undefined {
  if (rows.length === 0) return undefined;
  return {
    numbersOf: ({ data, shape }) =>
      Float64Array.from(rows, (row, i) => Math.max(smallest, data[row * shape[1] + labels[i]])),
    evaluate(pooled) {
      const value = pooled.reduce((sum, p) => sum - Math.log(p), 0) / pooled.length;
      return { value, slopes: pooled.map((p) => -1 / (p * pooled.length)) };
    },
    nat: () => 1 / rows.length,
  };
}

/** The mean squared error over the variance. */
function squaredError({ values }: ValueTarget, rows: Int32Array): PoolLoss | undefined {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  if (!(spread > 0)) return undefined;
  return {
    numbersOf: ({ data }) => Float64Array.from(rows, (row) => data[row]),
    evaluate(pooled) {
      const errors = pooled.map((value, i) => value - values[i]);
      const value = errors.reduce((sum, error) => sum + error * error, 0) / spread;
      return { value, slopes: errors.map((error) => (2 * error) / spread) };
    },
    // Of Gaussian errors with the variance that equal weights leave.
    nat: (ofEqualWeights) => (2 * ofEqualWeights) / rows.length,
  };
}

const slight = 1e-3; // penalty that keeps the slope finite where risks part the events perfectly
const leastSlope = 0.01; // so that weights are pulled towards whoever knows something, also where the pool knows nothing

/** The mean of −log partial likelihood over events, of risks times the slope that suits them best, which is never negative. */
function partialLikelihood(times: SurvivalTarget, rows: Int32Array): PoolLoss | undefined {
  const events = times.event.reduce((sum, one) => sum + one, 0);
  if (events === 0) return undefined;
  const loss = coxLoss(times);
  return {
    numbersOf: ({ data }) => Float64Array.from(rows, (row) => data[row]),
    evaluate(pooled) {
      const [best] = coxRidge(matrix(pooled.length, 1, pooled), times, { penalty: slight, tolerance: 1e-10 }).weights;
      const slope = Math.max(leastSlope, best);
      const residuals = new Float64Array(pooled.length);
      const scores = pooled.map((risk) => slope * risk);
      const value = loss.evaluate(scores, residuals) + 0.5 * slight * slope * slope;
      return { value: value / events, slopes: residuals.map((residual) => (slope * residual) / events) };
    },
    nat: () => 1 / events,
  };
}

import { studentQuantile } from '../array/distributions.ts';
import type { WaldEstimate } from './calibration-slope.ts';
import { checkSubjects } from './survival-times.ts';

/** The least-squares line of true on predicted values, y = intercept + slope ŷ. */
export interface CalibrationLine {
  /** 1 is right; below, predictions are too far apart. */
  readonly slope: WaldEstimate;
  /** In the unit of the values; 0 is right where the slope is 1. */
  readonly intercept: WaldEstimate;
  /** Mean of y − ŷ, calibration in the large: 0 is right. Its interval by Student's t with n − 1 degrees of freedom. */
  readonly meanError: WaldEstimate;
}

/**
 * Calibration of predicted values. Intervals by Student's t with n − 2 degrees of freedom. Undefined with fewer than three
 * subjects, and where all predictions are the same.
 */
export function calibrationLine(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  level = 0.95,
): CalibrationLine | undefined {
  checkSubjects(predicted, truth.length, 'calibrationLine: predicted');
  const n = truth.length;
  let meanTruth = 0;
  let meanPredicted = 0;
  for (let i = 0; i < n; i++) {
    meanTruth += truth[i] / n;
    meanPredicted += predicted[i] / n;
  }
  let xx = 0;
  let xy = 0;
  for (let i = 0; i < n; i++) {
    xx += (predicted[i] - meanPredicted) ** 2;
    xy += (predicted[i] - meanPredicted) * (truth[i] - meanTruth);
  }
  if (n < 3 || xx <= n * (1e-12 * meanPredicted) ** 2) return undefined;
  const slope = xy / xx;
  const intercept = meanTruth - slope * meanPredicted;
  let left = 0;
  for (let i = 0; i < n; i++) left += (truth[i] - intercept - slope * predicted[i]) ** 2;
  const variance = left / (n - 2);
  const meanError = meanTruth - meanPredicted;
  let spread = 0;
  for (let i = 0; i < n; i++) spread += (truth[i] - predicted[i] - meanError) ** 2;
  const estimated = (estimate: number, standardError: number, degrees: number): WaldEstimate => {
    const t = -studentQuantile((1 - level) / 2, degrees);
    return {
      estimate,
      standardError,
      low: estimate - t * standardError,
      high: estimate + t * standardError,
    };
  };
  return {
    slope: estimated(slope, Math.sqrt(variance / xx), n - 2),
    intercept: estimated(intercept, Math.sqrt(variance * (1 / n + meanPredicted ** 2 / xx)), n - 2),
    meanError: estimated(meanError, Math.sqrt(spread / (n - 1) / n), n - 1),
  };
}

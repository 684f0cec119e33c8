import type { Matrix } from '../array/matrix.ts';
import { type CalibrationCount, calibrationCurve } from './calibration.ts';
import { checkClasses, checkProbabilities } from './check-classes.ts';
import { predictedClasses } from './confusion.ts';
import { equalCountGroups } from './equal-count.ts';
import { checkSubjects } from './survival-times.ts';

export interface CalibrationErrorOptions {
  readonly bins?: number;
  /** `equal-count`: as many subjects in each bin, ties together. `equal-width`: bins of the probability, 1 / `bins` wide. */
  readonly by?: 'equal-count' | 'equal-width';
}

/** The calibration curve over bins of equal counts; `low` and `high` are the least and the largest probability in a bin. */
export function calibrationGroups(
  probability: ArrayLike<number>,
  event: ArrayLike<number>,
  bins = 10,
): readonly CalibrationCount[] {
  return equalCountGroups(probability, bins).map((subjects) => {
    let predicted = 0;
    let events = 0;
    for (const i of subjects) {
      predicted += probability[i];
      if (event[i]) events++;
    }
    const n = subjects.length;
    return {
      low: probability[subjects[0]],
      high: probability[subjects[n - 1]],
      meanPredicted: predicted / n,
      observed: events / n,
      n,
    };
  });
}

/**
 * Expected calibration error of the probability of an event: |share with the event − mean probability| of each bin,
 * averaged over subjects (Naeini et al. 2015 by equal width, Nguyen and O'Connor 2015 by equal counts, the default here).
 * Chance alone keeps it above 0 in small samples, more so with more bins: compare only equal sizes and bins. Undefined for
 * no subjects.
 */
export function expectedCalibrationError(
  probability: ArrayLike<number>,
  event: ArrayLike<number>,
  { bins = 10, by = 'equal-count' }: CalibrationErrorOptions = {},
): number | undefined {
  checkSubjects(event, probability.length, 'expectedCalibrationError: event');
  checkProbabilities(probability, 'expectedCalibrationError');
  const curve =
    by === 'equal-count' ? calibrationGroups(probability, event, bins) : calibrationCurve(probability, event, bins);
  let sum = 0;
  for (const { observed, meanPredicted, n } of curve) sum += n * Math.abs(observed - meanPredicted);
  return probability.length === 0 ? undefined : sum / probability.length;
}

/**
 * The error of the confidence: probability of the predicted class against whether it is right (Guo et al. 2017), for any
 * number of classes. With more than two it says nothing of the other classes' probabilities.
 */
export function topLabelCalibrationError(
  probability: Matrix,
  labels: ArrayLike<number>,
  options: CalibrationErrorOptions = {},
): number | undefined {
  checkClasses(probability, labels, 'topLabelCalibrationError');
  const predicted = predictedClasses(probability);
  const confidence = Float64Array.from(predicted, (c, i) => probability.data[i * probability.shape[1] + c]);
  const right = Uint8Array.from(predicted, (c, i) => (c === labels[i] ? 1 : 0));
  return expectedCalibrationError(confidence, right, options);
}

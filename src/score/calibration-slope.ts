/**
 * Whether a predicted probability of an event means what it says (Cox 1958; Van Calster et al. 2016, "A calibration
 * hierarchy for risk models"), by logistic regression of what happened on the predicted log-odds.
 */
import { normalQuantile } from '../array/distributions.ts';
import { type Matrix, zeros } from '../array/matrix.ts';
import {
  applyRecalibration,
  boundedLog,
  type LogisticRecalibration,
  logisticRecalibration,
} from './logistic-recalibration.ts';
import { checkSubjects } from './survival-times.ts';

/** A maximum-likelihood estimate with its normal (Wald) interval. */
export interface WaldEstimate {
  readonly estimate: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
}

export interface CalibrationSlope {
  /** The b of logit P(event) = a + b logit p. 1 is right; below, predictions are too extreme (overfitting). */
  readonly slope?: WaldEstimate;
  /** Calibration in the large, the a of logit P(event) = a + logit p. 0 is right; above, events are told too rarely. */
  readonly intercept?: WaldEstimate;
}

/**
 * Probabilities of exactly 0 or 1 count as 2.2e-16 and 1 − 2.2e-16. Both figures are absent without events or without
 * others; the slope also where all probabilities are the same, and where they separate events from others perfectly, which
 * no finite slope describes.
 *
 * @param probability of the event [subjects]
 * @param event 1 for events, 0 otherwise [subjects]
 * @param level coverage of the intervals
 */
export function calibrationSlope(
  probability: ArrayLike<number>,
  event: ArrayLike<number>,
  level = 0.95,
): CalibrationSlope {
  checkSubjects(event, probability.length, 'calibrationSlope: event');
  const told = bothClasses(probability);
  const labels = Int32Array.from(event, (happened) => (happened ? 1 : 0));
  const free = logisticRecalibration(told, labels);
  const shifted = logisticRecalibration(told, labels, { slope: 1 });
  return {
    ...(free && { slope: wald(free.slope, 1 / Math.sqrt(information(told, free).ofSlope), level) }),
    ...(shifted && {
      intercept: wald(shifted.intercepts[1], 1 / Math.sqrt(information(told, shifted).ofIntercept), level),
    }),
  };
}

export function wald(estimate: number, standardError: number, level: number): WaldEstimate {
  const half = -normalQuantile((1 - level) / 2) * standardError;
  return { estimate, standardError, low: estimate - half, high: estimate + half };
}

function bothClasses(probability: ArrayLike<number>): Matrix<Float64Array> {
  const told = zeros(probability.length, 2);
  for (let i = 0; i < probability.length; i++) {
    told.data[2 * i] = 1 - probability[i];
    told.data[2 * i + 1] = probability[i];
  }
  return told;
}

/** Fisher information of the intercept at a known slope, and of the slope with the intercept free. */
function information(told: Matrix, model: LogisticRecalibration) {
  const [subjects] = told.shape;
  const { data } = applyRecalibration(told, model);
  const weights = new Float64Array(subjects);
  const logOdds = new Float64Array(subjects);
  let total = 0;
  let mean = 0;
  for (let i = 0; i < subjects; i++) {
    weights[i] = data[2 * i] * data[2 * i + 1];
    logOdds[i] = boundedLog(told.data[2 * i + 1]) - boundedLog(told.data[2 * i]);
    total += weights[i];
    mean += weights[i] * logOdds[i];
  }
  mean /= total;
  let spread = 0;
  for (let i = 0; i < subjects; i++) spread += weights[i] * (logOdds[i] - mean) ** 2;
  return { ofIntercept: total, ofSlope: spread };
}

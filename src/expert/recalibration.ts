/**
 * Recalibration: an expert's probabilities told anew, so that they mean what they say. It learns from predictions of
 * subjects that the expert had not seen (Platt 1999; Steyerberg et al. 2004), one slope (the inverse of the temperature of
 * Guo et al. 2017) and an intercept a class. For risks of a Cox model the slope alone is estimated (van Houwelingen 2000).
 */
import type { Matrix } from '../array/matrix.ts';
import { type WaldEstimate, wald } from '../score/calibration-slope.ts';
import { checkClasses } from '../score/check-classes.ts';
import { applyRecalibration, logisticRecalibration } from '../score/logistic-recalibration.ts';
import { checkSubjects, checkSurvivalTimes, type SurvivalTimes } from '../score/survival-times.ts';
import { coxLoss } from './cox-likelihood.ts';

/** Plain JSON, to be saved with the model. */
export interface RecalibrationState {
  /**
   * `fitted`: most likely. `bounded`: the slope stands at the end of 0.01 to 100, its intercepts most likely there; the
   * lower end means that the order of subjects held no information, or was upside down. `few`: a class has fewer than ten
   * subjects, `undetermined`: classes are perfectly separated or all are told the same; both leave probabilities as they
   * are.
   */
  readonly basis: 'fitted' | 'bounded' | 'few' | 'undetermined';
  readonly slope: number;
  readonly intercepts: readonly number[]; // [classes], the first 0
}

export interface Recalibrated {
  readonly state: RecalibrationState;
  /** Probabilities told anew, [subjects, classes]. Of two classes, subjects keep their order. */
  apply(probability: Matrix): Matrix<Float64Array>;
}

const fewest = 10; // subjects of a class
const slopes = { low: 0.01, high: 100 };

/**
 * Learns from out-of-fold predictions of training subjects. The slope is held to 0.01 .. 100, so that it never turns the
 * order of subjects round.
 *
 * @param probability [subjects, classes]
 * @param labels class indices [subjects]
 * @throws InputError where labels or probabilities are unusable
 */
export function recalibrated(probability: Matrix, labels: ArrayLike<number>): Recalibrated {
  checkClasses(probability, labels, 'recalibrated');
  const counts = new Int32Array(probability.shape[1]);
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  const asItIs = { slope: 1, intercepts: Array.from(counts, () => 0) };
  if (counts.some((n) => n < fewest)) return openRecalibrated({ basis: 'few', ...asItIs });
  const free = logisticRecalibration(probability, labels);
  if (!free) return openRecalibrated({ basis: 'undetermined', ...asItIs });
  const slope = Math.min(Math.max(free.slope, slopes.low), slopes.high);
  // The likelihood is concave: within bounds its top lies at the bound, where it lies beyond without them.
  const kept = slope === free.slope ? free : logisticRecalibration(probability, labels, { slope });
  if (!kept) return openRecalibrated({ basis: 'undetermined', ...asItIs });
  const basis = kept === free ? 'fitted' : 'bounded';
  return openRecalibrated({ basis, slope, intercepts: [...kept.intercepts] });
}

export function openRecalibrated(state: RecalibrationState): Recalibrated {
  const unchanged = state.basis === 'few' || state.basis === 'undetermined';
  return {
    state,
    apply(probability) {
      if (unchanged) return { shape: probability.shape, data: Float64Array.from(probability.data) };
      return applyRecalibration(probability, state);
    },
  };
}

const maxSteps = 50;

/**
 * The calibration slope of linear predictors: the coefficient of a Cox model with them as its only feature (Efron ties).
 * 1 is right; below, risks are told too far apart. Undefined without events, where all predictors are the same, and where
 * they order the events so perfectly that no finite slope is most likely.
 *
 * @throws InputError where times or predictors are unusable
 */
export function coxCalibrationSlope(
  times: SurvivalTimes,
  linearPredictor: ArrayLike<number>,
  level = 0.95,
): WaldEstimate | undefined {
  checkSurvivalTimes(times, 'coxCalibrationSlope');
  const n = times.timeDays.length;
  checkSubjects(linearPredictor, n, 'coxCalibrationSlope: linearPredictor');
  const { centred, scale } = standardized(linearPredictor);
  if (scale === 0 || !times.event.includes(1)) return undefined;
  const model = coxLoss(times);
  const scores = new Float64Array(n);
  const residuals = new Float64Array(n);
  const curved = new Float64Array(n);
  let slope = 0; // of the standardized predictor
  let loss = model.evaluate(scores, residuals);
  let curvatureAtZero = 0;
  for (let step = 0; step < maxSteps; step++) {
    curved.set(centred);
    model.curve(curved);
    let gradient = 0;
    let curvature = 0;
    for (let i = 0; i < n; i++) {
      gradient += residuals[i] * centred[i];
      curvature += curved[i] * centred[i];
    }
    if (step === 0) curvatureAtZero = curvature;
    if (!(curvature > 1e-10 * curvatureAtZero)) return undefined; // the slope has run off
    const change = -gradient / curvature;
    const start = slope;
    const before = loss * (1 + 1e-13);
    let length = 2;
    do {
      length /= 2;
      slope = start + length * change;
      for (let i = 0; i < n; i++) scores[i] = slope * centred[i];
      loss = model.evaluate(scores, residuals);
    } while (!(loss <= before) && length > 1e-9);
    if (Math.abs(change) <= 1e-10) return wald(slope / scale, 1 / Math.sqrt(curvature) / scale, level);
  }
  return undefined;
}

/** Mean 0 and variance 1; a scale of 0 where all are equal but for rounding. */
function standardized(values: ArrayLike<number>) {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i] / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i] - mean) ** 2 / n;
  const scale = squares > (1e-12 * (1 + Math.abs(mean))) ** 2 ? Math.sqrt(squares) : 0;
  return { centred: Float64Array.from(values, (value) => (scale > 0 ? (value - mean) / scale : 0)), scale };
}

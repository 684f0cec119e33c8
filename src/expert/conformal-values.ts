import { checkSubjects } from '../score/survival-times.ts';
import { type ConformalThresholds, checkPatterns, conformalThresholds, thresholdOf } from './conformal.ts';

export interface ConformalValuesOptions {
  /** Share of subjects whose interval is to hold the true value. */
  readonly level?: number;
  /** The modalities each subject has, in one spelling; absent: not told apart. */
  readonly pattern?: readonly string[];
}

/** Plain JSON, to be saved with the model. */
export interface ConformalValuesState {
  readonly level: number;
  /** Of |y − ŷ|, in the unit of the values. */
  readonly thresholds: ConformalThresholds;
}

export interface ConformalIntervals {
  /** −Infinity where training subjects were too few for this level. */
  readonly low: Float64Array; // [subjects]
  /** Infinity in the same places. */
  readonly high: Float64Array; // [subjects]
}

export interface ConformalValues {
  readonly state: ConformalValuesState;
  apply(predicted: ArrayLike<number>, pattern?: readonly string[]): ConformalIntervals;
}

/**
 * Intervals ŷ ± a threshold on |y − ŷ| (Lei et al. 2018): as wide for everyone with the same modalities.
 *
 * @param truth [subjects]
 * @param predicted out-of-fold predictions of the same training subjects
 * @throws InputError where predictions, patterns or the level are unusable
 */
export function conformalValues(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { level = 0.9, pattern }: ConformalValuesOptions = {},
): ConformalValues {
  checkSubjects(predicted, truth.length, 'conformalValues: predicted');
  const errors = Float64Array.from(truth, (y, i) => Math.abs(y - predicted[i]));
  if (pattern) checkPatterns(pattern, truth.length);
  return openConformalValues({ level, thresholds: conformalThresholds(errors, level, pattern) });
}

export function openConformalValues(state: ConformalValuesState): ConformalValues {
  return {
    state,
    apply(predicted, pattern) {
      if (pattern) checkPatterns(pattern, predicted.length);
      const half = Float64Array.from(predicted, (_, i) => thresholdOf(state.thresholds, pattern?.[i]));
      return {
        low: half.map((width, i) => predicted[i] - width),
        high: half.map((width, i) => predicted[i] + width),
      };
    },
  };
}

import type { Matrix } from '../array/matrix.ts';
import { checkClasses } from '../score/check-classes.ts';
import { type ConformalThresholds, checkPatterns, conformalThresholds, thresholdOf } from './conformal.ts';

export interface ConformalClassesOptions {
  /** Share of subjects whose set is to hold the true class. */
  readonly level?: number;
  /** `all`: over subjects. `class`: within each class, so that a rare one is not sacrificed to a frequent one. */
  readonly within?: 'all' | 'class';
  /** The modalities each subject has, in one spelling; absent: not told apart. */
  readonly pattern?: readonly string[];
}

/** Plain JSON, to be saved with the model. */
export interface ConformalClassesState {
  readonly level: number;
  readonly within: 'all' | 'class';
  /** One for all, or one a class. */
  readonly thresholds: readonly ConformalThresholds[];
}

export interface ConformalClasses {
  readonly state: ConformalClassesState;
  /**
   * 1 where a class belongs to a subject's set [subjects, classes]. A set may be empty: no class looks like those seen in
   * training; several: they cannot be told apart at this level.
   */
  apply(probability: Matrix, pattern?: readonly string[]): Uint8Array;
}

/**
 * Sets of classes by the score 1 − p of the true class (Sadinle, Lei and Wasserman 2019: on average the smallest sets, at
 * the price of empty ones). Within classes, a class with too few subjects belongs to every set: it takes no other class's
 * threshold.
 *
 * @param probability out-of-fold predictions of training subjects [subjects, classes]
 * @param labels class indices [subjects]
 * @throws InputError where labels, probabilities, patterns or the level are unusable
 */
export function conformalClasses(
  probability: Matrix,
  labels: ArrayLike<number>,
  { level = 0.9, within = 'all', pattern }: ConformalClassesOptions = {},
): ConformalClasses {
  checkClasses(probability, labels, 'conformalClasses');
  if (pattern) checkPatterns(pattern, labels.length);
  const classes = probability.shape[1];
  const everyone = Array.from(labels, (_, i) => i);
  const strata =
    within === 'all' ? [everyone] : Array.from({ length: classes }, (_, c) => everyone.filter((i) => labels[i] === c));
  const thresholds = strata.map((subjects) =>
    conformalThresholds(
      subjects.map((i) => 1 - probability.data[i * classes + labels[i]]),
      level,
      pattern && subjects.map((i) => pattern[i]),
    ),
  );
  return openConformalClasses({ level, within, thresholds });
}

export function openConformalClasses(state: ConformalClassesState): ConformalClasses {
  return {
    state,
    apply({ shape: [subjects, classes], data }, pattern) {
      if (pattern) checkPatterns(pattern, subjects);
      const sets = new Uint8Array(subjects * classes); // [subjects, classes]
      for (let i = 0; i < subjects; i++) {
        const limits = state.thresholds.map((thresholds) => thresholdOf(thresholds, pattern?.[i]));
        for (let c = 0; c < classes; c++) {
          sets[i * classes + c] = 1 - data[i * classes + c] <= limits[state.within === 'all' ? 0 : c] ? 1 : 0;
        }
      }
      return sets;
    },
  };
}

/** How many sets hold no class, one, two, ..: [classes + 1]. */
export function setSizes(sets: Uint8Array, classes: number): Int32Array {
  const counts = new Int32Array(classes + 1);
  for (let from = 0; from < sets.length; from += classes) counts[sizeAt(sets, from, classes)]++;
  return counts;
}

export function sizeAt(sets: Uint8Array, from: number, classes: number): number {
  let size = 0;
  for (let c = 0; c < classes; c++) size += sets[from + c];
  return size;
}

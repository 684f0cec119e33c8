import { checkProbabilities } from './check-classes.ts';
import { equalCountGroups } from './equal-count.ts';
import { curveAt, kaplanMeier } from './kaplan-meier.ts';
import { checkSubjects, checkSurvivalTimes, type SurvivalTimes, stepsUpTo } from './survival-times.ts';

/** Subjects of like predicted survival at one time. */
export interface SurvivalCalibrationGroup {
  readonly n: number;
  /** Mean predicted probability of being without the event. */
  readonly meanPredicted: number;
  /** The same by Kaplan and Meier, with its interval; absent where nobody was followed up so far. */
  readonly observed?: { readonly estimate: number; readonly low: number; readonly high: number };
}

export interface SurvivalCalibrationOptions {
  readonly atDays: number;
  /** Groups of equal size; each needs some dozens of subjects. */
  readonly groups?: number;
  readonly level?: number;
}

/**
 * Observed against predicted survival at a time, by groups of predicted survival (Harrell 2015, "Regression modeling
 * strategies", 5.3 and 20.11), from low to high. Censoring has to be independent of the event within a group.
 *
 * @param survival predicted probability of being without the event at `atDays` [subjects]
 * @throws InputError where times or probabilities are unusable
 */
export function survivalCalibration(
  times: SurvivalTimes,
  survival: ArrayLike<number>,
  { atDays, groups = 5, level = 0.95 }: SurvivalCalibrationOptions,
): readonly SurvivalCalibrationGroup[] {
  checkSurvivalTimes(times, 'survivalCalibration');
  checkSubjects(survival, times.timeDays.length, 'survivalCalibration: survival');
  checkProbabilities(survival, 'survivalCalibration');
  return equalCountGroups(survival, groups).map((subjects) => {
    let sum = 0;
    for (const i of subjects) sum += survival[i];
    const own = {
      timeDays: Float64Array.from(subjects, (i) => times.timeDays[i]),
      event: Uint8Array.from(subjects, (i) => times.event[i]),
    };
    const observed = observedAt(own, atDays, level);
    return { n: subjects.length, meanPredicted: sum / subjects.length, ...(observed && { observed }) };
  });
}

function observedAt(times: SurvivalTimes, atDays: number, level: number) {
  const curve = kaplanMeier(times, { level });
  const estimate = curveAt(curve, atDays);
  const steps = stepsUpTo(curve.timesDays, atDays);
  if (steps === curve.timesDays.length && estimate > 0 && curve.timesDays[steps - 1] < atDays) return undefined;
  if (steps === 0) return { estimate, low: estimate, high: estimate };
  return { estimate, low: curve.low[steps - 1], high: curve.high[steps - 1] };
}

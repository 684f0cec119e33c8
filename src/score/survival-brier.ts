import type { Matrix } from '../array/matrix.ts';
import { InputError } from '../errors.ts';
import { censoringCurve, curveAt } from './kaplan-meier.ts';
import { checkSubjects, checkSurvivalTimes, type SurvivalTimes } from './survival-times.ts';
import { checkAscending } from './time-dependent-auroc.ts';

export interface SurvivalBrierOptions {
  /** Ascending; the times of the columns of `survival`. */
  readonly atDays: ArrayLike<number>;
  /** Whose censoring is described; by default the subjects scored. Give training subjects, of whom there are more. */
  readonly train?: SurvivalTimes;
}

export interface SurvivalBrier {
  /** Undefined where G is 0 at an event or at a time that somebody outlived. */
  readonly brier: readonly (number | undefined)[]; // [times]
  /** Trapezoidal mean over the times; undefined for a single time and where one of them is. */
  readonly integrated: number | undefined;
}

/**
 * The Brier score of survival probabilities, weighted against censoring (Graf et al. 1999), from 0 (best): at each time t
 * the mean over subjects of S(t)² / G(own time) for those with the event up to t, and of (1 − S(t))² / G(t) for those still
 * without it; who was censored before counts 0 in the sum.
 *
 * @param survival probabilities of being without the event [subjects, times]
 * @throws InputError where times or probabilities are unusable
 */
export function survivalBrier(
  times: SurvivalTimes,
  survival: Matrix,
  { atDays, train = times }: SurvivalBrierOptions,
): SurvivalBrier {
  const where = 'survivalBrier';
  checkSurvivalTimes(times, where);
  checkSurvivalTimes(train, `${where}: train`);
  checkAscending(atDays, where);
  const n = times.timeDays.length;
  if (survival.shape[1] !== atDays.length || survival.shape[0] !== n) {
    throw new InputError({
      where: `${where}: survival`,
      what: 'other subjects or times',
      expected: `[${n}, ${atDays.length}]`,
      got: `[${survival.shape.join(', ')}]`,
    });
  }
  checkSubjects(survival.data, n * atDays.length, `${where}: survival`);
  const uncensored = censoringCurve(train);
  const atOwnTime = times.timeDays.map((t) => curveAt(uncensored, t));
  const brier = Array.from(atDays, (t, j) => {
    const atTime = curveAt(uncensored, t);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const p = survival.data[i * atDays.length + j];
      if (times.timeDays[i] > t) sum += (1 - p) ** 2 / atTime;
      else if (times.event[i]) sum += p ** 2 / atOwnTime[i];
    }
    return n > 0 && Number.isFinite(sum) ? sum / n : undefined;
  });
  return { brier, integrated: trapezoidalMean(brier, atDays) };
}

function trapezoidalMean(values: readonly (number | undefined)[], at: ArrayLike<number>): number | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length || known.length < 2) return undefined;
  let area = 0;
  for (let j = 1; j < known.length; j++) area += 0.5 * (known[j] + known[j - 1]) * (at[j] - at[j - 1]);
  return area / (at[known.length - 1] - at[0]);
}

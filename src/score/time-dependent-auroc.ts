import { InputError } from '../errors.ts';
import { censoringCurve, curveAt, kaplanMeier } from './kaplan-meier.ts';
import { checkSubjects, checkSurvivalTimes, type SurvivalTimes } from './survival-times.ts';

export interface TimeDependentAurocOptions {
  /** Ascending. Useful ones lie well inside the follow-up of both the training and the scored subjects. */
  readonly atDays: ArrayLike<number>;
  /** Whose censoring is described; by default the subjects scored. Give training subjects, of whom there are more. */
  readonly train?: SurvivalTimes;
}

export interface TimeDependentAuroc {
  readonly auroc: readonly (number | undefined)[]; // [times]
  /** Mean over the times, weighted by the drop of the Kaplan-Meier curve up to each; undefined where one of them is. */
  readonly mean: number | undefined;
}

/**
 * The cumulative/dynamic AUROC: at each time t, the chance that a subject with the event up to t had a higher risk than one
 * still without it, ties half, events weighted by 1 / G(time) against censoring (Uno et al. 2007; Hung and Chiang 2010).
 * Undefined where nobody has had the event by t, nobody is left, or G is 0 at an event.
 *
 * @throws InputError where times or risks are unusable
 */
export function timeDependentAuroc(
  times: SurvivalTimes,
  risk: ArrayLike<number>,
  { atDays, train = times }: TimeDependentAurocOptions,
): TimeDependentAuroc {
  const where = 'timeDependentAuroc';
  checkSurvivalTimes(times, where);
  checkSurvivalTimes(train, `${where}: train`);
  checkSubjects(risk, times.timeDays.length, `${where}: risk`);
  checkAscending(atDays, where);
  const uncensored = censoringCurve(train);
  const weights = times.timeDays.map((t, i) => (times.event[i] ? 1 / curveAt(uncensored, t) : 0));
  const byRisk = Array.from(times.timeDays.keys()).sort((a, b) => risk[a] - risk[b]);
  const auroc = Array.from(atDays, (t) => aurocAt(t, times, risk, weights, byRisk));
  return { auroc, mean: weightedMean(auroc, times, atDays) };
}

/** One pass from the lowest risk to the highest. */
function aurocAt(
  t: number,
  { timeDays, event }: SurvivalTimes,
  risk: ArrayLike<number>,
  weights: Float64Array,
  byRisk: readonly number[],
): number | undefined {
  let wins = 0;
  let cases = 0; // their weights
  let controls = 0;
  for (let begin = 0; begin < byRisk.length; ) {
    let end = begin;
    let casesHere = 0;
    let controlsHere = 0;
    for (; end < byRisk.length && risk[byRisk[end]] === risk[byRisk[begin]]; end++) {
      const i = byRisk[end];
      if (timeDays[i] > t) controlsHere++;
      else if (event[i]) casesHere += weights[i];
    }
    wins += casesHere * (controls + 0.5 * controlsHere);
    cases += casesHere;
    controls += controlsHere;
    begin = end;
  }
  return cases > 0 && cases < Number.POSITIVE_INFINITY && controls > 0 ? wins / (cases * controls) : undefined;
}

function weightedMean(
  auroc: readonly (number | undefined)[],
  times: SurvivalTimes,
  atDays: ArrayLike<number>,
): number | undefined {
  const curve = kaplanMeier(times);
  let sum = 0;
  let before = 1;
  for (const [j, value] of auroc.entries()) {
    if (value === undefined) return undefined;
    const survival = curveAt(curve, atDays[j]);
    sum += value * (before - survival);
    before = survival;
  }
  return before < 1 ? sum / (1 - before) : undefined;
}

/** @throws InputError where there is no time, or they do not rise */
export function checkAscending(atDays: ArrayLike<number>, where: string): void {
  for (let j = 0; j < Math.max(1, atDays.length); j++) {
    if (!Number.isFinite(atDays[j]) || (j > 0 && !(atDays[j] > atDays[j - 1]))) {
      throw new InputError({
        where: `${where}: atDays[${j}]`,
        what: 'not a later time',
        expected: 'ascending numbers',
        got: String(atDays[j]),
      });
    }
  }
}

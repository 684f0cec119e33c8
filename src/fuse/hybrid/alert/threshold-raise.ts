/**
 * The score from which on to raise, for a budget of false alarms.
 *
 * The lower that score, the more false alarms, though not strictly: an alert that is on or snoozed keeps others from being
 * raised, and at the very low end one alert lasts all night. So the search goes from few alarms to many and stops at the
 * first score that breaks the budget; whatever keeps it again further down is not looked at. Of the scores tried that keep it,
 * `most-caught` takes the one that catches the most events, and of equals the highest, with the fewest alarms: an alert that
 * is raised too early catches nothing, so the whole budget is not always worth spending. `whole-budget` takes the lowest.
 */
import type { AlertTally, PreparedNight } from './threshold-nights.ts';

/** One score that was tried. */
export interface RaisePoint {
  readonly raise: number;
  readonly tally: AlertTally;
}

export const spendings = ['most-caught', 'whole-budget'] as const;
export type Spending = (typeof spendings)[number];

/** So many seconds have one candidate: two false alarms are seldom raised closer together. */
const blockSeconds = 900;

/** Scores worth trying: the highest of every quarter of an hour without an event; [candidates], descending, each once. */
export function raiseCandidates(nights: readonly PreparedNight[]): Float32Array {
  const highest: number[] = [];
  for (const { night, right } of nights) {
    const { score, stepMs, judgedFrom } = night;
    const block = Math.max(1, Math.round((1000 * blockSeconds) / stepMs));
    for (let from = judgedFrom; from < score.length; from += block) {
      let most = Number.NEGATIVE_INFINITY;
      const end = Math.min(score.length, from + block);
      for (let k = from; k < end; k++) if (right[k] === 0 && score[k] > most) most = score[k];
      if (most > Number.NEGATIVE_INFINITY) highest.push(most);
    }
  }
  const sorted = Float32Array.from(highest).sort().reverse();
  return sorted.filter((value, k) => k === 0 || value !== sorted[k - 1]);
}

/**
 * @param candidates descending
 * @param budget false alarms in all, over all nights
 * @param tally counts at a score
 * @returns the chosen one, and all that were tried, descending
 */
export function chooseRaise(
  candidates: Float32Array,
  budget: number,
  tally: (raise: number) => AlertTally,
  spend: Spending = 'most-caught',
): { chosen: RaisePoint; tried: RaisePoint[] } {
  const tried = new Map<number, AlertTally>();
  const keeps = (raise: number) => {
    const known = tried.get(raise) ?? tally(raise);
    tried.set(raise, known);
    return known.false <= budget;
  };
  const last = candidates.length - 1;
  let kept: number; // rank of a score that keeps the budget; -1: above all candidates nothing false is raised
  let broken = candidates.length; // of the first known to break it
  let rank = Math.min(last, Math.floor(budget / 2));
  while (rank >= 0 && !keeps(candidates[rank])) {
    broken = rank;
    rank = rank === 0 ? -1 : rank >> 1;
  }
  kept = rank;
  while (broken === candidates.length && kept < last) {
    const next = Math.min(last, Math.max(kept + 1, Math.ceil(kept * 1.25)));
    if (keeps(candidates[next])) kept = next;
    else broken = next;
  }
  while (broken - kept > 1) {
    const middle = (kept + broken) >> 1;
    if (keeps(candidates[middle])) kept = middle;
    else broken = middle;
  }
  const above = last < 0 ? 0 : justAbove(candidates[0]);
  if (kept < 0) keeps(above);
  const points = [...tried].map(([raise, counts]) => ({ raise, tally: counts })).sort((a, b) => b.raise - a.raise);
  const fits = points.filter((point) => point.tally.false <= budget && (kept < 0 || point.raise >= candidates[kept]));
  const isBetter = (point: RaisePoint, best: RaisePoint) => point.tally.caught > best.tally.caught;
  const chosen =
    spend === 'whole-budget'
      ? fits[fits.length - 1]
      : fits.reduce((best, point) => (isBetter(point, best) ? point : best));
  return { chosen, tried: points };
}

/** The next number of 32 bits above one. */
function justAbove(value: number): number {
  const whole = new Float32Array([value]);
  const bits = new Int32Array(whole.buffer);
  if (value === 0) bits[0] = 1;
  else bits[0] += value > 0 ? 1 : -1;
  return whole[0];
}

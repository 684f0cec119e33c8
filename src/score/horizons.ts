import type { SurvivalTimes } from './survival-times.ts';

const count = 16;
const range = [0.1, 0.8] as const; // quantiles of event times: where there is something to tell, and enough to tell it by

/**
 * Times at which survival is told and scored: evenly spread between the 10th and the 80th percentile of the event times of
 * the subjects trained on, so that all lie within the follow-up; the same for every strategy of a fold. Empty without an
 * event, one time where the two percentiles fall together.
 */
export function horizons({ timeDays, event }: SurvivalTimes): Float64Array {
  const times = timeDays.filter((_, i) => event[i] === 1).sort();
  if (times.length === 0) return new Float64Array(0);
  const [from, to] = range.map((share) => times[Math.round(share * (times.length - 1))]);
  if (!(to > from)) return Float64Array.of(from);
  return Float64Array.from({ length: count }, (_, j) => from + ((to - from) * j) / (count - 1));
}

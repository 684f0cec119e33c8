/**
 * Concordance of risks with survival times: of all comparable pairs, the share in which the subject with the earlier event
 * has the higher risk; equal risks count half. A pair is comparable where the earlier time is that of an event; at equal
 * times, where exactly one is an event, the censored subject having outlived it (as lifelines and scikit-survival).
 */
import { censoringCurve, curveAt } from './kaplan-meier.ts';
import { checkSubjects, checkSurvivalTimes, orderOfTimes, type SurvivalTimes } from './survival-times.ts';

/**
 * Harrell's C (1982). `risk` rises with an earlier event, as the linear predictor of a Cox model. Undefined where no pair
 * is comparable.
 */
export function harrellC(times: SurvivalTimes, risk: ArrayLike<number>): number | undefined {
  checkSurvivalTimes(times, 'harrellC');
  checkSubjects(risk, times.timeDays.length, 'harrellC: risk');
  return concordance(times, risk, (i) => times.event[i]);
}

export interface UnoOptions {
  /** Whose censoring is described; by default the subjects scored. Give training subjects, of whom there are more. */
  readonly train?: SurvivalTimes;
  /** Events from here on are not counted: late ones get large weights. By default all are. */
  readonly tauDays?: number;
}

/**
 * Uno's C (2011): Harrell's with each event weighted by 1 / G(t)², G being the chance of not being censored up to its time
 * t, so that the limit does not depend on how subjects were censored. Undefined where no pair is comparable, or G is 0 at
 * a counted event (choose an earlier `tauDays`).
 */
export function unoC(
  times: SurvivalTimes,
  risk: ArrayLike<number>,
  { train = times, tauDays = Number.POSITIVE_INFINITY }: UnoOptions = {},
): number | undefined {
  checkSurvivalTimes(times, 'unoC');
  checkSurvivalTimes(train, 'unoC: train');
  checkSubjects(risk, times.timeDays.length, 'unoC: risk');
  const uncensored = censoringCurve(train);
  const weights = times.timeDays.map((t, i) => (times.event[i] && t < tauDays ? curveAt(uncensored, t) ** -2 : 0));
  return weights.includes(Number.POSITIVE_INFINITY) ? undefined : concordance(times, risk, (i) => weights[i]);
}

/** From late to early times, events are held against all who outlived them, counted by rank of risk: O(n log n). */
function concordance(
  { timeDays, event }: SurvivalTimes,
  risk: ArrayLike<number>,
  weight: (i: number) => number,
): number | undefined {
  const n = timeDays.length;
  const order = orderOfTimes(timeDays);
  const { ranks, distinct } = ranksOf(risk);
  const counts = new Int32Array(distinct + 1); // Fenwick tree over ranks 1 .. distinct
  const here = new Int32Array(distinct + 1); // by rank
  let outlived = 0;
  const enter = (i: number) => {
    outlived++;
    here[ranks[i]]++;
    for (let at = ranks[i]; at <= distinct; at += at & -at) counts[at]++;
  };
  let wins = 0;
  let pairs = 0;
  for (let end = n; end > 0; ) {
    let begin = end - 1;
    while (begin > 0 && timeDays[order[begin - 1]] === timeDays[order[end - 1]]) begin--;
    for (let at = begin; at < end; at++) if (!event[order[at]]) enter(order[at]);
    for (let at = begin; at < end; at++) {
      const i = order[at];
      if (!event[i] || weight(i) === 0) continue;
      let below = 0;
      for (let r = ranks[i] - 1; r > 0; r -= r & -r) below += counts[r];
      wins += weight(i) * (below + 0.5 * here[ranks[i]]);
      pairs += weight(i) * outlived;
    }
    for (let at = begin; at < end; at++) if (event[order[at]]) enter(order[at]);
    end = begin;
  }
  return pairs > 0 ? wins / pairs : undefined;
}

/** Ranks from 1, equal values sharing one. */
function ranksOf(values: ArrayLike<number>): { ranks: Int32Array; distinct: number } {
  const order = new Int32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  order.sort((a, b) => values[a] - values[b]);
  const ranks = new Int32Array(values.length);
  let distinct = 0;
  order.forEach((i, at) => {
    if (at === 0 || values[i] !== values[order[at - 1]]) distinct++;
    ranks[i] = distinct;
  });
  return { ranks, distinct };
}

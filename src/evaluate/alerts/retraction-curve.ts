/**
 * What other retract thresholds would have done. Each provisional alert is asked what the score was at the first fresh reading
 * after it was raised at which there is a word; a threshold above that takes it back.
 */

import { written } from './found.ts';
import type { NightJudgement } from './judge-night.ts';
import type { AlertNight } from './night.ts';
import { type Figure, overDraws, type PeopleDraws } from './people-draws.ts';
import { rightAt } from './truth.ts';

export interface RetractionCurvePoint {
  /** Log-odds below which an alert is taken back. */
  readonly retract: number;
  /** Share of false provisional alerts taken back, and of right ones. */
  readonly falseTakenBack: number | null;
  readonly rightTakenBack: number | null;
}

export interface RetractionCurve {
  readonly falseAlerts: number;
  readonly rightAlerts: number;
  /** Provisional alerts that no fresh reading followed in the trace, and right ones whose event was over by then. */
  readonly leftOut: number;
  /** From nothing taken back to all, thresholds ascending; at most 101 points. */
  readonly curve: readonly RetractionCurvePoint[];
  /** False ones taken back at the highest threshold that takes back at most `atMost` of the right ones. */
  readonly atMost: number;
  readonly retract: number | null;
  readonly falseTakenBack: Figure;
}

interface Verdict {
  readonly score: number;
  readonly right: boolean;
}

/** Of one night. */
export interface Verdicts {
  readonly verdicts: readonly Verdict[];
  readonly leftOut: number;
}

const most = 700; // log-odds beyond are held to this: their odds are no numbers any more

/** The reading that judges each provisional alert of a night. */
export function verdictsOf(night: AlertNight, judgement: NightJudgement, leadMs: number): Verdicts {
  const verdicts: Verdict[] = [];
  let leftOut = 0;
  const { trace } = night;
  if (!trace?.fresh) return { verdicts, leftOut };
  for (const { raisedMs, provisional, right } of judgement.alerts) {
    if (!provisional || right === null) continue;
    let k = Math.max(0, Math.floor((raisedMs - trace.startMs) / trace.stepMs) + 1);
    while (k < trace.score.length && !(trace.fresh[k] === 1 && !Number.isNaN(trace.score[k]))) k++;
    const still = rightAt(trace.startMs + k * trace.stepMs, night.episodes, leadMs, night.knownUntilMs);
    if (k >= trace.score.length || (right && still !== true)) leftOut++;
    else verdicts.push({ score: Math.max(-most, Math.min(most, trace.score[k])), right });
  }
  return { verdicts, leftOut };
}

/** Of the right alerts so many may be taken back. */
const atMost = 0.05;

/** @param person of each night */
export function retractionCurve(
  nights: readonly Verdicts[],
  person: ArrayLike<number>,
  draws: PeopleDraws,
  level: number,
): RetractionCurve {
  const verdicts = nights.flatMap((night, i) => night.verdicts.map((verdict) => ({ ...verdict, person: person[i] })));
  const scores = (right: boolean) =>
    Float64Array.from(
      verdicts.filter((verdict) => verdict.right === right),
      ({ score }) => score,
    ).sort();
  const rightScores = scores(true);
  const falseScores = scores(false);
  const takenBack = (sorted: Float64Array, retract: number) => below(sorted, retract) / sorted.length;
  const thresholds = spaced(Float64Array.from(verdicts, ({ score }) => score).sort(), 100);
  const top = thresholds.at(-1);
  if (top !== undefined) thresholds.push(top + 1e-3 + 1e-6 * Math.abs(top));
  const curve = thresholds.map((retract) => ({
    retract,
    falseTakenBack: falseScores.length === 0 ? null : takenBack(falseScores, retract),
    rightTakenBack: rightScores.length === 0 ? null : takenBack(rightScores, retract),
  }));
  const retract = rightScores.length === 0 ? null : rightScores[Math.floor(atMost * rightScores.length)];
  return {
    falseAlerts: falseScores.length,
    rightAlerts: rightScores.length,
    leftOut: nights.reduce((sum, night) => sum + night.leftOut, 0),
    curve,
    atMost,
    retract,
    falseTakenBack: shareAt(verdicts, retract, draws, level),
  };
}

function shareAt(
  verdicts: readonly (Verdict & { readonly person: number })[],
  retract: number | null,
  draws: PeopleDraws,
  level: number,
): Figure {
  const sums = new Float64Array(2 * draws.people); // [people, 2], taken back and all
  for (const { score, right, person } of verdicts) {
    if (right) continue;
    sums[2 * person + 1]++;
    if (retract !== null && score < retract) sums[2 * person]++;
  }
  let back = 0;
  let of = 0;
  for (let p = 0; p < draws.people; p++) {
    back += sums[2 * p];
    of += sums[2 * p + 1];
  }
  const replicates = new Float64Array(draws.resamples);
  overDraws(sums, 2, draws, (drawn, b) => {
    replicates[b] = drawn[0] / drawn[1];
  });
  const why = retract === null ? 'no right provisional alert was followed by a reading' : 'no false provisional alerts';
  return written({ value: retract === null ? undefined : back / of, of, why, replicates }, draws, level);
}

/** How many are below. */
function below(sorted: Float64Array, limit: number): number {
  let count = 0;
  while (count < sorted.length && sorted[count] < limit) count++;
  return count;
}

/** Distinct values, or so many of them, evenly spaced by rank; the least and the largest among them. */
function spaced(sorted: Float64Array, most: number): number[] {
  const distinct = [...new Set(sorted)];
  if (distinct.length <= most) return distinct;
  return Array.from({ length: most }, (_, j) => distinct[Math.round((j * (distinct.length - 1)) / (most - 1))]);
}

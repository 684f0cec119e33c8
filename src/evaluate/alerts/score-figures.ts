/** Whether the score ranks moments, and whether its probabilities mean what they say. */
import { type BinnedCalibration, binnedCalibration } from './binned-calibration.ts';
import type { Found } from './found.ts';
import { overDraws, type PeopleDraws } from './people-draws.ts';
import { brierOf, calibrationErrorOf, reliabilityColumns, reliabilitySums } from './reliability.ts';
import { binnedAuprc, binnedAuroc, type ScoreBins, scoreBins, sumOver } from './score-bins.ts';
import type { Moments } from './score-moments.ts';

export type ScoreName =
  | 'auroc'
  | 'auprc'
  | 'aurocByPerson'
  | 'auprcByPerson'
  | 'brier'
  | 'calibrationSlope'
  | 'calibrationIntercept'
  | 'calibrationError';

/** All that figures of the score need, as sums by person. */
export interface ScoreSums {
  readonly fine: ScoreBins;
  readonly coarse: ScoreBins;
  readonly reliability: Float64Array; // [people, reliabilityColumns]
}

export function scoreSums(moments: Moments, people: number): ScoreSums {
  return { ...scoreBins(moments, people), reliability: reliabilitySums(moments, people) };
}

/** Those of some people. */
export function chosenSums({ fine, coarse, reliability }: ScoreSums, people: ArrayLike<number>): ScoreSums {
  const binsOf = (all: ScoreBins) => ({ ...all, counts: rowsOf(all.counts, 2 * all.bins, people) });
  return {
    fine: binsOf(fine),
    coarse: binsOf(coarse),
    reliability: rowsOf(reliability, reliabilityColumns, people),
  };
}

export function rowsOf(sums: Float64Array, columns: number, people: ArrayLike<number>): Float64Array {
  const rows = new Float64Array(people.length * columns);
  for (let i = 0; i < people.length; i++) {
    rows.set(sums.subarray(people[i] * columns, (people[i] + 1) * columns), i * columns);
  }
  return rows;
}

/** Ranks over all moments of all people, and the mean over people of what each one's own moments give. */
export function scoreFigures(sums: ScoreSums, draws: PeopleDraws): Record<ScoreName, Found> {
  const { fine, reliability } = sums;
  const { people } = draws;
  const all = sumOver(fine.counts, 2 * fine.bins, people);
  const total = sumOver(reliability, reliabilityColumns, people);
  const { moments, why } = momentsIn(all);
  const brier = new Float64Array(draws.resamples);
  const error = new Float64Array(draws.resamples);
  overDraws(reliability, reliabilityColumns, draws, (drawn, b) => {
    brier[b] = brierOf(drawn);
    error[b] = calibrationErrorOf(drawn);
  });
  return {
    ...ranks(sums, all, draws, why, moments),
    aurocByPerson: byPerson(fine, binnedAuroc, draws),
    auprcByPerson: byPerson(fine, binnedAuprc, draws),
    brier: { value: brierOf(total), of: moments, why: 'no scored moments', replicates: brier },
    calibrationError: { value: calibrationErrorOf(total), of: moments, why: 'no scored moments', replicates: error },
  };
}

/** What coarse bins make of everyone is off a little; their draws are moved by as much. */
function ranks({ fine, coarse }: ScoreSums, all: Float64Array, draws: PeopleDraws, why: string, moments: number) {
  const rough = sumOver(coarse.counts, 2 * coarse.bins, draws.people);
  const whole = binnedCalibration(all, fine.logOdds);
  const nearly = binnedCalibration(rough, coarse.logOdds, whole);
  const value = { auroc: binnedAuroc(all), auprc: binnedAuprc(all), ...whole };
  const off = {
    auroc: value.auroc - binnedAuroc(rough),
    auprc: value.auprc - binnedAuprc(rough),
    slope: value.slope - nearly.slope,
    intercept: value.intercept - nearly.intercept,
  };
  const found = (of: keyof typeof value, otherwise: string): Found => ({
    value: value[of],
    of: moments,
    why: why || otherwise,
    replicates: new Float64Array(draws.resamples).fill(Number.NaN),
  });
  const auroc = found('auroc', '');
  const auprc = found('auprc', '');
  const calibrationSlope = found('slope', 'no finite slope: scores separate events from others, or are all the same');
  const calibrationIntercept = found('intercept', 'no finite intercept');
  overDraws(coarse.counts, 2 * coarse.bins, draws, (drawn, b) => {
    auroc.replicates[b] = shareOf(binnedAuroc(drawn) + off.auroc);
    auprc.replicates[b] = shareOf(binnedAuprc(drawn) + off.auprc);
    const { slope, intercept }: BinnedCalibration = binnedCalibration(drawn, coarse.logOdds, nearly, 1e-6);
    calibrationSlope.replicates[b] = slope + off.slope;
    calibrationIntercept.replicates[b] = intercept + off.intercept;
  });
  return { auroc, auprc, calibrationSlope, calibrationIntercept };
}

function shareOf(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function momentsIn(all: Float64Array): { moments: number; why: string } {
  let events = 0;
  let others = 0;
  for (let b = 0; b < all.length; b += 2) {
    events += all[b];
    others += all[b + 1];
  }
  const moments = events + others;
  if (moments === 0) return { moments, why: 'no scored moments' };
  if (events === 0) return { moments, why: 'no moment of an event' };
  return { moments, why: others === 0 ? 'no moment without an event' : '' };
}

/** Ranks within each person, then the plain mean over those who have moments of both kinds. */
function byPerson({ counts, bins }: ScoreBins, metric: (counts: Float64Array) => number, draws: PeopleDraws): Found {
  const sums = new Float64Array(2 * draws.people); // [people, 2], the value and 1; 0 where it has none
  for (let p = 0; p < draws.people; p++) {
    const value = metric(counts.subarray(p * 2 * bins, (p + 1) * 2 * bins));
    if (Number.isNaN(value)) continue;
    sums[2 * p] = value;
    sums[2 * p + 1] = 1;
  }
  const [sum, n] = sumOver(sums, 2, draws.people);
  const replicates = new Float64Array(draws.resamples);
  overDraws(sums, 2, draws, (drawn, b) => {
    replicates[b] = drawn[0] / drawn[1];
  });
  return { value: sum / n, of: n, why: 'nobody has moments with and without an event', replicates };
}

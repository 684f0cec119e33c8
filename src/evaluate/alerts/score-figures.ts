/** Whether the score ranks moments, and whether its probabilities mean what they say. */
import { auprc } from '../../score/auprc.ts';
import { auroc } from '../../score/auroc.ts';
import type { CalibrationCount } from '../../score/calibration.ts';
import { binnedCalibration } from './binned-calibration.ts';
import type { Found } from './found.ts';
import { overDraws, type PeopleDraws } from './people-draws.ts';
import { binnedAuprc, binnedAuroc, scoreBins } from './score-bins.ts';
import type { Moments } from './score-moments.ts';

export const scoreNames = [
  'auroc',
  'auprc',
  'aurocByPerson',
  'auprcByPerson',
  'brier',
  'calibrationSlope',
  'calibrationIntercept',
  'calibrationError',
] as const;
export type ScoreName = (typeof scoreNames)[number];

const reliabilityBins = 10;
const width = 3 * reliabilityBins + 1; // events, probabilities and number by bin; squared errors

/**
 * Ranks over all moments of all people, and the mean over people of what each one's own moments give. Calibration in ten
 * equally wide bins of the probability. Intervals of ranks and of calibration by finely binned scores.
 */
export function scoreFigures(moments: Moments, people: number, draws: PeopleDraws): Record<ScoreName, Found> {
  const { score, event } = moments;
  const n = score.length;
  const missing = noMoments(moments);
  const { bins, counts, logOdds } = scoreBins(moments, people);
  const all = sumOver(counts, 2 * bins, people);
  const whole = binnedCalibration(all, logOdds);
  const sums = reliabilitySums(moments, people);
  const total = sumOver(sums, width, people);
  const replicates = () => new Float64Array(draws.resamples).fill(Number.NaN);
  const found = (value: number | undefined, why = missing): Found => ({ value, of: n, why, replicates: replicates() });
  const out: Record<ScoreName, Found> = {
    auroc: found(auroc(score, event)),
    auprc: found(auprc(score, event)),
    ...byPerson(moments, people, draws),
    brier: found(n === 0 ? undefined : brierOf(total)),
    calibrationSlope: found(whole.slope, missing || 'no finite slope: scores that separate, or are all the same'),
    calibrationIntercept: found(whole.intercept, missing || 'no finite intercept'),
    calibrationError: found(n === 0 ? undefined : errorOf(total)),
  };
  if (n === 0) return out;
  overDraws(counts, 2 * bins, draws, (drawn, b) => {
    out.auroc.replicates[b] = binnedAuroc(drawn);
    out.auprc.replicates[b] = binnedAuprc(drawn);
    const { slope, intercept } = binnedCalibration(drawn, logOdds, whole);
    out.calibrationSlope.replicates[b] = slope;
    out.calibrationIntercept.replicates[b] = intercept;
  });
  overDraws(sums, width, draws, (drawn, b) => {
    out.brier.replicates[b] = brierOf(drawn);
    out.calibrationError.replicates[b] = errorOf(drawn);
  });
  return out;
}

/** The calibration curve over all moments, as `calibrationCurve`. */
export function reliability(moments: Moments): CalibrationCount[] {
  const total = reliabilitySums({ ...moments, person: new Int32Array(moments.score.length) }, 1);
  const curve: CalibrationCount[] = [];
  for (let b = 0; b < reliabilityBins; b++) {
    const n = total[3 * b + 2];
    if (n === 0) continue;
    const [low, high] = [b / reliabilityBins, (b + 1) / reliabilityBins];
    curve.push({ low, high, meanPredicted: total[3 * b + 1] / n, observed: total[3 * b] / n, n });
  }
  return curve;
}

function noMoments({ score, event }: Moments): string {
  if (score.length === 0) return 'no scored moments';
  const events = event.reduce((sum, happened) => sum + happened, 0);
  if (events === 0) return 'no moment of an event';
  return events === score.length ? 'no moment without an event' : '';
}

function reliabilitySums({ score, event, person }: Moments, people: number): Float64Array {
  const sums = new Float64Array(people * width); // [people, width]
  for (let i = 0; i < score.length; i++) {
    const p = 1 / (1 + Math.exp(-score[i]));
    const bin = Math.min(reliabilityBins - 1, Math.max(0, Math.ceil(p * reliabilityBins) - 1));
    const from = person[i] * width;
    sums[from + 3 * bin] += event[i];
    sums[from + 3 * bin + 1] += p;
    sums[from + 3 * bin + 2]++;
    sums[from + width - 1] += (p - event[i]) ** 2;
  }
  return sums;
}

function brierOf(total: Float64Array): number {
  let n = 0;
  for (let b = 0; b < reliabilityBins; b++) n += total[3 * b + 2];
  return total[width - 1] / n;
}

function errorOf(total: Float64Array): number {
  let n = 0;
  let sum = 0;
  for (let b = 0; b < reliabilityBins; b++) {
    n += total[3 * b + 2];
    sum += Math.abs(total[3 * b] - total[3 * b + 1]);
  }
  return sum / n;
}

function sumOver(sums: Float64Array, columns: number, people: number): Float64Array {
  const total = new Float64Array(columns);
  for (let p = 0; p < people; p++) for (let j = 0; j < columns; j++) total[j] += sums[p * columns + j];
  return total;
}

/** Ranks within each person, then the plain mean over those who have moments of both kinds. */
function byPerson({ score, event, person }: Moments, people: number, draws: PeopleDraws) {
  const starts = new Int32Array(people + 1);
  for (let i = 0; i < person.length; i++) starts[person[i] + 1]++;
  for (let p = 0; p < people; p++) starts[p + 1] += starts[p];
  const next = starts.slice();
  const own = new Float64Array(score.length);
  const happened = new Uint8Array(score.length);
  for (let i = 0; i < score.length; i++) {
    const to = next[person[i]]++;
    own[to] = score[i];
    happened[to] = event[i];
  }
  const of = (metric: typeof auroc): Found => {
    const sums = new Float64Array(2 * people); // [people, 2], the value and 1; 0 where undefined
    let with_ = 0;
    for (let p = 0; p < people; p++) {
      const value = metric(own.subarray(starts[p], starts[p + 1]), happened.subarray(starts[p], starts[p + 1]));
      if (value === undefined) continue;
      sums[2 * p] = value;
      sums[2 * p + 1] = 1;
      with_++;
    }
    const [sum, n] = sumOver(sums, 2, people);
    const replicates = new Float64Array(draws.resamples);
    overDraws(sums, 2, draws, (drawn, b) => {
      replicates[b] = drawn[0] / drawn[1];
    });
    return { value: sum / n, of: with_, why: 'nobody has moments with and without an event', replicates };
  };
  return { aurocByPerson: of(auroc), auprcByPerson: of(auprc) };
}

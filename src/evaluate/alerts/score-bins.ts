/**
 * Scores counted by person and bin, so that ranks of a draw of people, or of a group, need a sum and not another sort. Bounds
 * are quantiles of events and of the others, so that both are resolved where they lie. Fine bins give the figures, some 30 of
 * them together one coarse bin, for intervals. Where scores have no more distinct values than there are fine bins of a kind,
 * figures are exact; else their error stays below 1e-3 (test/evaluate/alerts/score.test.ts).
 */
import { splitSorted } from '../../score/one-vs-rest.ts';
import type { Moments } from './score-moments.ts';

export interface ScoreBins {
  readonly bins: number;
  /** Events of bin b in column 2 b, others in 2 b + 1. */
  readonly counts: Float64Array; // [people, 2 bins]
  /** Mean log-odds of everyone's moments. */
  readonly logOdds: Float64Array; // [bins]
}

export interface FineAndCoarse {
  readonly fine: ScoreBins;
  readonly coarse: ScoreBins;
}

const fineBins = 2048; // of events, and as many of the others
const coarseBins = 64;
const sampled = 65_536;

export function scoreBins({ score, event, person }: Moments, people: number): FineAndCoarse {
  const bounds = boundsOf(score, event);
  const bins = bounds.length;
  const fine = emptyBins(people, bins);
  const n = new Float64Array(bins);
  const binOf = finder(bounds);
  for (let i = 0; i < score.length; i++) {
    const low = binOf(score[i]);
    fine.counts[person[i] * 2 * bins + 2 * low + (event[i] ? 0 : 1)]++;
    fine.logOdds[low] += score[i];
    n[low]++;
  }
  const coarse = coarsened(fine, people, n);
  for (let b = 0; b < bins; b++) fine.logOdds[b] /= Math.max(1, n[b]);
  return { fine, coarse };
}

function emptyBins(people: number, bins: number): ScoreBins {
  return { bins, counts: new Float64Array(people * 2 * bins), logOdds: new Float64Array(bins) };
}

/** The last bound at or below a score; below the least all are one. Cells of equal width tell where to begin to look. */
function finder(bounds: Float64Array): (score: number) => number {
  const cells = 4 * bounds.length;
  const least = bounds[0];
  const perUnit = bounds.length > 1 ? (cells - 1) / (bounds[bounds.length - 1] - least) : 0;
  const cellOf = (score: number) => Math.max(0, Math.min(cells - 1, Math.floor((score - least) * perUnit)));
  const from = new Int32Array(cells); // a bound that is at or below all scores of the cell
  for (let b = 1; b < bounds.length; b++) from[cellOf(bounds[b]) + 1] = b;
  for (let c = 1; c < cells; c++) from[c] = Math.max(from[c], from[c - 1]);
  return (score) => {
    let low = from[cellOf(score)];
    while (low + 1 < bounds.length && bounds[low + 1] <= score) low++;
    return low;
  };
}

/** Of long traces every so-many-th moment tells where quantiles lie. */
function boundsOf(score: Float64Array, event: Uint8Array): Float64Array {
  const stride = Math.max(1, Math.floor(score.length / sampled));
  const some = stride === 1 ? score : score.filter((_, i) => i % stride === 0 || event[i] === 1);
  const theirs = stride === 1 ? event : event.filter((happened, i) => i % stride === 0 || happened === 1);
  const { events, others } = splitSorted(some, theirs);
  return Float64Array.from(new Set([...quantilesOf(events), ...quantilesOf(others)])).sort();
}

/** All distinct values where there are few, else quantiles from the least on. */
function quantilesOf(sorted: Float64Array): number[] {
  const distinct: number[] = [];
  for (let i = 0; i < sorted.length && distinct.length <= fineBins; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) distinct.push(sorted[i]);
  }
  if (distinct.length <= fineBins) return distinct;
  return Array.from({ length: fineBins }, (_, j) => sorted[Math.floor((j * sorted.length) / fineBins)]);
}

/** Neighbouring bins together, as evenly in events and in others as the fine ones allow. */
function coarsened(fine: ScoreBins, people: number, n: Float64Array): ScoreBins {
  const columns = 2 * fine.bins;
  const total = sumOver(fine.counts, columns, people);
  let events = 0;
  let others = 0;
  for (let b = 0; b < columns; b += 2) {
    events += total[b];
    others += total[b + 1];
  }
  const to = new Int32Array(fine.bins);
  let e = 0;
  let o = 0;
  let key = '';
  let bins = 0;
  for (let b = 0; b < fine.bins; b++) {
    const own = `${Math.floor((coarseBins * e) / Math.max(1, events))} ${Math.floor((coarseBins * o) / Math.max(1, others))}`;
    if (own !== key) bins++;
    key = own;
    to[b] = bins - 1;
    e += total[2 * b];
    o += total[2 * b + 1];
  }
  const coarse = emptyBins(people, bins);
  const coarseN = new Float64Array(bins);
  for (let b = 0; b < fine.bins; b++) {
    coarse.logOdds[to[b]] += fine.logOdds[b];
    coarseN[to[b]] += n[b];
    for (let p = 0; p < people; p++) {
      coarse.counts[2 * (p * bins + to[b])] += fine.counts[p * columns + 2 * b];
      coarse.counts[2 * (p * bins + to[b]) + 1] += fine.counts[p * columns + 2 * b + 1];
    }
  }
  for (let b = 0; b < bins; b++) coarse.logOdds[b] /= Math.max(1, coarseN[b]);
  return coarse;
}

export function sumOver(sums: Float64Array, columns: number, people: number): Float64Array {
  const total = new Float64Array(columns);
  for (let p = 0; p < people; p++) for (let j = 0; j < columns; j++) total[j] += sums[p * columns + j];
  return total;
}

/** Area under the ROC curve of counts by bin, ties within a bin counting half; NaN without events or others. */
export function binnedAuroc(counts: Float64Array): number {
  let events = 0;
  let others = 0;
  let wins = 0;
  for (let b = 0; b < counts.length; b += 2) {
    wins += counts[b] * (others + 0.5 * counts[b + 1]);
    events += counts[b];
    others += counts[b + 1];
  }
  return wins / (events * others);
}

/** Average precision of counts by bin; NaN without events or others. */
export function binnedAuprc(counts: Float64Array): number {
  let events = 0;
  let others = 0;
  let sum = 0;
  for (let b = counts.length - 2; b >= 0; b -= 2) {
    events += counts[b];
    others += counts[b + 1];
    if (counts[b] > 0) sum += (counts[b] * events) / (events + others);
  }
  return others === 0 ? Number.NaN : sum / events;
}

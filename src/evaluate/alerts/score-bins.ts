/**
 * Scores sorted into bins, person by person, so that a draw of people is a sum and not another sort. Bounds are quantiles of
 * events and of the others, so that both are resolved where they lie; as many distinct scores as bins lose nothing.
 */
import { splitSorted } from '../../score/one-vs-rest.ts';
import type { Moments } from './score-moments.ts';

export interface ScoreBins {
  readonly bins: number;
  /** Events of bin b in column 2 b, others in 2 b + 1. */
  readonly counts: Float64Array; // [people, 2 bins]
  /** Mean log-odds. */
  readonly logOdds: Float64Array; // [bins]
}

export function scoreBins({ score, event, person }: Moments, people: number, halfBins = 128): ScoreBins {
  const { events, others } = splitSorted(score, event);
  const bounds = Float64Array.from(new Set([...bounding(events, halfBins), ...bounding(others, halfBins)])).sort();
  const bins = bounds.length;
  const counts = new Float64Array(people * 2 * bins); // [people, 2 bins]
  const logOdds = new Float64Array(bins);
  const n = new Float64Array(bins);
  for (let i = 0; i < score.length; i++) {
    let low = 0; // the last bound at or below the score
    let high = bins;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (bounds[middle] <= score[i]) low = middle;
      else high = middle;
    }
    counts[person[i] * 2 * bins + 2 * low + (event[i] ? 0 : 1)]++;
    logOdds[low] += score[i];
    n[low]++;
  }
  for (let b = 0; b < bins; b++) logOdds[b] /= Math.max(1, n[b]);
  return { bins, counts, logOdds };
}

/** The least value and quantiles above it: all distinct values where there are at most so many. */
function bounding(sorted: Float64Array, count: number): number[] {
  const distinct: number[] = [];
  for (let i = 0; i < sorted.length && distinct.length <= count; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) distinct.push(sorted[i]);
  }
  if (distinct.length <= count) return distinct;
  return Array.from({ length: count }, (_, j) => sorted[Math.floor((j * sorted.length) / count)]);
}

/** Area under the ROC curve of counts by bin; NaN without events or others. */
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

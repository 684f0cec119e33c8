/**
 * Variances and covariances of AUROCs measured on the same subjects (DeLong, DeLong and Clarke-Pearson 1988, equations
 * 5 to 8), by mid-ranks in O(n log n) (Sun and Xu 2014, IEEE Signal Processing Letters 21, equations 9 to 13).
 */
import { normalQuantile, normalUpper } from '../array/distributions.ts';
import { type Matrix, zeros } from '../array/matrix.ts';

export interface DeLong {
  readonly auroc: Float64Array; // [scores]
  readonly covariance: Matrix<Float64Array>; // [scores, scores]
}

/**
 * AUROCs of several scores of the same subjects and their covariance. Undefined with fewer than two events or two others,
 * for which no variance exists.
 */
export function delong(scores: readonly ArrayLike<number>[], event: ArrayLike<number>): DeLong | undefined {
  const rows = eventsFirst(event);
  const { events, others } = rows;
  if (events < 2 || others < 2) return undefined;
  const auroc = new Float64Array(scores.length);
  const components = scores.map((score, k) => {
    const placed = placements(score, rows);
    auroc[k] = mean(placed.ofEvents);
    return placed;
  });
  const covariance = zeros(scores.length, scores.length);
  for (let j = 0; j < scores.length; j++) {
    for (let k = 0; k <= j; k++) {
      const value =
        sampleCovariance(components[j].ofEvents, components[k].ofEvents) / events +
        sampleCovariance(components[j].ofOthers, components[k].ofOthers) / others;
      covariance.data[j * scores.length + k] = value;
      covariance.data[k * scores.length + j] = value;
    }
  }
  return { auroc, covariance };
}

/** A figure with its standard error and normal interval; `p` is two-sided against 0. */
export interface NormalEstimate {
  readonly estimate: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
  /** Undefined where the standard error is 0 and the estimate is not: such data say nothing of chance. */
  readonly p: number | undefined;
}

/** AUROC of one score with its DeLong interval, held to [0, 1]. `level` is the coverage. */
export function delongInterval(
  score: ArrayLike<number>,
  event: ArrayLike<number>,
  level = 0.95,
): Omit<NormalEstimate, 'p'> | undefined {
  const result = delong([score], event);
  if (!result) return undefined;
  const { estimate, standardError, low, high } = normalEstimate(result.auroc[0], result.covariance.data[0], level);
  return { estimate, standardError, low: Math.max(0, low), high: Math.min(1, high) };
}

/** AUROC of `a` minus AUROC of `b` on the same subjects. */
export function delongDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  event: ArrayLike<number>,
  level = 0.95,
): NormalEstimate | undefined {
  const result = delong([a, b], event);
  if (!result) return undefined;
  const { auroc, covariance } = result;
  const [varianceA, shared, , varianceB] = covariance.data;
  return normalEstimate(auroc[0] - auroc[1], varianceA + varianceB - 2 * shared, level);
}

function normalEstimate(estimate: number, variance: number, level: number): NormalEstimate {
  const standardError = variance > 1e-15 ? Math.sqrt(variance) : 0; // what rounding leaves of equal scores
  const half = -normalQuantile((1 - level) / 2) * standardError;
  const p = standardError > 0 ? 2 * normalUpper(Math.abs(estimate) / standardError) : estimate === 0 ? 1 : undefined;
  return { estimate, standardError, low: estimate - half, high: estimate + half, p };
}

interface EventsFirst {
  readonly order: Int32Array; // subjects, events first
  readonly events: number;
  readonly others: number;
}

function eventsFirst(event: ArrayLike<number>): EventsFirst {
  let events = 0;
  for (let i = 0; i < event.length; i++) if (event[i]) events++;
  const order = new Int32Array(event.length);
  let e = 0;
  let o = events;
  for (let i = 0; i < event.length; i++) order[event[i] ? e++ : o++] = i;
  return { order, events, others: event.length - events };
}

interface Placements {
  readonly ofEvents: Float64Array; // [events], share of others that each event outscores
  readonly ofOthers: Float64Array; // [others], share of events that outscore each other
}

/** The structural components, from ranks among all subjects less ranks within the own class. */
function placements(score: ArrayLike<number>, { order, events, others }: EventsFirst): Placements {
  const sorted = Float64Array.from(order, (row: number) => score[row]);
  const overall = midRanks(sorted);
  const withinEvents = midRanks(sorted.subarray(0, events));
  const withinOthers = midRanks(sorted.subarray(events));
  const ofEvents = withinEvents.map((rank, i) => (overall[i] - rank) / others);
  const ofOthers = withinOthers.map((rank, i) => 1 - (overall[events + i] - rank) / events);
  return { ofEvents, ofOthers };
}

/** Ranks from 1, equal values sharing the mean of theirs. */
function midRanks(values: Float64Array): Float64Array {
  const order = Int32Array.from(values, (_, i) => i).sort((i, j) => values[i] - values[j]);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let i = from; i < to; i++) ranks[order[i]] = 0.5 * (from + to + 1);
    from = to;
  }
  return ranks;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function sampleCovariance(a: Float64Array, b: Float64Array): number {
  const meanA = mean(a);
  const meanB = mean(b);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - meanA) * (b[i] - meanB);
  return sum / (a.length - 1);
}

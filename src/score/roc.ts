import { splitSorted } from './one-vs-rest.ts';

/** Points of the ROC curve from (0, 0) to (1, 1), one for each distinct score, from the highest down. */
export interface RocCurve {
  /** A subject scoring at least this much is called an event; Infinity at the first point. */
  readonly threshold: Float64Array; // [points]
  readonly falsePositiveRate: Float64Array; // [points]
  readonly truePositiveRate: Float64Array; // [points]
}

/** `score` rises with the event; `event` is 1 for events, 0 otherwise. Undefined unless both are there. */
export function rocCurve(score: ArrayLike<number>, event: ArrayLike<number>): RocCurve | undefined {
  const { events, others } = splitSorted(score, event);
  if (events.length === 0 || others.length === 0) return undefined;
  const threshold = [Number.POSITIVE_INFINITY];
  const falsePositiveRate = [0];
  const truePositiveRate = [0];
  let e = events.length - 1;
  let o = others.length - 1;
  while (e >= 0 || o >= 0) {
    const next = Math.max(e < 0 ? -Infinity : events[e], o < 0 ? -Infinity : others[o]);
    while (e >= 0 && events[e] >= next) e--;
    while (o >= 0 && others[o] >= next) o--;
    threshold.push(next);
    falsePositiveRate.push((others.length - 1 - o) / others.length);
    truePositiveRate.push((events.length - 1 - e) / events.length);
  }
  return {
    threshold: Float64Array.from(threshold),
    falsePositiveRate: Float64Array.from(falsePositiveRate),
    truePositiveRate: Float64Array.from(truePositiveRate),
  };
}

/**
 * True positive rates at the given false positive rates, for averaging curves of several folds (Fawcett 2006,
 * algorithm 3): linear between points, the upper end where the curve rises vertically.
 */
export function rocAt({ falsePositiveRate: x, truePositiveRate: y }: RocCurve, grid: ArrayLike<number>): Float64Array {
  const out = new Float64Array(grid.length);
  for (let g = 0; g < grid.length; g++) {
    let low = 0; // last point at or left of the wanted rate
    let high = x.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (x[middle] <= grid[g]) low = middle;
      else high = middle;
    }
    const share = high < x.length ? (grid[g] - x[low]) / (x[high] - x[low]) : 0;
    out[g] = y[low] + share * (high < x.length ? y[high] - y[low] : 0);
  }
  return out;
}

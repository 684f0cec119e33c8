/** Sorted values: their quantiles, and where another value stands among them. */

/** The quantile of sorted values, linear between them (Hyndman and Fan 1996, type 7). */
export function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** How many of the sorted values are less than this one. */
export function countBelow(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many are less than this one or equal to it. */
export function countUpTo(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The index, perhaps between two, at which a value stands among sorted ones: linear between neighbours, in the middle of
 * those that equal it, the nearest end beyond them.
 */
export function indexAmong(sorted: Float64Array, value: number): number {
  const below = countBelow(sorted, value);
  const upTo = countUpTo(sorted, value);
  if (below < upTo) return (below + upTo - 1) / 2;
  if (below === 0 || below === sorted.length) return Math.max(0, below - 1);
  const [low, high] = [sorted[below - 1], sorted[below]];
  return below - 1 + (value - low) / (high - low);
}

/** What two modalities say of each other, by the joint histogram of their values at the same places. */

/** Pairs of values at the same places. */
export interface Pairs {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** Bin of each value, of `bins` of equal width between the 1st and the 99th percentile; the rest falls into the ends. */
export function equalWidth(values: Float64Array, bins: number): Uint16Array {
  const sorted = values.slice().sort();
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))];
  const [low, high] = [at(0.01), at(0.99)];
  const scale = high > low ? bins / (high - low) : 0;
  return Uint16Array.from(values, (value) => Math.min(bins - 1, Math.max(0, Math.floor((value - low) * scale))));
}

/** Bin of each value by its rank: as many in each bin as ties allow, equal values together. */
export function equalCount(values: Float64Array, bins: number): Uint16Array {
  const sorted = values.slice().sort();
  const cuts = Array.from({ length: bins - 1 }, (_, b) => sorted[Math.floor(((b + 1) * sorted.length) / bins)]);
  return Uint16Array.from(values, (value) => {
    let bin = 0;
    while (bin < cuts.length && value >= cuts[bin]) bin++;
    return bin;
  });
}

/** Shares of pairs `[bins, bins]`. */
export function jointShares(a: Uint16Array, b: Uint16Array, bins: number): Float64Array {
  const shares = new Float64Array(bins * bins);
  for (let i = 0; i < a.length; i++) shares[a[i] * bins + b[i]] += 1 / a.length;
  return shares;
}

/**
 * Mutual information in nats. A histogram of few pairs says more than there is; the bias of first order, (cells − rows −
 * columns + 1) / 2n of those that are not empty (Miller 1955), is taken off, which may leave it below 0.
 */
export function mutualInformation(shares: Float64Array, bins: number, pairs: number): number {
  const rows = new Float64Array(bins);
  const columns = new Float64Array(bins);
  for (let a = 0; a < bins; a++) {
    for (let b = 0; b < bins; b++) {
      rows[a] += shares[a * bins + b];
      columns[b] += shares[a * bins + b];
    }
  }
  let information = 0;
  let cells = 0;
  for (let a = 0; a < bins; a++) {
    for (let b = 0; b < bins; b++) {
      const share = shares[a * bins + b];
      if (share <= 0) continue;
      cells++;
      information += share * Math.log(share / (rows[a] * columns[b]));
    }
  }
  const used = (of: Float64Array) => of.reduce((sum, share) => sum + (share > 0 ? 1 : 0), 0);
  return information - (cells - used(rows) - used(columns) + 1) / (2 * pairs);
}

/** Half the sum of absolute differences: 0 the same, 1 nothing in common. */
export function totalVariation(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += Math.abs(p[i] - q[i]);
  return sum / 2;
}

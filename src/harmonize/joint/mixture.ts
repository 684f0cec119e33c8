/**
 * Tissues as a mixture of normal densities over all modalities at once (axes not tilted), by expectation and maximization:
 * A. P. Dempster, N. M. Laird and D. B. Rubin, J. Royal Statistical Society B 39 (1977) 1-38. The shares of tissues are
 * parameters of their own, so that how much of a tissue is in the picture does not move where it stands.
 */
import type { Cells } from './cells.ts';

/** Where tissues stand, in spans. */
export interface Tissues {
  readonly many: number;
  readonly means: Float64Array; // [tissues, modalities]
  readonly variances: Float64Array; // [tissues, modalities]
}

/** What the voxels of a scan say, each divided among tissues. */
export interface Sums {
  readonly counts: Float64Array; // [tissues]
  readonly firsts: Float64Array; // [tissues, modalities], of values
  readonly seconds: Float64Array; // [tissues, modalities], of squares about the tissue's mean
}

/** Narrower than a cell of the histogram no tissue is told: a saturated value has no width. */
const leastVariance = 0.02 ** 2;
/** No tissue is wholly absent: else it could not come back. */
const leastShare = 1e-4;

export function emptySums(many: number, modalities: number): Sums {
  const counts = new Float64Array(many);
  return { counts, firsts: new Float64Array(many * modalities), seconds: new Float64Array(many * modalities) };
}

/** The expectation step: adds the cells, weighted, to the sums. */
export function addShared(cells: Cells, tissues: Tissues, shares: Float64Array, sums: Sums, weight = 1): void {
  const { many, means, variances } = tissues;
  const modalities = means.length / many;
  const constants = Float64Array.from({ length: many }, (_, k) => {
    let sum = Math.log(shares[k]);
    for (let m = 0; m < modalities; m++) sum -= Math.log(variances[k * modalities + m]) / 2;
    return sum;
  });
  const density = new Float64Array(many);
  for (let c = 0; c < cells.counts.length; c++) {
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < many; k++) {
      let log = constants[k];
      for (let m = 0; m < modalities; m++) {
        const from = cells.at[c * modalities + m] - means[k * modalities + m];
        log -= (from * from) / (2 * variances[k * modalities + m]);
      }
      density[k] = log;
      if (log > top) top = log;
    }
    let total = 0;
    for (let k = 0; k < many; k++) {
      density[k] = Math.exp(density[k] - top);
      total += density[k];
    }
    const each = (weight * cells.counts[c]) / total;
    for (let k = 0; k < many; k++) {
      const share = each * density[k];
      sums.counts[k] += share;
      for (let m = 0; m < modalities; m++) {
        const at = k * modalities + m;
        const value = cells.at[c * modalities + m];
        sums.firsts[at] += share * value;
        sums.seconds[at] += share * (value - means[at]) ** 2;
      }
    }
  }
}

export function sharesOf({ counts }: Sums): Float64Array {
  let total = 0;
  for (const count of counts) total += count;
  const shares = counts.map((count) => Math.max(leastShare, total > 0 ? count / total : 0)); // [tissues]
  const sum = shares.reduce((a, b) => a + b, 0);
  return shares.map((share) => share / sum);
}

/** The maximization step. A tissue that nothing falls to stays where it is. */
export function tissuesOf(sums: Sums, before: Tissues): Tissues {
  const modalities = before.means.length / before.many;
  const means = before.means.slice();
  const variances = before.variances.slice();
  for (let j = 0; j < means.length; j++) {
    const count = sums.counts[Math.floor(j / modalities)];
    if (!(count > 0)) continue;
    means[j] = sums.firsts[j] / count;
    variances[j] = Math.max(leastVariance, sums.seconds[j] / count - (means[j] - before.means[j]) ** 2);
  }
  return { many: before.many, means, variances };
}

/**
 * Tissues of many scans without a guess: one, then the one with the most spread is parted in two along the modality it is
 * widest in, until there are enough. No chance is involved.
 */
export function foundTissues(
  scans: readonly { readonly cells: Cells; readonly weight: number }[],
  many: number,
): Tissues {
  const modalities = scans[0].cells.at.length / scans[0].cells.counts.length;
  const ones = new Float64Array(modalities).fill(1);
  let tissues: Tissues = { many: 1, means: new Float64Array(modalities), variances: ones };
  let shares: Float64Array = Float64Array.of(1);
  for (;;) {
    const rounds = tissues.many === many ? 100 : 20;
    for (let round = 0; round < rounds; round++) {
      const sums = emptySums(tissues.many, modalities);
      for (const { cells, weight } of scans) addShared(cells, tissues, shares, sums, weight);
      tissues = tissuesOf(sums, tissues);
      shares = sharesOf(sums);
    }
    if (tissues.many === many) return tissues;
    ({ tissues, shares } = parted(tissues, shares));
  }
}

function parted({ many, means, variances }: Tissues, shares: Float64Array) {
  const modalities = means.length / many;
  let widest = 0;
  for (let j = 1; j < means.length; j++) {
    const spread = (at: number) => shares[Math.floor(at / modalities)] * variances[at];
    if (spread(j) > spread(widest)) widest = j;
  }
  const k = Math.floor(widest / modalities);
  const [from, to] = [k * modalities, (k + 1) * modalities];
  const half = Math.sqrt(variances[widest]);
  const grown = Float64Array.of(...means, ...means.subarray(from, to));
  grown[widest] -= half;
  grown[means.length + (widest - from)] += half;
  const next = Float64Array.of(...shares, shares[k] / 2);
  next[k] /= 2;
  const wide = Float64Array.of(...variances, ...variances.subarray(from, to));
  return { tissues: { many: many + 1, means: grown, variances: wide }, shares: next };
}

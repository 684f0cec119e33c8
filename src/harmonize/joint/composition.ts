/**
 * The dependence that harmonizing must not make: a tissue's value must not follow how much of another tissue is in the picture.
 * Landmarks of a subject's scans are moved by the least that leaves no linear dependence between them.
 */
import { functionOf } from '../intensity/intensity-map.ts';
import type { Cells } from './cells.ts';

/** A band of values about a landmark, in spans. */
export interface Band {
  readonly modality: number;
  readonly low: number;
  readonly high: number;
}

/** What a scan shows of a band. */
export interface Seen {
  /** The middle half of the voxels of the band, by value, and their weights, which sum to 1; empty where there are none. */
  readonly values: Float64Array;
  readonly weights: Float64Array;
  /** Of the voxels not below the band, the share above it. */
  readonly above: number;
}

export function seenIn({ at, counts }: Cells, { modality, low, high }: Band): Seen {
  const modalities = at.length / counts.length;
  const within: [value: number, count: number][] = [];
  let [inside, over] = [0, 0];
  for (let c = 0; c < counts.length; c++) {
    const value = at[c * modalities + modality];
    if (value < low) continue;
    if (value > high) over += counts[c];
    else {
      inside += counts[c];
      within.push([value, counts[c]]);
    }
  }
  within.sort(([a], [b]) => a - b);
  let below = 0;
  const middle = within.map(([value, count]): [number, number] => {
    const from = Math.max(below, inside / 4);
    below += count;
    return [value, Math.max(0, Math.min(below, (3 * inside) / 4) - from) / (inside / 2)];
  });
  const kept = middle.filter(([, weight]) => weight > 0);
  return {
    values: Float64Array.from(kept, ([value]) => value),
    weights: Float64Array.from(kept, ([, weight]) => weight),
    above: inside + over > 0 ? over / (inside + over) : 0,
  };
}

/** Fewer scans say nothing of dependence. */
const fewestScans = 8;
const rounds = 8;

/**
 * Moves landmark `k` of every scan, in place, until the mean of the middle half of its band, mapped, has no linear dependence
 * on the share above the band. Nothing moves where scans are few or the share is one.
 *
 * @param landmarks `[scans][landmarks]`
 * @param reference where the map carries them `[landmarks]`
 */
export function holdApart(
  landmarks: readonly Float64Array[],
  k: number,
  reference: Float64Array,
  seen: readonly Seen[],
): void {
  const usable = [...seen.keys()].filter((s) => seen[s].values.length > 0);
  if (usable.length < fewestScans || reference.length < 2) return;
  const mean = usable.reduce((sum, s) => sum + seen[s].above, 0) / usable.length;
  const spread = usable.reduce((sum, s) => sum + (seen[s].above - mean) ** 2, 0);
  if (!(spread > 1e-9)) return;
  const [before, after] = [Math.max(0, k - 1), Math.min(reference.length - 1, k + 1)];
  const steepness = landmarks.map((own) => (reference[after] - reference[before]) / (own[after] - own[before]));
  for (let round = 0; round < rounds; round++) {
    let product = 0;
    for (const s of usable) product += (seen[s].above - mean) * mappedMean(seen[s], landmarks[s], reference);
    const slope = product / spread;
    for (const [s, own] of landmarks.entries()) {
      const lean = (slope * (seen[s].above - mean)) / steepness[s];
      if (Number.isFinite(lean)) own[k] = between(own[k] + lean, own, k);
    }
  }
}

function mappedMean({ values, weights }: Seen, from: Float64Array, to: Float64Array): number {
  const one = functionOf({ kind: 'knots', from, to, beyond: 'extend' });
  return values.reduce((sum, value, i) => sum + weights[i] * one(value), 0);
}

/** Not beyond nine tenths of the way to the landmarks beside it. */
function between(value: number, own: Float64Array, k: number): number {
  const low = k > 0 ? own[k - 1] + 0.1 * (own[k] - own[k - 1]) : Number.NEGATIVE_INFINITY;
  const high = k + 1 < own.length ? own[k + 1] - 0.1 * (own[k + 1] - own[k]) : Number.POSITIVE_INFINITY;
  return Math.max(low, Math.min(high, value));
}

/** Percentiles of the voxels that count, without sorting them. */
import { bitsOf, orderOf } from './ascending.ts';
import { isSmallInteger, tableOf } from './count-table.ts';
import type { Voxels } from './voxels.ts';

/** Percentiles (0 to 100), linear between values (Hyndman and Fan 1996, type 7; NumPy's default). */
export function percentilesOf(voxels: Voxels, percents: readonly number[]): Float64Array {
  const at = percents.map((percent) => (Math.max(0, Math.min(100, percent)) / 100) * (voxels.count - 1));
  const ranks = new Set(at.flatMap((place) => [Math.floor(place), Math.ceil(place)]));
  const found = valuesAt(
    voxels,
    [...ranks].sort((a, b) => a - b),
  );
  return Float64Array.from(at, (place) => {
    const [below, above] = [found.get(Math.floor(place)) as number, found.get(Math.ceil(place)) as number];
    return below + (place - Math.floor(place)) * (above - below);
  });
}

/** The values of the given ranks (ascending, from 0). */
function valuesAt(voxels: Voxels, ranks: readonly number[]): Map<number, number> {
  const { values, mask } = voxels;
  if (!isSmallInteger(values)) return valuesByBucket(voxels, ranks);
  const { counts, lowest } = tableOf(values, mask);
  const found = new Map<number, number>();
  walk(counts, ranks, (rank, k) => found.set(rank, lowest + k));
  return found;
}

/** Goes through counts until each rank is reached, and tells in which of them and how far into it. */
function walk(counts: Uint32Array, ranks: readonly number[], reached: (rank: number, k: number, into: number) => void) {
  let below = 0;
  let r = 0;
  for (let k = 0; k < counts.length && r < ranks.length; k++) {
    for (; r < ranks.length && ranks[r] < below + counts[k]; r++) reached(ranks[r], k, ranks[r] - below);
    below += counts[k];
  }
}

const dropped = 15; // bits of a key: values of one bucket are within 1/256 of each other

/** Counts buckets of near values, and sorts only those in which a rank falls. */
function valuesByBucket({ values, mask }: Voxels, ranks: readonly number[]): Map<number, number> {
  const bits = bitsOf(values);
  const counts = new Uint32Array(2 ** (32 - dropped));
  for (let i = 0; i < bits.length; i++) if (!mask || mask[i]) counts[orderOf(bits[i]) >>> dropped]++;
  const wanted = new Map<
    number,
    { readonly own: Float64Array; filled: number; ranks: [rank: number, into: number][] }
  >();
  walk(counts, ranks, (rank, k, into) => {
    const bucket = wanted.get(k) ?? { own: new Float64Array(counts[k]), filled: 0, ranks: [] };
    bucket.ranks.push([rank, into]);
    wanted.set(k, bucket);
  });
  const isWanted = new Uint8Array(counts.length);
  for (const k of wanted.keys()) isWanted[k] = 1;
  for (let i = 0; i < values.length; i++) {
    if (mask && !mask[i]) continue;
    const k = orderOf(bits[i]) >>> dropped;
    const bucket = isWanted[k] ? wanted.get(k) : undefined;
    if (bucket) bucket.own[bucket.filled++] = values[i];
  }
  const found = new Map<number, number>();
  for (const { own, ranks: inside } of wanted.values()) {
    own.sort();
    for (const [rank, into] of inside) found.set(rank, own[into]);
  }
  return found;
}

/** The joint histogram of a scan, as a list of the cells that are not empty. */
import type { AlignedScan } from './aligned-scan.ts';

/** From the numbers of a modality to where 0 is its 2nd percentile in a subject and 1 its 98th. */
export interface Span {
  readonly low: number;
  readonly width: number;
}

/** Voxels of one scan, those that are nearly alike in all modalities told once. */
export interface Cells {
  /** The mean of the voxels of a cell, in spans. */
  readonly at: Float64Array; // [cells, modalities]
  readonly counts: Float64Array; // [cells]
  readonly voxels: number;
}

/** Cells to a span. */
const fineness = 32;
/** Beyond this many spans from 0, values are told as if there. */
const reach = 4;

/** Values between which a modality of a subject spans. Where both are one, 1 is taken for the width. */
export function spanOf(scans: readonly AlignedScan[], counted: readonly Uint32Array[], modality: number): Span {
  let total = 0;
  for (const places of counted) total += places.length;
  const all = new Float64Array(total);
  let n = 0;
  scans.forEach(({ values }, s) => {
    for (const i of counted[s]) all[n++] = values[modality][i];
  });
  all.sort();
  const at = (share: number) => all[Math.round(share * (total - 1))];
  const low = at(0.02);
  return { low, width: at(0.98) - low || at(1) - at(0) || 1 };
}

export function cellsOf({ values }: AlignedScan, places: Uint32Array, spans: readonly Span[]): Cells {
  const many = spans.length;
  const levels = 2 * reach * fineness + 1;
  const slots = new Map<number, number>();
  const sums: number[] = []; // [cells, modalities]
  const counts: number[] = [];
  const own = new Float64Array(many);
  for (const i of places) {
    let key = 0;
    for (let m = 0; m < many; m++) {
      const value = (values[m][i] - spans[m].low) / spans[m].width;
      own[m] = Math.max(-reach, Math.min(reach, value));
      key = key * levels + Math.round((own[m] + reach) * fineness);
    }
    let slot = slots.get(key);
    if (slot === undefined) {
      slot = counts.push(0) - 1;
      slots.set(key, slot);
      for (let m = 0; m < many; m++) sums.push(0);
    }
    counts[slot]++;
    for (let m = 0; m < many; m++) sums[slot * many + m] += own[m];
  }
  const at = Float64Array.from(sums, (sum, j) => sum / counts[Math.floor(j / many)]);
  return { at, counts: Float64Array.from(counts), voxels: places.length };
}

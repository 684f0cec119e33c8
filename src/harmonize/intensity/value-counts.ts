/** The distinct values of the voxels that count, and how often each occurs. */
import { sortedValues } from './ascending.ts';
import { isSmallInteger, tableOf } from './count-table.ts';
import type { Voxels } from './voxels.ts';

export interface ValueCounts {
  readonly values: Float64Array; // [values], ascending
  readonly counts: Float64Array; // [values], each positive
}

export function valueCounts(voxels: Voxels): ValueCounts {
  const { values, mask, count } = voxels;
  if (isSmallInteger(values)) {
    const { counts, lowest } = tableOf(values, mask);
    const met = [...counts.keys()].filter((k) => counts[k] > 0);
    return {
      values: Float64Array.from(met, (k) => lowest + k),
      counts: Float64Array.from(met, (k) => counts[k]),
    };
  }
  const sorted = sortedValues(voxels);
  let many = 1;
  for (let i = 1; i < count; i++) if (sorted[i] !== sorted[i - 1]) many++;
  const distinct = new Float64Array(many); // [values]
  const counts = new Float64Array(many); // [values]
  for (let i = 0, n = -1; i < count; i++) {
    if (n < 0 || sorted[i] !== distinct[n]) distinct[++n] = sorted[i];
    counts[n]++;
  }
  return { values: distinct, counts };
}

/** What the numbers of a scan are like. */
import type { Volume } from '../read/image/volume.ts';

export interface ScanNumbers {
  /** Numbers that are none (NaN, infinite). */
  readonly missing: number;
  readonly zeros: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly sd: number;
  /** The 1st, 25th, 50th, 75th and 99th percentile, by linear interpolation. */
  readonly percentiles: readonly [p1: number, p25: number, p50: number, p75: number, p99: number];
}

/** Of all frames and channels together, of the numbers that are some; undefined where none is. */
export function scanNumbers({ data }: Pick<Volume, 'data'>): ScanNumbers | undefined {
  const sorted = Float64Array.from(data).sort(); // NaN goes last
  let end = sorted.length;
  while (end > 0 && !(sorted[end - 1] < Number.POSITIVE_INFINITY)) end--;
  let start = 0;
  while (start < end && sorted[start] === Number.NEGATIVE_INFINITY) start++;
  const numbers = sorted.subarray(start, end);
  if (numbers.length === 0) return undefined;
  let sum = 0;
  let zeros = 0;
  for (const value of numbers) {
    sum += value;
    if (value === 0) zeros++;
  }
  const mean = sum / numbers.length;
  let squares = 0;
  for (const value of numbers) squares += (value - mean) ** 2;
  const at = (share: number) => {
    const place = share * (numbers.length - 1);
    const low = Math.floor(place);
    const high = Math.min(low + 1, numbers.length - 1);
    return numbers[low] + (place - low) * (numbers[high] - numbers[low]);
  };
  return {
    missing: sorted.length - numbers.length,
    zeros,
    min: numbers[0],
    max: numbers[numbers.length - 1],
    mean,
    sd: Math.sqrt(squares / numbers.length),
    percentiles: [at(0.01), at(0.25), at(0.5), at(0.75), at(0.99)],
  };
}

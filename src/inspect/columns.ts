/** One look at every column of a block, row by row as the values lie: moments, zeros, sameness. */
import type { Block } from '../describe/cohort.ts';

/** Figures of each column over the subjects in whom it was measured. */
export interface ColumnFigures {
  readonly measured: Int32Array; // [features]
  readonly zeros: Int32Array; // [features]
  readonly means: Float64Array; // [features]
  /** Sums of squared and cubed deviations from the mean. */
  readonly squares: Float64Array; // [features]
  readonly cubes: Float64Array; // [features]
  readonly least: Float64Array; // [features]
  readonly largest: Float64Array; // [features]
  /** How many subjects have the value that more than half of them share; 0 where there is no such value. */
  readonly commonest: Int32Array; // [features]
}

export function columnFigures({ values, observed }: Block): ColumnFigures {
  const [rows, width] = values.shape;
  const { data } = values;
  const measured = new Int32Array(width);
  const zeros = new Int32Array(width);
  const means = new Float64Array(width);
  const least = new Float64Array(width).fill(Number.POSITIVE_INFINITY);
  const largest = new Float64Array(width).fill(Number.NEGATIVE_INFINITY);
  const candidate = new Float64Array(width); // Boyer and Moore (1981): a majority outlives its opposition
  const lead = new Int32Array(width);
  for (let at = 0, i = 0; i < rows; i++) {
    for (let j = 0; j < width; j++, at++) {
      if (!observed[at]) continue;
      const value = data[at];
      measured[j]++;
      means[j] += value;
      if (value === 0) zeros[j]++;
      if (value < least[j]) least[j] = value;
      if (value > largest[j]) largest[j] = value;
      if (lead[j] === 0) candidate[j] = value;
      lead[j] += candidate[j] === value ? 1 : -1;
    }
  }
  for (let j = 0; j < width; j++) if (measured[j] > 0) means[j] /= measured[j];
  const squares = new Float64Array(width);
  const cubes = new Float64Array(width);
  const commonest = new Int32Array(width);
  for (let at = 0, i = 0; i < rows; i++) {
    for (let j = 0; j < width; j++, at++) {
      if (!observed[at]) continue;
      const off = data[at] - means[j];
      squares[j] += off * off;
      cubes[j] += off * off * off;
      if (data[at] === candidate[j]) commonest[j]++;
    }
  }
  for (let j = 0; j < width; j++) if (2 * commonest[j] <= measured[j]) commonest[j] = 0;
  return { measured, zeros, means, squares, cubes, least, largest, commonest };
}

/** Skewness g1 = m3 / m2^1.5 of a column; undefined of fewer than three values and where they do not vary. */
export function skewnessOf({ measured, squares, cubes, least, largest }: ColumnFigures, j: number): number | undefined {
  const n = measured[j];
  if (n < 3 || least[j] === largest[j]) return undefined;
  return cubes[j] / n / (squares[j] / n) ** 1.5;
}

/**
 * Columns that repeat an earlier one cell by cell, gaps included: found by a hash of each column, then compared. Columns of
 * one value are not asked. Of levels it is the codes that are compared.
 *
 * @returns Pairs of columns: the copy, and the first column it is a copy of.
 */
export function duplicateColumns({ values, observed }: Block, asked: (column: number) => boolean): [number, number][] {
  const [rows, width] = values.shape;
  const { data } = values;
  const hash = new Int32Array(width);
  const bits = new Int32Array(2);
  const number = new Float64Array(bits.buffer);
  for (let at = 0, i = 0; i < rows; i++) {
    for (let j = 0; j < width; j++, at++) {
      number[0] = observed[at] ? data[at] + 0 : Number.NaN; // -0 equals 0
      hash[j] = Math.imul(hash[j] ^ bits[0] ^ Math.imul(bits[1], 0x9e3779b1), 0x01000193);
      hash[j] ^= hash[j] >>> 15;
    }
  }
  const same = (a: number, b: number) => {
    for (let at = 0; at < rows * width; at += width) {
      if (observed[at + a] !== observed[at + b] || (observed[at + a] && data[at + a] !== data[at + b])) return false;
    }
    return true;
  };
  const firsts = new Map<number, number[]>(); // hash -> columns that differ from each other
  const found: [number, number][] = [];
  for (let j = 0; j < width; j++) {
    if (!asked(j)) continue;
    const earlier = firsts.get(hash[j]) ?? [];
    const original = earlier.find((column) => same(column, j));
    if (original !== undefined) found.push([j, original]);
    else firsts.set(hash[j], [...earlier, j]);
  }
  return found;
}

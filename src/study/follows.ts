/** Whether numbers are a time or a value itself, in another unit or on another scale. */
import { midranks } from '../array/midranks.ts';

const likeness = 0.999; // a copy rounded to whole months keeps it, no measurement reaches it
const worthRanking = 0.7; // below this linear correlation, nothing monotone of the measure is met in practice

/**
 * Whether `values` go with `measure` (both [subjects]) as a copy does: linearly, or in rank, as after a logarithm.
 * @param rows The subjects who have a value.
 */
export function follows(values: ArrayLike<number>, measure: ArrayLike<number>, rows: readonly number[]): boolean {
  const x = Float64Array.from(rows, (row) => values[row]);
  const y = Float64Array.from(rows, (row) => measure[row]);
  const linear = Math.abs(correlation(x, y));
  return linear > likeness || (linear > worthRanking && Math.abs(correlation(midranks(x), midranks(y))) > likeness);
}

/** Pearson's; 0 where one of the two is constant. */
function correlation(x: Float64Array, y: Float64Array): number {
  const n = x.length;
  const mean = (of: Float64Array) => of.reduce((sum, value) => sum + value, 0) / n;
  const [a, b] = [mean(x), mean(y)];
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    xx += (x[i] - a) ** 2;
    yy += (y[i] - b) ** 2;
    xy += (x[i] - a) * (y[i] - b);
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}

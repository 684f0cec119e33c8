/** Many values through straight lines between few knots: the segment is looked up, not searched. */
import type { Floats } from '../../array/matrix.ts';

const cells = 4096;

/**
 * The same numbers as one by one with `alongKnots`, for values between the first knot and the last; `beyond` is asked for
 * all others.
 *
 * @param from ascending knots, at least two, not all equal
 */
export function throughKnots(
  values: Floats,
  out: Floats,
  { from, to }: { readonly from: Float64Array; readonly to: Float64Array },
  beyond: (value: number) => number,
): void {
  const last = from.length - 1;
  const [low, high] = [from[0], from[last]];
  const perCell = cells / (high - low);
  const slopes = from.map((value, k) => (k === 0 ? 0 : (to[k] - to[k - 1]) / (value - from[k - 1])));
  // The first knot that a value of a cell can be below, told a cell too early: rounding may put a value into the next.
  const first = new Uint32Array(cells + 2); // [cells]
  for (let cell = 0, k = 1; cell < first.length; cell++) {
    while (k < last && from[k] < low + (cell - 1) / perCell) k++;
    first[cell] = k;
  }
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!(value > low && value <= high)) {
      out[i] = beyond(value);
      continue;
    }
    let k = first[((value - low) * perCell) | 0];
    while (from[k] < value) k++;
    out[i] = value === from[k] ? to[k] : slopes[k] * (value - from[k - 1]) + to[k - 1];
  }
}

/** Whether looking up pays: few knots on a span that is one. */
export function canLookUp({ from }: { readonly from: Float64Array }): boolean {
  const span = from[from.length - 1] - from[0];
  return from.length >= 2 && from.length <= cells && span > 0 && Number.isFinite(cells / span);
}

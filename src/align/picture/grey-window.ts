/** From the numbers of an image to grey. */
import { InputError } from '../../errors.ts';
import type { Volume } from '../../read/image/volume.ts';

/** What is `low` or less is black, what is `high` or more is white. */
export interface GreyWindow {
  readonly low: number;
  readonly high: number;
}

/** Of how many numbers, evenly taken, the percentiles are. */
const most = 200_000;

/**
 * From the 1st to the 99th percentile of the numbers above the lowest one, which is the background in most images. Of one
 * frame (default 0), and of one channel where that is given.
 */
export function greyWindow(
  { data, shape, channels }: Pick<Volume, 'data' | 'shape' | 'channels'>,
  { frame = 0, channel }: { readonly frame?: number; readonly channel?: number } = {},
): GreyWindow {
  const size = shape[0] * shape[1] * shape[2];
  const from = (frame * channels + (channel ?? 0)) * size;
  const numbers = data.subarray(from, from + size * (channel === undefined ? channels : 1));
  let lowest = Number.POSITIVE_INFINITY;
  for (let at = 0; at < numbers.length; at++) {
    if (numbers[at] < lowest && numbers[at] > Number.NEGATIVE_INFINITY) lowest = numbers[at];
  }
  if (lowest === Number.POSITIVE_INFINITY) return { low: 0, high: 1 }; // none is a number
  let many = 0;
  for (let at = 0; at < numbers.length; at++) if (isAbove(numbers[at], lowest)) many++;
  if (many === 0) return { low: lowest - 1, high: lowest };
  const every = Math.ceil(many / most);
  const taken = new Float64Array(Math.ceil(many / every));
  for (let at = 0, seen = 0; at < numbers.length; at++) {
    if (isAbove(numbers[at], lowest) && seen++ % every === 0) taken[(seen - 1) / every] = numbers[at];
  }
  taken.sort();
  const at = (share: number) => taken[Math.round(share * (taken.length - 1))];
  const [low, high] = [at(0.01), at(0.99)];
  return high > low ? { low, high } : { low: lowest, high };
}

function isAbove(value: number, lowest: number): boolean {
  return value > lowest && value < Number.POSITIVE_INFINITY;
}

/** @throws InputError where a window has no width */
export function checkWindow({ low, high }: GreyWindow, where: string): void {
  if (Number.isFinite(low) && Number.isFinite(high) && low < high) return;
  throw new InputError({ where, what: 'unusable', expected: 'two numbers, the lower first', got: `${low}, ${high}` });
}

/** What is no number is black. */
export function greyOf(values: ArrayLike<number>, { low, high }: GreyWindow): Uint8Array {
  const scale = 255 / (high - low);
  const out = new Uint8Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const grey = (values[at] - low) * scale;
    out[at] = grey >= 255 ? 255 : grey > 0 ? Math.round(grey) : 0;
  }
  return out;
}

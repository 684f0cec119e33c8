/** What a sensor's readings since the last tick add up to; all features of the sensor are made of these. */

/** Places within a sensor's sums. Times are in minutes after the coming tick, hence negative. */
export const readings = 0;
export const values = 1;
export const squares = 2;
export const pairs = 3;
/** Squares of differences between successive values. */
export const jumps = 4;
export const times = 5;
export const timeSquares = 6;
export const timeValues = 7;
/** These outlive a tick: the last value and when it was measured, and when the newest reading of any quality was. */
const lastValue = 8;
const lastMs = 9;
export const newestMs = 10;
export const sumsLength = 11;

/** A reading of less quality says that its sensor is there, and no more. Assumed. */
const worthy = 0.5;

export function resetSums(state: Float64Array, at: number): void {
  state.fill(0, at, at + sumsLength);
  state[at + lastMs] = Number.NEGATIVE_INFINITY;
  state[at + newestMs] = Number.NEGATIVE_INFINITY;
}

/**
 * Adds a reading. Readings come in order of time.
 *
 * @param tickMs the coming tick
 * @param pairMs successive values further apart than this are no pair
 */
export function addReading(
  state: Float64Array,
  at: number,
  timeMs: number,
  value: number,
  quality: number,
  tickMs: number,
  pairMs: number,
): void {
  if (timeMs > state[at + newestMs]) state[at + newestMs] = timeMs;
  if (quality < worthy) return;
  const minutes = (timeMs - tickMs) / 60000;
  state[at + readings]++;
  state[at + values] += value;
  state[at + squares] += value * value;
  state[at + times] += minutes;
  state[at + timeSquares] += minutes * minutes;
  state[at + timeValues] += minutes * value;
  const apart = timeMs - state[at + lastMs];
  if (apart > 0 && apart <= pairMs) {
    const jump = value - state[at + lastValue];
    state[at + pairs]++;
    state[at + jumps] += jump * jump;
  }
  state[at + lastValue] = value;
  state[at + lastMs] = timeMs;
}

/** Begins the next tick's sums. */
export function clearSums(state: Float64Array, at: number): void {
  for (let place = 0; place < lastValue; place++) state[at + place] = 0;
}

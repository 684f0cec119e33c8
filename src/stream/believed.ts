/** A clock that goes by what it is told, and is not led astray by one who is wrong. */

export interface Believed {
  /** -Infinity before it was told anything. */
  nowMs: number;
  /** A time far ahead that was not believed; NaN where none was. */
  jumpedMs: number;
}

export const dayMs = 86_400_000;
const latestMs = 8.64e15; // that a date can be

export function newBelieved(): Believed {
  return { nowMs: Number.NEGATIVE_INFINITY, jumpedMs: Number.NaN };
}

/**
 * Moves the clock to a time, never back. One that lies further ahead than `jumpMs` is not believed, since it would make
 * everybody late; the next that lies within as much of it is: then it was a gap.
 *
 * @returns whether the time was believed
 */
export function believe(clock: Believed, timeMs: number, jumpMs: number = dayMs): boolean {
  if (!(Math.abs(timeMs) <= latestMs)) return false;
  const isNear = !(timeMs - clock.nowMs > jumpMs) || clock.nowMs === Number.NEGATIVE_INFINITY;
  if (!isNear && !(Math.abs(timeMs - clock.jumpedMs) <= jumpMs)) {
    clock.jumpedMs = timeMs;
    return false;
  }
  if (timeMs > clock.nowMs) clock.nowMs = timeMs;
  return true;
}

/** What comes into a stream, one after the other; a log keeps all of it, so that a replay sees what the live run saw. */
import type { Arrival } from '../align/time/event.ts';

export type StreamInput = Arrival | ClockMark | Answered | Unreadable;

/** The time has come to this, whether or not anything arrived. */
export interface ClockMark {
  readonly clockMs: number;
}

/** Somebody has answered the alert of this subject. */
export interface Answered {
  readonly answered: string;
  readonly arrivedMs: number;
}

/** Something arrived that is no event. It is counted, and its content is gone. */
export interface Unreadable {
  readonly refused: string;
  /** -Infinity: before anything whose time is known. */
  readonly arrivedMs: number;
}

/** When it came in, Unix milliseconds. */
export function inputTime(input: StreamInput): number {
  return 'clockMs' in input ? input.clockMs : input.arrivedMs;
}

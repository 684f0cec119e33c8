/** What an alert machine is told at every tick, and what it says. */

export interface Decision {
  readonly timeMs: number;
  /** Log-odds of the event; NaN: nothing new to say, the last word stands. */
  readonly score: number;
  /** Whether a reading of the slow sensor has come since the last decision. */
  readonly fresh: boolean;
  /** Someone has answered the alert that is on. */
  readonly acknowledged?: boolean;
  /** Value of the newest of the fresh readings. */
  readonly reading?: number;
  /** When it was measured. Default: timeMs. */
  readonly readingMs?: number;
  /** By sensor, in the order of the machine's `sensors`: seconds since it was last heard, Infinity if never. */
  readonly staleSeconds?: ArrayLike<number>;
  /** By sensor: readings refused since the last that was taken in. */
  readonly refusedInRow?: ArrayLike<number>;
}

export const alertStates = ['quiet', 'provisional', 'confirmed'] as const;
export type AlertState = (typeof alertStates)[number];

/**
 * `provisional`: raised, to be confirmed or taken back. `confirmed`: the slow sensor agrees. `retracted`: it does not.
 * `ended`: over. `escalated`: confirmed and unanswered, or deeper. `silent` and `heard`: a sensor is not heard, and is
 * again. `fault` and `cleared`: a sensor says what cannot be, and is sane again.
 */
export const alertKinds = [
  'provisional',
  'confirmed',
  'retracted',
  'ended',
  'escalated',
  'silent',
  'heard',
  'fault',
  'cleared',
] as const;
export type AlertKind = (typeof alertKinds)[number];

/** One change in what a subject's alerts say. */
export interface AlertChange {
  /**
   * Counts a subject's alerts from 0; provisional, confirmed, retracted, escalated and ended of one alert share it. What is
   * about a sensor is counted apart, likewise from 0: silent and heard of one silence share a number.
   */
  readonly alert: number;
  readonly kind: AlertKind;
  readonly timeMs: number;
  /** Log-odds at that time: the last word. NaN before the first, as of a sensor never heard. */
  readonly score: number;
  /** Of silence and faults. */
  readonly sensor?: string;
}

/** What an alert machine is told at every tick, and what it says. */

export interface Decision {
  readonly timeMs: number;
  /** Log-odds of the event. */
  readonly score: number;
  /** Whether a reading of the slow sensor has come since the last decision. */
  readonly fresh: boolean;
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
  /** Counts a subject's alerts from 0; provisional, confirmed, retracted, escalated and ended of one alert share it. */
  readonly alert: number;
  readonly kind: AlertKind;
  readonly timeMs: number;
  /** Log-odds at that time. */
  readonly score: number;
  /** Of silence and faults. */
  readonly sensor?: string;
}

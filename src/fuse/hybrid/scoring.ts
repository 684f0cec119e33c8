/**
 * A way to turn what is known so far into log-odds, tick by tick. Every strategy of hybrid fusion is one, whether it waits for
 * all sensors, hears one of them, or carries a belief between their readings; so all run on the same tracks and through the
 * same alert machine.
 */
import type { Saved } from '../../estimator.ts';

/**
 * `nowcast`: is the quantity beyond its threshold now? `forecast`: is it, or will it be within the horizon, the same for all
 * strategies.
 */
export type Mode = 'nowcast' | 'forecast';

/** What the event is, and how far ahead a forecast looks. */
export interface Question {
  /** The quantity that the slow sensor measures. */
  readonly threshold: number;
  readonly beyond: 'below' | 'above';
  readonly mode: Mode;
  readonly horizonSeconds: number;
}

/**
 * A fitted strategy. Its state is a stretch of numbers that the caller holds (and copies to come back to it), so that ten
 * thousand subjects cost two kilobytes each and a step allocates nothing.
 */
export interface Scoring {
  readonly name: string;
  /** Features of the fast sensors that it reads, in the order of `values`. */
  readonly features: readonly string[];
  /** Numbers of state. */
  readonly length: number;
  init(state: Float64Array): void;
  /** Takes in a reading of the slow sensor. Readings come in order of `timeMs`, none after the next tick. */
  observe(state: Float64Array, timeMs: number, value: number, quality: number): void;
  /**
   * Moves to a tick. Ticks come in order, evenly spaced.
   *
   * @param values features of the fast sensors from `at` on, 0 where `heard` is 0
   * @returns log-odds of the event; NaN where the strategy has nothing to say at this tick (its last word then stands)
   */
  tick(state: Float64Array, timeMs: number, values: Float32Array, heard: Uint8Array, at: number): number;
  save(): Saved;
}

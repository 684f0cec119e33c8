/**
 * A recording as a fusion sees it: at every tick the features of the fast sensors, and the readings of the slow one by the
 * time at which they were known. Tick k stands at `startMs + k * stepMs` and holds what had arrived by then, and no more.
 */
export interface Track {
  readonly id: string;
  readonly subject: string;
  readonly startMs: number;
  readonly stepMs: number;
  readonly ticks: number;
  readonly utcOffsetMs: number;
  /** From this tick on it is judged; those before warm up. */
  readonly judgedFrom: number;
  readonly features: readonly string[];
  readonly values: Float32Array; // [ticks, features], 0 where not heard
  readonly heard: Uint8Array; // [ticks, features]
  readonly readings: Readings;
}

/** Readings of the slow sensor, in order of arrival. */
export interface Readings {
  readonly timeMs: Float64Array; // [readings], when measured
  readonly knownMs: Float64Array; // [readings], when arrived, ascending
  readonly value: Float64Array; // [readings]
  readonly quality: Float32Array; // [readings]
}

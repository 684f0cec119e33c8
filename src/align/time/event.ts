/** One reading of one sensor of one subject. Its time is when it was measured, not when it arrived. */
export interface SensorEvent {
  /** Who sends: a device, a recording. Sequence numbers count within stream, subject and sensor. */
  readonly stream: string;
  readonly subject: string;
  readonly sensor: string;
  /** From 0, one more for each reading; a repeat bears the number of the first. */
  readonly sequence: number;
  /** Unix time in milliseconds, UTC. */
  readonly timeMs: number;
  readonly value: number;
  /** The sensor's own word on its reading: 1 good, 0 worthless. */
  readonly quality: number;
}

/** A reading as it came in. A log is a list of these, in order of arrival. */
export interface Arrival {
  readonly event: SensorEvent;
  readonly arrivedMs: number;
}

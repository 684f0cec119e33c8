/** What the sensors of one subject sent over one stretch of time, such as a night. */
export interface Recording {
  readonly id: string;
  readonly subject: string;
  /** The stretch that is judged, Unix milliseconds. Events may begin before it. */
  readonly startMs: number;
  readonly endMs: number;
  /** To be added to a time for the subject's local clock. */
  readonly utcOffsetMs: number;
  readonly sensors: readonly string[];
  /** Events in order of arrival; columns, since a night has some 60,000. */
  readonly sensor: Uint8Array; // [events], index into sensors
  readonly sequence: Int32Array; // [events]
  readonly timeMs: Float64Array; // [events]
  readonly arrivedMs: Float64Array; // [events], ascending
  readonly value: Float32Array; // [events]
  readonly quality: Float32Array; // [events]
}

/** A stretch in which the watched quantity was beyond its threshold, such as hypoglycemia. */
export interface Episode {
  /** The first moment beyond the threshold. */
  readonly onsetMs: number;
  /** The first moment back, or the end of what is known. */
  readonly endMs: number;
  /** The most extreme value. */
  readonly extreme: number;
}

/** What a live instrument is: a stream of readings of one quantity, and what may be expected of them. */
import type { Scale } from './modality.ts';

export interface Sensor {
  readonly name: string;
  readonly unit: string;
  readonly scale: Scale;
  /** Between two readings, as a rule. */
  readonly everySeconds: number;
  /** The smallest and largest value it can mean; anything else is a fault of the sensor or of the way here. */
  readonly low: number;
  readonly high: number;
  /** A unit that it is known to be confused with: `value * factor` is then a value in `unit`. */
  readonly mistakenUnit?: { readonly unit: string; readonly factor: number };
  /** How long after its own time a reading may arrive and still count. */
  readonly latenessSeconds: number;
  /** After so long without a reading its silence is an alert of its own. */
  readonly silentAfterSeconds: number;
}

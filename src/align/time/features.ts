/** Features of fast sensors at every tick, from settled readings in order: incremental, in a fixed stretch of numbers. */
import type { Sensor } from '../../describe/sensor.ts';
import { type FeatureReader, featureReader } from './feature.ts';
import type { Setup } from './setup.ts';
import { addReading, clearSums, resetSums, sumsLength } from './sums.ts';

export interface FeatureBank {
  readonly features: readonly string[];
  /** Numbers of state. */
  readonly length: number;
  init(state: Float64Array): void;
  /** Takes in a reading, in order of time, of what is settled at the coming tick. */
  add(state: Float64Array, sensor: number, timeMs: number, value: number, quality: number, tickMs: number): void;
  /** The features of a tick; ticks are evenly spaced. Where one is not heard its value is 0. */
  tick(state: Float64Array, tickMs: number, utcOffsetMs: number, values: Float32Array, heard: Uint8Array): void;
}

/** Values further apart than so many times the usual are not successive. Assumed: one or two readings may be missing. */
const pairedWithin = 3;

export function featureBank(setup: Setup): FeatureBank {
  const { sensors } = setup;
  const read = new Set(setup.features.map((feature) => ('sensor' in feature ? feature.sensor : undefined)));
  let length = 0;
  const sums = Int32Array.from(sensors, ({ name }) => {
    if (!read.has(name)) return -1;
    length += sumsLength;
    return length - sumsLength;
  });
  const summed = sums.filter((at) => at >= 0);
  const readers: FeatureReader[] = [];
  for (const feature of setup.features) {
    const of = 'sensor' in feature ? sensors.findIndex(({ name }) => name === feature.sensor) : -1;
    const places = { sums: sums[of], own: length };
    const reader = featureReader(feature, sensors[of] as Sensor | undefined, setup.stepSeconds, places);
    readers.push(reader);
    length += reader.length;
  }
  const pairMs = Float64Array.from(sensors, ({ everySeconds }) => pairedWithin * everySeconds * 1000);

  return {
    features: setup.features.map(({ name }) => name),
    length,
    init(state) {
      state.fill(0);
      for (let at = 0; at < summed.length; at++) resetSums(state, summed[at]);
    },
    add(state, sensor, timeMs, value, quality, tickMs) {
      if (sums[sensor] >= 0) addReading(state, sums[sensor], timeMs, value, quality, tickMs, pairMs[sensor]);
    },
    tick(state, tickMs, utcOffsetMs, values, heard) {
      for (let at = 0; at < readers.length; at++) {
        const value = readers[at].read(state, tickMs, utcOffsetMs);
        const known = !Number.isNaN(value);
        heard[at] = known ? 1 : 0;
        values[at] = known ? value : 0;
      }
      for (let at = 0; at < summed.length; at++) clearSums(state, summed[at]);
    },
  };
}

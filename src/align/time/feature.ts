/** One feature: what it keeps from tick to tick, and how it is read. */
import type { Sensor } from '../../describe/sensor.ts';
import { baselineLength, follow, strays } from './baseline.ts';
import type { BaselineFeature, EnergyFeature, SensorFeature, WindowFeature } from './setup.ts';
import * as sums from './sums.ts';

export interface FeatureReader {
  /** Numbers of state. */
  readonly length: number;
  /** Takes in the sums of a tick and reads the feature; NaN where too little of its window was measured. */
  read(state: Float64Array, tickMs: number, utcOffsetMs: number): number;
}

/** Where in the state the sums of the sensor and the feature's own numbers stand. */
interface Places {
  readonly sums: number;
  readonly own: number;
}

/** A feature is heard where at least so much of what its window should hold was measured. Assumed. */
const enough = 1 / 3;
/** A baseline is one once so much of the time that it remembers was measured. Assumed. */
const enoughOfBaseline = 1 / 4;
/** Weight of what is long forgotten; set to 0, since numbers near the smallest are slow. */
const forgotten = 1e-12;

const dayMs = 86_400_000;

export function featureReader(
  feature: SensorFeature,
  sensor: Sensor | undefined,
  stepSeconds: number,
  places: Places,
): FeatureReader {
  if (feature.kind === 'day-sine' || feature.kind === 'day-cosine') {
    const turn = feature.kind === 'day-sine' ? Math.sin : Math.cos;
    return {
      length: 0,
      read: (_, tickMs, utcOffsetMs) => turn((2 * Math.PI * ((tickMs + utcOffsetMs) % dayMs)) / dayMs),
    };
  }
  const of = sensor as Sensor;
  switch (feature.kind) {
    case 'staleness': {
      const newest = places.sums + sums.newestMs;
      return { length: 0, read: (state, tickMs) => finite((tickMs - state[newest]) / 1000) };
    }
    case 'count':
      return countReader(feature, of, stepSeconds, places);
    case 'mean': {
      const window = windowOf([sums.readings, sums.values], feature, of, stepSeconds, places);
      const { own } = places;
      return { length: 2, read: (state) => (window(state) ? state[own + 1] / state[own] : Number.NaN) };
    }
    case 'deviation':
      return deviationReader(feature, of, stepSeconds, places);
    case 'slope':
      return slopeReader(feature, of, stepSeconds, places);
    case 'variability': {
      const window = windowOf([sums.pairs, sums.jumps], feature, of, stepSeconds, places);
      const { own } = places;
      const least = smallest(of);
      return {
        length: 2,
        read: (state) =>
          window(state) ? Math.log(Math.max(Math.sqrt(state[own + 1] / state[own]), least)) : Number.NaN,
      };
    }
    case 'energy':
      return energyReader(feature, of, stepSeconds, places);
  }
}

/** A function that forgets, adds a tick's sums, and says whether enough was measured; the first sum is the number of them. */
function windowOf(
  which: readonly number[],
  { windowSeconds }: { readonly windowSeconds: number },
  { everySeconds }: Sensor,
  stepSeconds: number,
  places: Places,
): (state: Float64Array) => boolean {
  const keep = Math.exp((-2 * stepSeconds) / windowSeconds);
  const least = (enough * (stepSeconds / everySeconds)) / (1 - keep);
  const from = Int32Array.from(which, (place) => places.sums + place);
  const { own } = places;
  return (state) => {
    const still = state[own] > forgotten ? keep : 0;
    for (let at = 0; at < from.length; at++) state[own + at] = state[own + at] * still + state[from[at]];
    return state[own] >= least;
  };
}

function countReader(feature: WindowFeature, of: Sensor, stepSeconds: number, places: Places): FeatureReader {
  const window = windowOf([sums.readings], feature, of, stepSeconds, places);
  const perMinute = ((1 - Math.exp((-2 * stepSeconds) / feature.windowSeconds)) * 60) / stepSeconds;
  const newest = places.sums + sums.newestMs;
  return {
    length: 1,
    read(state, tickMs) {
      window(state);
      // None is a finding too, until the sensor counts as silent.
      return tickMs - state[newest] <= of.silentAfterSeconds * 1000 ? state[places.own] * perMinute : Number.NaN;
    },
  };
}

function deviationReader(feature: BaselineFeature, of: Sensor, stepSeconds: number, places: Places): FeatureReader {
  const window = windowOf([sums.readings, sums.values], feature, of, stepSeconds, places);
  const { own } = places;
  const baseline = own + 2;
  const forget = Math.min(1, stepSeconds / feature.baselineSeconds);
  const range = of.high - of.low;
  return {
    length: 2 + baselineLength,
    read(state) {
      if (!window(state)) return Number.NaN;
      const mean = state[own + 1] / state[own];
      const known = state[baseline + 2] * forget >= enoughOfBaseline;
      const away = known ? strays(state, baseline, mean, range / 1000) : Number.NaN;
      follow(state, baseline, mean, forget, range / 20);
      return away;
    },
  };
}

function slopeReader(feature: WindowFeature, of: Sensor, stepSeconds: number, places: Places): FeatureReader {
  const which = [sums.readings, sums.values, sums.times, sums.timeSquares, sums.timeValues];
  const window = windowOf(which, feature, of, stepSeconds, places);
  const { own } = places;
  const step = stepSeconds / 60;
  return {
    length: which.length,
    read(state) {
      // Times count from the tick, which has moved on by a step.
      state[own + 3] += step * (step * state[own] - 2 * state[own + 2]);
      state[own + 4] -= step * state[own + 1];
      state[own + 2] -= step * state[own];
      if (!window(state)) return Number.NaN;
      const [n, v, t] = [state[own], state[own + 1], state[own + 2]];
      const spread = n * state[own + 3] - t * t;
      // Readings of one moment have no slope.
      return spread > 1e-9 * n * n ? (n * state[own + 4] - t * v) / spread : Number.NaN;
    },
  };
}

function energyReader(feature: EnergyFeature, of: Sensor, stepSeconds: number, places: Places): FeatureReader {
  const window = windowOf([sums.readings, sums.values, sums.squares], feature, of, stepSeconds, places);
  const { own } = places;
  const least = smallest(of) ** 2;
  return {
    length: 3,
    read(state) {
      if (!window(state)) return Number.NaN;
      const mean = feature.about === 'mean' ? state[own + 1] / state[own] : 0;
      return Math.log(Math.max(state[own + 2] / state[own] - mean * mean, least));
    },
  };
}

/** The least that a logarithm is taken of, so that stillness has one: a millionth of the range. Assumed. */
function smallest({ low, high }: Sensor): number {
  return (high - low) * 1e-6;
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : Number.NaN;
}

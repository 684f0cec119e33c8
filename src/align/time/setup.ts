/** What is listened to: a subject's sensors, which of them is the slow and accurate one, and what is read from the fast ones. */
import type { Sensor } from '../../describe/sensor.ts';
import { InputError } from '../../errors.ts';

/** Plain JSON. */
export interface Setup {
  /** Between two ticks: how often the features are read and a score is given. */
  readonly stepSeconds: number;
  readonly sensors: readonly Sensor[];
  /** Name of the sensor whose readings come singly, each with authority; all others are fast and only heard through features. */
  readonly slow: string;
  readonly features: readonly SensorFeature[];
}

/**
 * One number at every tick, from one sensor or from the clock.
 *
 * - `mean`, in the sensor's unit.
 * - `deviation`: the mean less the sensor's own slow baseline, in robust standard deviations of such means.
 * - `slope`: the rate of change a minute, of a straight line by least squares.
 * - `variability`: log of the root mean square of successive differences (RMSSD where values are beat-to-beat intervals).
 * - `energy`: log of the mean square, about zero or about the mean.
 * - `count`: readings a minute.
 * - `staleness`: seconds since the newest reading was measured.
 * - `day-sine`, `day-cosine`: the phase of the local clock, the sine rising at midnight; of no sensor.
 */
export type SensorFeature = WindowFeature | BaselineFeature | EnergyFeature | StalenessFeature | PhaseFeature;

interface OfSensor {
  readonly name: string;
  readonly sensor: string;
}

/**
 * A window forgets gradually: a reading of age a weighs exp(-2 a / windowSeconds), so that the mean age is that of a plain
 * window of as many seconds and its memory is a few numbers, not the readings.
 */
export interface WindowFeature extends OfSensor {
  readonly kind: 'mean' | 'slope' | 'variability' | 'count';
  readonly windowSeconds: number;
}

export interface BaselineFeature extends OfSensor {
  readonly kind: 'deviation';
  readonly windowSeconds: number;
  /** Over how long the baseline follows a lasting change. */
  readonly baselineSeconds: number;
}

export interface EnergyFeature extends OfSensor {
  readonly kind: 'energy';
  readonly windowSeconds: number;
  /** Default: zero. */
  readonly about?: 'zero' | 'mean';
}

export interface StalenessFeature extends OfSensor {
  readonly kind: 'staleness';
}

export interface PhaseFeature {
  readonly name: string;
  readonly kind: 'day-sine' | 'day-cosine';
}

export const featureKinds = [
  'mean',
  'deviation',
  'slope',
  'variability',
  'energy',
  'count',
  'staleness',
  'day-sine',
  'day-cosine',
] as const satisfies readonly SensorFeature['kind'][];

/** The options of each kind beside its name. */
export const featureOptions: Readonly<Record<SensorFeature['kind'], readonly string[]>> = {
  mean: ['sensor', 'windowSeconds'],
  slope: ['sensor', 'windowSeconds'],
  variability: ['sensor', 'windowSeconds'],
  count: ['sensor', 'windowSeconds'],
  deviation: ['sensor', 'windowSeconds', 'baselineSeconds'],
  energy: ['sensor', 'windowSeconds', 'about'],
  staleness: ['sensor'],
  'day-sine': [],
  'day-cosine': [],
};

/** @throws InputError for a setup that cannot be meant, naming the sensor or feature and the field */
export function checkSetup(setup: Setup, where = 'setup'): void {
  positive(setup.stepSeconds, `${where}: stepSeconds`);
  if (setup.sensors.length < 1 || setup.sensors.length > 255) {
    throw new InputError({ where, what: 'number of sensors', expected: '1 to 255', got: `${setup.sensors.length}` });
  }
  unique(
    setup.sensors.map(({ name }) => name),
    `${where}: sensors`,
  );
  unique(
    setup.features.map(({ name }) => name),
    `${where}: features`,
  );
  for (const sensor of setup.sensors) checkSensor(sensor, `${where}: sensor "${sensor.name}"`);
  const names = setup.sensors.map(({ name }) => name);
  if (!names.includes(setup.slow)) {
    throw new InputError({
      where: `${where}: slow`,
      what: 'no such sensor',
      expected: names.join(', '),
      got: setup.slow,
    });
  }
  const fast = names.filter((name) => name !== setup.slow);
  for (const feature of setup.features) checkFeature(feature, fast, `${where}: feature "${feature.name}"`);
}

function checkSensor(sensor: Sensor, where: string): void {
  positive(sensor.everySeconds, `${where}: everySeconds`);
  positive(sensor.silentAfterSeconds, `${where}: silentAfterSeconds`);
  if (!(sensor.latenessSeconds >= 0 && sensor.latenessSeconds <= 86400)) {
    throw new InputError({
      where: `${where}: latenessSeconds`,
      what: 'not a bound',
      expected: '0 to 86400',
      got: `${sensor.latenessSeconds}`,
    });
  }
  if (!(sensor.low < sensor.high)) {
    throw new InputError({ where, what: 'no range', expected: 'low < high', got: `${sensor.low} to ${sensor.high}` });
  }
  if (sensor.mistakenUnit) positive(sensor.mistakenUnit.factor, `${where}: mistakenUnit.factor`);
}

function checkFeature(feature: SensorFeature, fast: readonly string[], where: string): void {
  const { name: _, kind, ...rest } = feature as SensorFeature & Record<string, unknown>;
  if (!featureKinds.includes(kind)) {
    throw new InputError({ where, what: 'unknown kind', expected: featureKinds.join(', '), got: `${kind}` });
  }
  for (const key of Object.keys(rest)) {
    if (featureOptions[kind].includes(key)) continue;
    throw new InputError({
      where,
      what: `unknown option "${key}"`,
      expected: featureOptions[kind].join(', ') || 'none',
    });
  }
  if (featureOptions[kind].includes('sensor') && !fast.includes(rest.sensor as string)) {
    throw new InputError({ where, what: 'not a fast sensor', expected: fast.join(', '), got: `${rest.sensor}` });
  }
  for (const key of ['windowSeconds', 'baselineSeconds']) {
    if (featureOptions[kind].includes(key)) positive(rest[key], `${where}: ${key}`);
  }
  if (rest.about !== undefined && rest.about !== 'zero' && rest.about !== 'mean') {
    throw new InputError({
      where: `${where}: about`,
      what: 'unknown',
      expected: 'zero, mean',
      got: JSON.stringify(rest.about),
    });
  }
}

function positive(value: unknown, where: string): void {
  if (typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY) return;
  throw new InputError({ where, what: 'not a positive number', expected: '> 0', got: `${value}` });
}

function unique(names: readonly string[], where: string): void {
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new InputError({ where, what: 'a name twice', expected: 'each once', got: twice });
}

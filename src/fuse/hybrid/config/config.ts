/** A configuration of a hybrid fusion: read from YAML or JSON, every complaint with file, line and column. */
import { checkSetup, featureOptions, type SensorFeature, type Setup } from '../../../align/time/setup.ts';
import type { Sensor } from '../../../describe/sensor.ts';
import { InputError } from '../../../errors.ts';
import { suggestion } from '../../../read/table/nearest.ts';
import { readYaml } from '../../../read/yaml.ts';
import type { AlertOptions } from '../alert/options.ts';
import type { Dynamics } from '../filter/dynamics.ts';
import type { Question } from '../scoring.ts';
import { hybridComplaint } from './complaint.ts';
import { type HybridFile, hybridSchema, type Strategy } from './schema.ts';

/** Plain JSON; durations are in the units of their names. */
export interface HybridConfig {
  readonly name: string;
  readonly setup: Setup;
  readonly question: Question;
  readonly strategy: Strategy;
  /** What the features say of the event, in the order of `setup.features`; where nothing is fitted. */
  readonly evidence: readonly HandEvidence[];
  /** Within so long, evidence repeats itself and counts once. */
  readonly evidenceSeconds: number;
  readonly dynamics?: Dynamics;
  /** A file with a fitted strategy, as the configuration names it. */
  readonly fitted?: string;
  /** Absent: those of the fitted fusion. */
  readonly alerts?: AlertOptions;
  /** To be added to a time for the local clock. */
  readonly utcOffsetMs: number;
}

/**
 * A feature is normal with this `sd`; its mean is `usual` without the event and higher by `shift` during it. What it says,
 * the log of the ratio of both densities, is a straight line in its value; `least` and `most` bound it, so that no broken
 * sensor shouts and a feature may be told to say nothing against the event (least 0).
 */
export interface HandEvidence {
  readonly feature: string;
  readonly usual: number;
  readonly shift: number;
  readonly sd: number;
  readonly least: number;
  readonly most: number;
}

/**
 * @param name file name for messages
 * @throws InputError `NAME:LINE:COLUMN: path: what, expected ..., got ...`
 */
export function parseHybrid(text: string, name: string): HybridConfig {
  const { value, whereIs } = readYaml(text, name);
  return hybridFrom(value, name, whereIs);
}

/** The configuration as plain JSON, such as `hybridFrom` takes. @throws InputError as `parseHybrid` */
export function hybridJson(text: string, name: string): unknown {
  const { value, whereIs } = readYaml(text, name);
  hybridFrom(value, name, whereIs);
  return value;
}

/**
 * The same from plain JSON, such as the head of a log.
 *
 * @param whereIs where a path stands, for messages
 */
export function hybridFrom(
  value: unknown,
  name: string,
  whereIs: (path: readonly PropertyKey[]) => string = () => name,
): HybridConfig {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    const expected = 'a map with "sensors", "slow" and "event"';
    throw new InputError({ where: whereIs([]), what: 'not a configuration of a hybrid fusion', expected });
  }
  const checked = hybridSchema.safeParse(value);
  if (!checked.success) throw hybridComplaint(hybridSchema, checked.error.issues, value, whereIs);
  return resolved(checked.data, (path, circumstances) => {
    throw new InputError({ where: `${whereIs(path)}: ${path.join('.')}`, ...circumstances });
  });
}

type Refuse = (
  path: readonly string[],
  circumstances: Omit<ConstructorParameters<typeof InputError>[0], 'where'>,
) => never;

function resolved(file: HybridFile, refuse: Refuse): HybridConfig {
  const sensors = Object.entries(file.sensors).map(([name, one]) => sensorOf(name, one));
  const known = sensors.map((sensor) => sensor.name);
  if (!known.includes(file.slow)) {
    const what = `no such sensor${suggestion(file.slow, known)}`;
    refuse(['slow'], { what, expected: `one of ${known.join(', ')}`, got: file.slow });
  }
  const features = Object.entries(file.features ?? {}).map(([name, one]) => featureOf(name, one));
  const setup: Setup = { stepSeconds: file.tick ?? 15, sensors, slow: file.slow, features };
  checkSensors(file, setup, refuse);
  checkFeatures(file, known, refuse);
  checkSetup(setup, file.name);
  const { below, above } = file.event;
  if ((below === undefined) === (above === undefined)) {
    refuse(['event'], { what: 'unusable', expected: 'either "below" or "above"' });
  }
  checkRange(file, refuse);
  const strategy = file.strategy ?? 'hybrid';
  checkMeans(file, strategy, refuse);
  return {
    name: file.name,
    setup,
    question: {
      threshold: (below ?? above) as number,
      beyond: below === undefined ? 'above' : 'below',
      mode: file.mode ?? 'nowcast',
      horizonSeconds: file.horizon ?? 1200,
    },
    strategy,
    evidence: evidenceOf(file, refuse),
    evidenceSeconds: file.evidenceTime ?? 60,
    ...(file.quantity && { dynamics: dynamicsOf(file.quantity) }),
    ...(file.fitted !== undefined && { fitted: file.fitted }),
    ...(file.alerts && { alerts: alertOptionsOf(file.alerts, sensors[known.indexOf(file.slow)], refuse) }),
    utcOffsetMs: (file.utcOffset ?? 0) * 3_600_000,
  };
}

function sensorOf(name: string, one: HybridFile['sensors'][string]): Sensor {
  return {
    name,
    unit: one.unit,
    scale: one.scale ?? 'interval',
    everySeconds: one.every,
    low: one.low,
    high: one.high,
    ...(one.mistakenUnit && { mistakenUnit: one.mistakenUnit }),
    latenessSeconds: one.lateness ?? 30,
    silentAfterSeconds: one.silentAfter ?? Math.max(60, 4 * one.every),
  };
}

function featureOf(name: string, one: NonNullable<HybridFile['features']>[string]): SensorFeature {
  return {
    name,
    kind: one.kind,
    ...(one.sensor !== undefined && { sensor: one.sensor }),
    ...(one.window !== undefined && { windowSeconds: one.window }),
    ...(one.baseline !== undefined && { baselineSeconds: one.baseline }),
    ...(one.about !== undefined && { about: one.about }),
  } as SensorFeature; // checkSetup holds each kind to its options
}

function checkSensors({ sensors, tick }: HybridFile, setup: Setup, refuse: Refuse): void {
  if (tick !== undefined && !(tick >= shortestTick && tick <= longestTick)) {
    refuse(['tick'], { what: 'unusable', expected: '10 ms to 1 h', got: `${tick} s` });
  }
  for (const { name, low, high, latenessSeconds, silentAfterSeconds } of setup.sensors) {
    const place = ['sensors', name];
    if (!(low < high)) {
      refuse([...place, 'low'], { what: 'no range', expected: 'less than "high"', got: `${low} to ${high}` });
    }
    if (latenessSeconds > daySeconds) {
      refuse([...place, 'lateness'], { what: 'unusable', expected: 'at most 24 h', got: `${latenessSeconds} s` });
    }
    if (silentAfterSeconds >= daySeconds) {
      // A subject rests after a day without a word: its silence would never be told.
      const given = sensors[name].silentAfter === undefined ? 'every' : 'silentAfter';
      const what = given === 'every' ? 'gives a "silentAfter" that is never told' : 'is never told';
      refuse([...place, given], { what, expected: '"silentAfter" below 24 h', got: `${silentAfterSeconds} s` });
    }
  }
}

const daySeconds = 86_400;
const [shortestTick, longestTick] = [0.01, 3600];

/** What the slow sensor cannot mean cannot happen either, and an alert that can never be raised would look like safety. */
function checkRange({ sensors, slow, event, quantity }: HybridFile, refuse: Refuse): void {
  const { low, high, unit } = sensors[slow];
  const side = event.below === undefined ? 'above' : 'below';
  const threshold = event[side] as number;
  if (!(threshold > low && threshold < high)) {
    const expected = `between ${low} and ${high} ${unit}, as "${slow}" can mean`;
    refuse(['event', side], { what: 'out of range', expected, got: `${threshold}` });
  }
  if (!quantity) return;
  if (!(quantity.mean >= low && quantity.mean <= high)) {
    const expected = `${low} to ${high}, as "${slow}" can mean`;
    refuse(['quantity', 'mean'], { what: 'out of range', expected, got: `${quantity.mean}` });
  }
  for (const name of ['sd', 'rateSd', 'noise', 'drift'] as const) {
    const given = quantity[name] ?? 0;
    if (given <= high - low) continue;
    const expected = `at most ${high - low}, the range of "${slow}"`;
    refuse(['quantity', name], { what: 'out of range', expected, got: `${given}` });
  }
}

function checkFeatures({ features = {}, slow }: HybridFile, known: readonly string[], refuse: Refuse): void {
  const fast = known.filter((name) => name !== slow);
  for (const [name, { sensor, kind, ...rest }] of Object.entries(features)) {
    const allowed = featureOptions[kind].map((option) => option.replace('Seconds', ''));
    const given = Object.keys(rest).filter((key) => rest[key as keyof typeof rest] !== undefined);
    const stray = given.find((key) => !allowed.includes(key));
    if (stray !== undefined) {
      const expected = allowed.join(', ') || 'none beside "kind"';
      refuse(['features', name, stray], { what: `"${kind}" has no such option`, expected });
    }
    const absent = ['window', 'baseline'].find((key) => allowed.includes(key) && !given.includes(key));
    if (absent !== undefined) refuse(['features', name, absent], { what: 'missing', expected: 'a duration' });
    if (kind.startsWith('day-')) continue;
    if (sensor !== undefined && fast.includes(sensor)) continue;
    const what = sensor === undefined ? 'missing' : `not a fast sensor${suggestion(sensor, fast)}`;
    const path = ['features', name, 'sensor'];
    refuse(path, { what, expected: `one of ${fast.join(', ')}`, ...(sensor !== undefined && { got: sensor }) });
  }
}

/** Every strategy needs either what was fitted or what experts put; which of the latter depends on it. */
function checkMeans({ fitted, evidence, quantity, alerts }: HybridFile, strategy: Strategy, refuse: Refuse): void {
  if (fitted !== undefined) {
    const given = evidence ? 'evidence' : 'quantity';
    if (evidence || quantity)
      refuse([given], { what: 'given by hand beside what was fitted', expected: 'one of them' });
    return;
  }
  if (strategy !== 'filter' && strategy !== 'hybrid') {
    const expected = '"fitted" with a file, or strategy "filter" or "hybrid" with numbers by hand';
    refuse(['strategy'], { what: `strategy "${strategy}" has to be fitted`, expected });
  }
  if (!quantity) refuse(['quantity'], { what: 'missing', expected: 'a map, or "fitted" with a file' });
  if (!alerts) refuse(['alerts'], { what: 'missing', expected: 'a map, or "fitted" with a file' });
  if (strategy === 'hybrid' && !evidence) refuse(['evidence'], { what: 'missing', expected: 'a map' });
}

function evidenceOf({ evidence = {}, features = {} }: HybridFile, refuse: Refuse): HandEvidence[] {
  const known = Object.keys(features);
  for (const name of Object.keys(evidence)) {
    if (known.includes(name)) continue;
    const what = `no such feature${suggestion(name, known)}`;
    refuse(['evidence', name], { what, expected: `one of ${known.join(', ')}`, got: name });
  }
  return known
    .filter((name) => name in evidence)
    .map((feature) => {
      const { usual = 0, shift, sd, least = -3, most = 3 } = evidence[feature];
      return { feature, usual, shift, sd, least, most };
    });
}

function dynamicsOf(given: NonNullable<HybridFile['quantity']>): Dynamics {
  return {
    levelMean: given.mean,
    levelSd: given.sd,
    rateSd: given.rateSd,
    rateMinutes: given.rateTime / 60,
    lagMinutes: (given.lag ?? 0) / 60,
    errorSd: given.drift ?? 0,
    errorMinutes: (given.driftTime ?? 3600) / 60,
    noiseSd: given.noise,
  };
}

/** Probabilities become log-odds; what is not given is left to the alert machine. */
function alertOptionsOf(given: NonNullable<HybridFile['alerts']>, slow: Sensor, refuse: Refuse): AlertOptions {
  const { raise, confirm = raise, retract = Math.min(raise, confirm), quiet = 0 } = given;
  if (retract > confirm) {
    refuse(['alerts', 'retract'], { what: 'above "confirm"', expected: `at most ${confirm}`, got: `${retract}` });
  }
  if (quiet > raise) {
    refuse(['alerts', 'quiet'], { what: 'above "raise"', expected: `at most ${raise}`, got: `${quiet}` });
  }
  const scores = ['raise', 'confirm', 'retract', 'quiet', 'deep'] as const;
  const durations = {
    quietSeconds: given.quietFor,
    provisionalSeconds: given.provisionalFor,
    snoozeSeconds: given.snooze,
    escalateAfterSeconds: given.escalateAfter,
    renewSeconds: given.renew,
  };
  const named = scores.map((name) => [name, given[name] === undefined ? undefined : logit(given[name])] as const);
  const told = [...named, ...Object.entries(durations)].filter(([, value]) => value !== undefined);
  const options = Object.fromEntries(told) as unknown as AlertOptions;
  return { ...options, slowSilentSeconds: slow.silentAfterSeconds };
}

function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}

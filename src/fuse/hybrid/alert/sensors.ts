/**
 * Alerts about the sensors themselves: one that is not heard, also from the very start, and one that says what cannot be.
 * Bad news is told at once, good news when it has lasted for `steadySeconds`: a link that comes and goes stays one alert.
 */
import { InputError } from '../../../errors.ts';
import type { AlertChange, AlertKind, Decision } from './alert.ts';

/** A sensor and when it is to be doubted. */
export interface SensorWatch {
  readonly name: string;
  /** After so long without a reading it is silent. */
  readonly silentAfterSeconds: number;
  /** From so many refused readings in a row on it is at fault. Default: 5. */
  readonly refusals?: number;
  /** Of the slow sensor: one value for so long is a fault. Default: never, since a quantity may well stand still. */
  readonly flatSeconds?: number;
  /** Of the slow sensor: a faster change between two readings is a fault; in its unit. Default: none is. */
  readonly jumpPerMinute?: number;
}

export interface SensorAlertOptions {
  readonly sensors?: readonly SensorWatch[];
  /** Name of the slow one. */
  readonly slow?: string;
  /** For so long a sensor has to be heard, or sane, before that is told. Default: 300. */
  readonly steadySeconds?: number;
}

export interface SensorRules {
  readonly sensors: readonly Required<SensorWatch>[];
  /** Place of the slow one among them; -1: not watched. */
  readonly slow: number;
  readonly steadyMs: number;
}

const known = ['name', 'silentAfterSeconds', 'refusals', 'flatSeconds', 'jumpPerMinute'];

/** The options with their defaults. @throws InputError for an unknown option, and a number out of its range */
export function sensorRules({ sensors = [], slow, steadySeconds = 300 }: SensorAlertOptions): SensorRules {
  const where = 'alerts: sensors';
  const watches = sensors.map((watch) => {
    const stray = Object.keys(watch).find((key) => !known.includes(key));
    if (stray !== undefined) {
      throw new InputError({ where, what: `unknown option "${stray}"`, expected: `one of ${known.join(', ')}` });
    }
    const { name, silentAfterSeconds, refusals = 5 } = watch;
    const { flatSeconds = Number.POSITIVE_INFINITY, jumpPerMinute = Number.POSITIVE_INFINITY } = watch;
    above0(`${where}: ${name}: silentAfterSeconds`, silentAfterSeconds);
    above0(`${where}: ${name}: refusals`, refusals);
    above0(`${where}: ${name}: flatSeconds`, flatSeconds);
    above0(`${where}: ${name}: jumpPerMinute`, jumpPerMinute);
    return { name, silentAfterSeconds, refusals, flatSeconds, jumpPerMinute };
  });
  const names = watches.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new InputError({ where, what: 'a sensor twice', got: twice });
  const at = slow === undefined ? -1 : names.indexOf(slow);
  if (slow !== undefined && at < 0) {
    throw new InputError({
      where: 'alerts: slow',
      what: 'no such sensor',
      expected: names.join(', ') || 'sensors',
      got: slow,
    });
  }
  if (!(steadySeconds >= 0)) {
    const expected = 'a number of at least 0';
    throw new InputError({ where: 'alerts: steadySeconds', what: 'unusable', expected, got: String(steadySeconds) });
  }
  return { sensors: watches, slow: at, steadyMs: 1000 * steadySeconds };
}

function above0(where: string, given: unknown): void {
  if (typeof given === 'number' && given > 0) return;
  throw new InputError({ where, what: 'unusable', expected: 'a number above 0', got: String(given) });
}

/** Places in the state, from where the sensors' part of it begins. */
const firstAt = 0; // time of the first decision
const countAt = 1; // alerts about sensors so far
const valueAt = 2; // of the slow sensor, NaN before the first
const sameSinceAt = 3; // since when it has been that value
const readAt = 4; // when that value was measured
const ownAt = 5; // of each sensor: silence, then fault
/** Of one condition of one sensor: 1 while it is told, the number of its alert, when it last held. */
const conditionLength = 3;

export function sensorsLength({ sensors }: SensorRules): number {
  return ownAt + sensors.length * 2 * conditionLength;
}

export function startSensors(state: Float64Array, from: number): void {
  state.fill(0, from);
  for (const at of [firstAt, valueAt, sameSinceAt, readAt]) state[from + at] = Number.NaN;
}

/** @throws InputError where a decision does not tell how stale a watched sensor is */
export function watchSensors(
  state: Float64Array,
  from: number,
  rules: SensorRules,
  decision: Decision,
  word: number,
  changes: AlertChange[],
): void {
  const { timeMs, staleSeconds, refusedInRow } = decision;
  if (Number.isNaN(state[from + firstAt])) state[from + firstAt] = timeMs;
  const sinceFirst = timeMs - state[from + firstAt];
  const isOdd = rules.slow >= 0 && decision.fresh && oddReading(state, from, rules.sensors[rules.slow], decision);
  for (let i = 0; i < rules.sensors.length; i++) {
    const { name, silentAfterSeconds, refusals } = rules.sensors[i];
    const told = staleSeconds?.[i];
    if (told === undefined) {
      const expected = 'staleSeconds, a number for each watched sensor';
      throw new InputError({ where: `alerts: decision: ${name}`, what: 'staleness not told', expected });
    }
    const staleMs = told < Number.POSITIVE_INFINITY ? 1000 * told : sinceFirst; // NaN counts as never heard
    const isSilent = staleMs >= 1000 * silentAfterSeconds;
    const at = from + ownAt + i * 2 * conditionLength;
    if (turns(state, from, at, isSilent, timeMs, rules.steadyMs, true)) {
      changes.push(changeOf(state, at, 'silent', 'heard', timeMs, word, name));
    }
    const isFault = (refusedInRow?.[i] ?? 0) >= refusals || (i === rules.slow && isOdd);
    const fault = at + conditionLength;
    const isHeardSince = timeMs - staleMs > state[fault + 2] && told < Number.POSITIVE_INFINITY;
    if (turns(state, from, fault, isFault, timeMs, rules.steadyMs, isHeardSince)) {
      changes.push(changeOf(state, fault, 'fault', 'cleared', timeMs, word, name));
    }
  }
}

/** Whether a condition is to be told now: that it begins, or that it has not held for long enough to be over. */
function turns(
  state: Float64Array,
  from: number,
  at: number,
  holds: boolean,
  timeMs: number,
  steadyMs: number,
  mayEnd: boolean,
): boolean {
  const isTold = state[at] === 1;
  if (holds) {
    state[at + 2] = timeMs;
    if (!isTold) state[at + 1] = state[from + countAt]++;
  }
  const turn = holds ? !isTold : isTold && mayEnd && timeMs - state[at + 2] >= steadyMs;
  if (turn) state[at] = isTold ? 0 : 1;
  return turn;
}

function changeOf(
  state: Float64Array,
  at: number,
  begins: AlertKind,
  ends: AlertKind,
  timeMs: number,
  score: number,
  sensor: string,
): AlertChange {
  return { alert: state[at + 1], kind: state[at] === 1 ? begins : ends, timeMs, score, sensor };
}

/** Whether a reading of the slow sensor jumps, or has stood still for too long. Takes note of it. */
function oddReading(
  state: Float64Array,
  from: number,
  { flatSeconds, jumpPerMinute }: Required<SensorWatch>,
  { timeMs, reading, readingMs = timeMs }: Decision,
): boolean {
  if (reading === undefined || !Number.isFinite(reading)) return false;
  const before = state[from + valueAt];
  const passedMs = readingMs - state[from + readAt];
  if (passedMs <= 0) return false; // an older one, come late
  state[from + valueAt] = reading;
  state[from + readAt] = readingMs;
  if (before !== reading) state[from + sameSinceAt] = readingMs;
  const jumps = Math.abs(reading - before) > (jumpPerMinute * passedMs) / 60_000;
  return jumps || readingMs - state[from + sameSinceAt] >= 1000 * flatSeconds;
}

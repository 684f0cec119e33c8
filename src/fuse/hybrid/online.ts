/**
 * One subject, live: readings in as they arrive, alerts out. The same function of its inputs whether it runs live or over a
 * log.
 *
 * What is said at a tick rests on what has arrived by then, and what was said stands. A reading that comes late is put where
 * it belongs: the ticks since are told again from a state kept behind them, so that the belief is that of having heard all in
 * order, and a correction says which ticks would have been judged otherwise. Once nothing can come before a tick any more it
 * is settled. What is settled does not depend on the order of arrival: shuffled, doubled or cut into pieces, the same
 * readings give the same record.
 */
import type { Arrival } from '../../align/time/event.ts';
import { type ClockTick, isClock } from '../../align/time/in-order.ts';
import { type Refusal, refusalOf, taken } from '../../align/time/refusals.ts';
import type { Setup } from '../../align/time/setup.ts';
import { type TickerState, ticker } from '../../align/time/ticks.ts';
import { InputError } from '../../errors.ts';
import type { Online } from '../../estimator.ts';
import type { AlertChange } from './alert/alert.ts';
import { tell } from './alert/bulk.ts';
import { alertMachine } from './alert/machine.ts';
import { type AlertOptions, alertRules } from './alert/options.ts';
import { alertLength, startAlert, stepAlert, wordAt } from './alert/transition.ts';
import {
  dropReadings,
  isFull,
  type KeptReadings,
  keepReading,
  keptReadings,
  readingQuality,
  readingTime,
  readingValue,
} from './kept-readings.ts';
import { type KeptTicks, tickRing } from './kept-ticks.ts';
import type { Scoring } from './scoring.ts';

/** Someone has answered the alert that is on: what is answered is not escalated for want of an answer. */
export interface Answer {
  readonly answeredMs: number;
}

/** What a live fusion of one subject hears. */
export type HybridInput = Arrival | ClockTick | Answer;

/** All that a live fusion is, besides the state of each subject. */
export interface HybridStream {
  readonly setup: Setup;
  readonly scoring: Scoring;
  readonly alerts: AlertOptions;
  /** To be added to a time for the subjects' local clock. Default 0. */
  readonly utcOffsetMs?: number;
  /** The first tick. Default: the first whole step after a subject is first heard of. */
  readonly startMs?: number;
}

export interface HybridOutput {
  /** What is to be said now; it stands. */
  readonly changes: readonly AlertChange[];
  /** Alerts as all that was measured by then would have raised them, told once nothing can change them any more. */
  readonly settled: readonly AlertChange[];
  readonly corrections: readonly Correction[];
  /** Why the reading was not taken in. */
  readonly refused?: Refusal;
}

/** A late reading made the judgement of earlier ticks another: alarming ones harmless, or harmless ones alarming. */
export interface Correction {
  /** The first and the last such tick. */
  readonly fromMs: number;
  readonly toMs: number;
  /** How many they are. */
  readonly ticks: number;
  /** How many of them are alarming now. */
  readonly alarming: number;
}

export interface HybridState {
  /** Undefined before the first input. */
  ticker: TickerState | undefined;
  /** The newest tick. */
  tickMs: number;
  /** The strategy's state after the newest tick, and before the oldest one kept. */
  readonly live: Float64Array; // [scoring.length]
  readonly base: Float64Array; // [scoring.length]
  readonly ticks: KeptTicks;
  readonly readings: KeptReadings;
  /** Readings that no tick has told of: come since the newest one, or measured by a clock that runs ahead. */
  untold: number;
  /** Time of the oldest reading come since the newest tick, where one is older than that tick; else Infinity. */
  againMs: number;
  /** An answer has come since the newest tick. */
  answered: boolean;
  readonly alerts: Float64Array;
  readonly settled: Float64Array;
  readonly refusedInRow: Uint16Array; // [sensors]
}

const nothing: HybridOutput = Object.freeze({ changes: [], settled: [], corrections: [] });

/** @throws InputError for a setup or alerts that cannot be meant, and a strategy that reads other features than the setup has */
export function hybridOnline({
  setup,
  scoring,
  alerts,
  utcOffsetMs = 0,
  startMs,
}: HybridStream): Online<HybridInput, HybridState, HybridOutput> {
  for (const [name, given] of Object.entries({ utcOffsetMs, startMs: startMs ?? 0 })) {
    if (Number.isFinite(given)) continue;
    throw new InputError({
      where: `hybridOnline: ${name}`,
      what: 'not a time',
      expected: 'milliseconds',
      got: `${given}`,
    });
  }
  const ticking = ticker(setup, { counted: false }); // refusals are told one by one
  const stepMs = setup.stepSeconds * 1000;
  const slow = setup.sensors[ticking.slow];
  const sensors = setup.sensors.map(({ name, silentAfterSeconds }) => ({ name, silentAfterSeconds }));
  const rules = alertRules({ slowSilentSeconds: slow.silentAfterSeconds, ...alerts });
  const machine = alertMachine({ ...rules, sensors, slow: slow.name });
  const columns = columnsOf(scoring, ticking.features);
  const width = columns.length;
  const ring = tickRing(Math.ceil(slow.latenessSeconds / setup.stepSeconds) + 1, width);
  const room = Math.ceil(slow.latenessSeconds / slow.everySeconds) + 3;
  const indexOf = new Map(sensors.map(({ name }, at) => [name, at]));
  const staleSeconds = new Float64Array(sensors.length);
  const held = new Float32Array(width); // features of one tick

  // Of the step that is being made.
  let subject: HybridState;
  let said: { changes: AlertChange[]; settled: AlertChange[]; corrections: Correction[] } | undefined;
  const saying = () => (said ??= { changes: [], settled: [], corrections: [] });

  function observe(state: Float64Array, at: number): void {
    const { readings } = subject;
    scoring.observe(state, readingTime(readings, at), readingValue(readings, at), readingQuality(readings, at));
  }

  /** Takes in the readings up to a tick, from the one at `from` on, and moves there. */
  function move(state: Float64Array, timeMs: number, row: number, from: number): { score: number; next: number } {
    const { readings } = subject;
    let next = from;
    for (; next < readings.count && readingTime(readings, next) <= timeMs; next++) observe(state, next);
    moved.score = tickAt(state, timeMs, row);
    moved.next = next;
    return moved;
  }
  const moved = { score: 0, next: 0 };

  function tickAt(state: Float64Array, timeMs: number, row: number): number {
    const { ticks } = subject;
    for (let j = 0; j < width; j++) held[j] = ticks.values[row * width + j];
    // In float32, as a track's scores are kept: thresholds are often a score that comes again and again.
    return Math.fround(scoring.tick(state, timeMs, held, ring.heard(ticks, row), 0));
  }

  /** Nothing can come before the oldest tick any more. */
  function settle(): void {
    const { base, ticks, tickMs, readings, settled } = subject;
    const timeMs = tickMs - (ticks.count - 1) * stepMs;
    const { score, next } = move(base, timeMs, ticks.head, 0);
    dropReadings(readings, next);
    ring.dropOldest(ticks);
    const says = stepAlert(settled, rules, timeMs, score, next > 0, false);
    if (says !== 0) tell(saying().settled, says, settled, timeMs);
  }

  /** Goes back to the state that was kept, and tells all ticks again; returns the last word since the late reading. */
  function tellAgain(): number {
    const { live, base, ticks, tickMs, againMs } = subject;
    live.set(base);
    let word = subject.settled[wordAt];
    let told = Number.NaN;
    let from = 0;
    let [first, last, changed, alarms] = [0, 0, 0, 0];
    for (let j = 0; j < ticks.count; j++) {
      const timeMs = tickMs - (ticks.count - 1 - j) * stepMs;
      const row = ring.placeOf(ticks, j);
      const { score, next } = move(live, timeMs, row, from);
      from = next;
      if (!Number.isNaN(score)) {
        word = score;
        if (timeMs >= againMs) told = score;
      }
      const isAlarming = word >= rules.raise;
      if (j === ticks.count - 1 || isAlarming === ring.isAlarming(ticks, row)) continue;
      ring.judge(ticks, row, isAlarming);
      if (changed++ === 0) first = timeMs;
      last = timeMs;
      if (isAlarming) alarms++;
    }
    if (changed > 0) saying().corrections.push({ fromMs: first, toMs: last, ticks: changed, alarming: alarms });
    return told;
  }

  function onTick(timeMs: number, values: Float32Array, heard: Uint8Array): void {
    const { ticks } = subject;
    if (ticks.count === ring.capacity) settle();
    const stood = ticks.count > 0 && ring.isAlarming(ticks, ring.placeOf(ticks, ticks.count - 1));
    const row = ring.keep(ticks, values, heard, columns);
    const previousMs = subject.tickMs;
    subject.tickMs = timeMs;
    const { readings } = subject;
    const waiting = readings.count - 1 - newestBy(readings, timeMs);
    const fresh = subject.untold > waiting;
    let score: number;
    if (subject.againMs < Number.POSITIVE_INFINITY) score = tellAgain();
    else {
      let from = readings.count;
      while (from > 0 && readingTime(readings, from - 1) > previousMs) from--;
      score = move(subject.live, timeMs, row, from).score;
    }
    subject.untold = waiting;
    subject.againMs = Number.POSITIVE_INFINITY;
    ring.judge(ticks, row, Number.isNaN(score) ? stood : score >= rules.raise);
    const { newestMs } = (subject.ticker as TickerState).intake.admit;
    for (let i = 0; i < staleSeconds.length; i++) staleSeconds[i] = (timeMs - newestMs[i]) / 1000;
    const newest = readings.count - 1 - waiting;
    const [, changes] = machine.step(subject.alerts, {
      timeMs,
      score,
      fresh,
      acknowledged: subject.answered,
      staleSeconds,
      refusedInRow: subject.refusedInRow,
      ...(fresh && { reading: readingValue(readings, newest), readingMs: readingTime(readings, newest) }),
    });
    subject.answered = false;
    if (changes.length > 0) saying().changes.push(...changes);
  }

  function begin(state: HybridState, nowMs: number): TickerState {
    state.ticker ??= ticking.init(startMs ?? Math.ceil(nowMs / stepMs) * stepMs, utcOffsetMs);
    return state.ticker;
  }

  /** Takes in a reading; says why not. */
  function arrive(state: HybridState, arrival: Arrival): Refusal | undefined {
    const nowMs = arrival?.arrivedMs;
    if (!state.ticker && !Number.isFinite(nowMs)) return 'malformed';
    const ticks = begin(state, nowMs);
    const sensor = indexOf.get(arrival?.event?.sensor) ?? sensors.length;
    if (sensor === ticking.slow && isFull(state.readings)) {
      if (Number.isFinite(nowMs)) ticking.advance(ticks, nowMs, false, onTick);
      return 'too-many';
    }
    const verdict = ticking.arrive(ticks, arrival, onTick);
    if (verdict !== taken) {
      const refused = refusalOf(verdict);
      if (sensor < sensors.length && refused !== 'duplicate' && refused !== 'late') state.refusedInRow[sensor]++;
      return refused;
    }
    state.refusedInRow[sensor] = 0;
    if (sensor !== ticking.slow) return undefined;
    const { timeMs, value, quality, sequence } = arrival.event;
    if (!(quality > 0)) return undefined; // its sensor is there; it says nothing else
    keepReading(state.readings, timeMs, Math.fround(value), Math.fround(quality), sequence);
    state.untold++;
    if (timeMs <= state.tickMs) state.againMs = Math.min(state.againMs, timeMs);
    return undefined;
  }

  return {
    init() {
      const live = new Float64Array(scoring.length);
      scoring.init(live);
      const settled = new Float64Array(alertLength);
      startAlert(settled);
      return {
        ticker: undefined,
        tickMs: Number.NEGATIVE_INFINITY,
        live,
        base: live.slice(),
        ticks: ring.make(),
        readings: keptReadings(room),
        untold: 0,
        againMs: Number.POSITIVE_INFINITY,
        answered: false,
        alerts: machine.init(),
        settled,
        refusedInRow: new Uint16Array(sensors.length),
      };
    },
    step(state, input) {
      subject = state;
      said = undefined;
      if (isAnswer(input)) {
        if (Number.isFinite(input.answeredMs)) {
          ticking.advance(begin(state, input.answeredMs), input.answeredMs, false, onTick);
          state.answered = true;
        }
        return [state, said ?? nothing];
      }
      if (isClock(input)) {
        if (Number.isFinite(input.clockMs)) ticking.advance(begin(state, input.clockMs), input.clockMs, true, onTick);
        return [state, said ?? nothing];
      }
      const refused = arrive(state, input);
      if (refused === undefined) return [state, said ?? nothing];
      return [state, { ...((said ?? nothing) as HybridOutput), refused }];
    },
  };
}

function isAnswer(input: HybridInput): input is Answer {
  return typeof (input as Answer)?.answeredMs === 'number';
}

/** Where the features that a strategy reads stand among those of the setup. */
function columnsOf({ name, features }: Scoring, of: readonly string[]): Int32Array {
  return Int32Array.from(features, (feature) => {
    const at = of.indexOf(feature);
    if (at >= 0) return at;
    throw new InputError({
      where: `strategy ${name}`,
      what: 'a feature that is not measured',
      expected: of.join(', '),
      got: feature,
    });
  });
}

/** The newest reading of those measured by then; -1: none. */
function newestBy(readings: KeptReadings, timeMs: number): number {
  let at = readings.count - 1;
  while (at >= 0 && readingTime(readings, at) > timeMs) at--;
  return at;
}

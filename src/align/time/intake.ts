/**
 * From arrivals to readings in order: judged, without repeats, each as soon as nothing can come before it any more.
 *
 * Arrivals bear their own clock, so a sensor that is silent, or whose clock runs ahead, holds nobody up and hurries nobody: what
 * was measured longer ago than the most patient sensor is waited for is settled. (Carbone et al. 2015 and Akidau et al. 2015 on
 * watermarks; here every sensor has its own bound of lateness and all share the clock.)
 */
import type { Sensor } from '../../describe/sensor.ts';
import { type AdmitOptions, type AdmitState, admission, type JudgeReading } from './admit.ts';
import type { Arrival } from './event.ts';
import { count, taken, type Verdict, verdictOf } from './refusals.ts';
import { enqueue, newWaiting, release, type Sink, type Waiting, waitsOf } from './waiting.ts';

export interface IntakeState {
  readonly admit: AdmitState;
  readonly waiting: Waiting;
}

export interface IntakeOptions extends AdmitOptions {
  /** Name of a sensor that is not waited for: whoever takes its readings in sees their times himself. */
  readonly singly?: string;
}

export interface Intake {
  init(): IntakeState;
  /** Moves the clock, which never goes back, and hands on what is settled by then. */
  clock(state: IntakeState, nowMs: number, sink: Sink): void;
  /** Takes in a row that arrives now. One of the sensor taken singly is judged and not kept. */
  readonly row: JudgeReading<IntakeState>;
  /** Likewise an arrival, which may be anything at all. The clock must have been moved to it where `arrivedMs` is a number. */
  arrive(state: IntakeState, arrival: Arrival): Verdict;
}

const malformed = verdictOf('malformed');
const unknown = verdictOf('unknown-sensor');
const notANumber = verdictOf('not-a-number');
const tooMany = verdictOf('too-many');

export function intake(sensors: readonly Sensor[], { singly, ...options }: IntakeOptions = {}): Intake {
  const names = sensors.map(({ name }) => name);
  const judge = admission(sensors, options);
  const alone = singly === undefined ? -1 : names.indexOf(singly);
  const indexOf = new Map(names.map((name, at) => [name, at]));
  const held = sensors.filter((_, at) => at !== alone);
  const latenessMs = Math.max(0, ...held.map(({ latenessSeconds }) => latenessSeconds * 1000));
  // Four times what its rate fills; each sensor has room of its own, so that a flood of one drowns no other.
  const room = Int32Array.from(sensors, ({ everySeconds }) => 64 + Math.ceil((4 * latenessMs) / 1000 / everySeconds));

  const row: Intake['row'] = (state, sensor, stream, sequence, timeMs, given, trust) => {
    // As a recording keeps them, so that live and replayed are the same.
    const value = Math.fround(given);
    const quality = Math.fround(trust);
    if (sensor === alone) return judge.judge(state.admit, sensor, stream, sequence, timeMs, value, quality);
    const { waiting } = state;
    if (waiting.length >= room[sensor] && waitsOf(waiting, sensor) >= room[sensor]) {
      count(state.admit.counts, sensor, tooMany);
      return tooMany;
    }
    const verdict = judge.judge(state.admit, sensor, stream, sequence, timeMs, value, quality);
    if (verdict === taken) enqueue(waiting, sensor, timeMs, sequence, value, quality);
    return verdict;
  };

  return {
    init: () => ({ admit: judge.init(), waiting: newWaiting() }),
    clock(state, nowMs, sink) {
      judge.clock(state.admit, nowMs);
      release(state.waiting, state.admit.clockMs[0] - latenessMs, sink);
    },
    row,
    arrive(state, arrival) {
      const sensor = indexOf.get(arrival?.event?.sensor) ?? sensors.length; // of none of them
      const verdict = wrongIn(arrival) || (sensor === sensors.length ? unknown : taken);
      if (verdict !== taken) {
        count(state.admit.counts, sensor, verdict);
        return verdict;
      }
      const { stream, sequence, timeMs, value, quality } = arrival.event;
      return row(state, sensor, hashOf(stream), sequence, timeMs, value, quality);
    },
  };
}

/** What makes it no reading, whatever its sensor. Types are not trusted: it may come from anywhere. */
function wrongIn(arrival: Arrival): Verdict {
  const event = arrival?.event;
  if (typeof event !== 'object' || event === null) return malformed;
  if (typeof event.stream !== 'string' || typeof event.sensor !== 'string') return malformed;
  for (const number of [arrival.arrivedMs, event.sequence, event.timeMs, event.value, event.quality]) {
    if (typeof number !== 'number') return malformed;
  }
  return Number.isFinite(arrival.arrivedMs) ? taken : notANumber;
}

/** 32-bit FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

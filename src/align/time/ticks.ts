/** A subject's arrivals as a fusion hears them: features of the fast sensors at every tick, readings of the slow one singly. */
import type { Online } from '../../estimator.ts';
import type { Arrival } from './event.ts';
import { featureBank } from './features.ts';
import { type ClockTick, isClock } from './in-order.ts';
import { type IntakeOptions, type IntakeState, intake } from './intake.ts';
import { type Refusal, refusalOf, type Verdict } from './refusals.ts';
import { checkSetup, type Setup } from './setup.ts';
import type { Sink } from './waiting.ts';

/** The one subject's, plain data. */
export interface TickerState {
  readonly intake: IntakeState;
  readonly features: Float64Array;
  /** First tick, offset to the local clock, ticks told. */
  readonly course: Float64Array; // [3]
}

/** Is told of a tick. Both arrays are the ticker's own, and hold only until it returns. */
export type OnTick = (timeMs: number, values: Float32Array, heard: Uint8Array) => void;

/** One for all subjects; each has a state. */
export interface Ticker {
  readonly features: readonly string[];
  readonly slow: number;
  init(startMs: number, utcOffsetMs?: number): TickerState;
  /** Moves the clock, and tells of the ticks up to then: with all that arrives at that very moment if `done`, else without. */
  advance(state: TickerState, nowMs: number, done: boolean, onTick: OnTick): void;
  /** Advances to the arrival and takes it in. What was measured by the slow sensor is the caller's to read. */
  arrive(state: TickerState, arrival: Arrival, onTick: OnTick): Verdict;
  /** Likewise a row; `sensor` is its index in the setup. */
  row(
    state: TickerState,
    sensor: number,
    sequence: number,
    timeMs: number,
    arrivedMs: number,
    value: number,
    quality: number,
    onTick: OnTick,
  ): Verdict;
  /** For how long a sensor said nothing: since its newest reading taken in, settled or not, or since the first tick. */
  silentSeconds(state: TickerState, sensor: number, nowMs: number): number;
}

/** @throws InputError for a setup that cannot be meant */
export function ticker(setup: Setup, options: Omit<IntakeOptions, 'singly'> = {}): Ticker {
  checkSetup(setup);
  const taking = intake(setup.sensors, { ...options, singly: setup.slow });
  const bank = featureBank(setup);
  const stepMs = setup.stepSeconds * 1000;
  const values = new Float32Array(bank.features.length); // [features]
  const heard = new Uint8Array(bank.features.length); // [features]
  let features: Float64Array;
  const coming = new Float64Array(1); // the coming tick; a plain variable would be a new object each time
  const fold: Sink = ({ sensor, timeMs, value, quality }, at) => {
    bank.add(features, sensor[at], timeMs[at], value[at], quality[at], coming[0]);
  };

  const advance: Ticker['advance'] = (state, nowMs, done, onTick) => {
    const { course } = state;
    features = state.features;
    let tickMs = course[0] + course[2] * stepMs;
    coming[0] = tickMs;
    while (tickMs < nowMs || (done && tickMs === nowMs)) {
      taking.clock(state.intake, tickMs, fold);
      bank.tick(state.features, tickMs, course[1], values, heard);
      course[2]++;
      onTick(tickMs, values, heard);
      features = state.features;
      tickMs = course[0] + course[2] * stepMs;
      coming[0] = tickMs;
    }
    taking.clock(state.intake, nowMs, fold);
  };

  return {
    features: bank.features,
    slow: setup.sensors.findIndex(({ name }) => name === setup.slow),
    init(startMs, utcOffsetMs = 0) {
      const state = new Float64Array(bank.length);
      bank.init(state);
      return { intake: taking.init(), features: state, course: Float64Array.of(startMs, utcOffsetMs, 0) };
    },
    advance,
    arrive(state, arrival, onTick) {
      if (Number.isFinite(arrival?.arrivedMs)) advance(state, arrival.arrivedMs, false, onTick);
      return taking.arrive(state.intake, arrival);
    },
    row(state, sensor, sequence, timeMs, arrivedMs, value, quality, onTick) {
      advance(state, arrivedMs, false, onTick);
      return taking.row(state.intake, sensor, 0, sequence, timeMs, value, quality);
    },
    silentSeconds({ intake: { admit }, course }, sensor, nowMs) {
      return Math.max(0, nowMs - Math.max(admit.newestMs[sensor], course[0])) / 1000;
    },
  };
}

export interface Ticked {
  readonly timeMs: number;
  readonly values: Float32Array; // [features], 0 where not heard
  readonly heard: Uint8Array; // [features]
}

export interface SlowReading {
  readonly timeMs: number;
  readonly knownMs: number;
  readonly value: number;
  readonly quality: number;
}

export interface TickOutput {
  /** Ticks that the input lies after. */
  readonly ticks: readonly Ticked[];
  /** Known after these ticks. */
  readonly reading?: SlowReading;
  readonly refused?: Refusal;
}

/** Arrivals in order of arrival, or what time it is (then all that arrived by then must have been told). */
export function ticks(
  setup: Setup,
  { startMs, utcOffsetMs = 0, ...options }: { startMs: number; utcOffsetMs?: number } & Omit<IntakeOptions, 'singly'>,
): Online<Arrival | ClockTick, TickerState, TickOutput> {
  const machine = ticker(setup, options);
  return {
    init: () => machine.init(startMs, utcOffsetMs),
    step(state, input) {
      const told: Ticked[] = [];
      const onTick: OnTick = (timeMs, values, heard) => {
        told.push({ timeMs, values: values.slice(), heard: heard.slice() });
      };
      if (isClock(input)) {
        if (Number.isFinite(input.clockMs)) machine.advance(state, input.clockMs, true, onTick);
        return [state, { ticks: told }];
      }
      const refused = refusalOf(machine.arrive(state, input, onTick));
      if (refused) return [state, { ticks: told, refused }];
      const { event } = input;
      if (event.sensor !== setup.slow) return [state, { ticks: told }];
      const reading = {
        timeMs: event.timeMs,
        knownMs: state.intake.admit.clockMs[0],
        value: Math.fround(event.value),
        quality: Math.fround(event.quality),
      };
      return [state, { ticks: told, reading }];
    },
  };
}

/**
 * Whole nights of virtual people with type 1 diabetes: blood glucose by a published model, a CGM that lags and errs, a watch
 * whose wearer's heart and sleep answer low glucose as strongly as the literature says or as asked, and a radio link in
 * between. What is sent is a `Recording`; what was so is its truth.
 *
 * A night follows from (seed, person, night) alone, in whatever order nights are made. Nights of one seed that differ in
 * `heartRateEffect` differ in nothing but the response; those that differ in `transport` in nothing but how readings arrive.
 */
import { episodesOf } from '../../align/time/episodes.ts';
import type { Episode, Recording } from '../../align/time/recording.ts';
import { deriveSeed } from '../../array/random.ts';
import { optionChecks } from '../check-options.ts';
import { cgmNight } from './cgm.ts';
import { type GlucoseNight, glucoseNight } from './glucose-night.ts';
import type { HeartResponse } from './heart-effects.ts';
import { nightRecording } from './night-recording.ts';
import { drawPerson, type Person } from './person.ts';
import { MOST_EFFECT } from './sleep-waking.ts';
import { type TransportName, transportOf } from './transport.ts';
import { watchNight } from './watch-night.ts';
import { drawWearer } from './wearer.ts';

export interface NightOptions {
  /** The world's: the same as the person was drawn with. */
  readonly seed: number;
  /** Which of the person's nights, from 0. */
  readonly night: number;
  /** Heart, restlessness and waking answer low glucose so many times as strongly as in the literature; 0: not at all. */
  readonly heartRateEffect?: number;
  /** How readings arrive; `none`: at once, each once and in order. */
  readonly transport?: TransportName;
}

export interface SimulatedNight {
  /** Sensors `cgm` (mg/dL), `interbeat` (ms) and `motion` (milli-g), sent from 20:00, judged from 22:00 to 07:00. */
  readonly recording: Recording;
  readonly truth: NightTruth;
}

export interface NightTruth {
  /** Every minute from 20:00 to 07:00. */
  readonly timeMs: Float64Array; // [minutes]
  readonly glucoseMgPerDl: Float64Array; // [minutes]
  /** Below 70 mg/dL for at least 15 min, crossings to the second along straight lines between minutes. */
  readonly episodes: readonly Episode[];
  readonly response: HeartResponse;
  /** Index into `sleepStages`. */
  readonly sleepStage: Uint8Array; // [minutes]
}

export const LOW_MG_PER_DL = 70;
const START_HOURS = 20;
const JUDGED_FROM_HOURS = 22;

/** @throws InputError for an unknown option, and a number out of its range. */
export function simulateNight(person: Person, options: NightOptions): SimulatedNight {
  const { refuse, whole } = optionChecks('simulateNight');
  const { seed, night, heartRateEffect = 1, transport = 'usual', ...unknown } = options;
  for (const name of Object.keys(unknown)) refuse(name, 'unknown option', 'an option of simulateNight', name);
  whole('night', night, 0);
  checkWays(heartRateEffect, transport);

  const of = { seed, night };
  const blood = glucoseNight(person, of);
  const { startMs, stepMs, glucoseMgPerDl } = blood;
  const seconds = ((glucoseMgPerDl.length - 1) * stepMs) / 1000;
  const wearer = drawWearer(seed, person.index);
  const watch = watchNight(wearer, glucoseMgPerDl, {
    ...of,
    effect: heartRateEffect,
    startHours: START_HOURS,
    seconds,
  });
  const sensor = cgmNight(person, blood, of);
  const cgm = {
    count: sensor.timeMs.length,
    second: sensor.timeMs.map((ms) => (ms - startMs) / 1000),
    value: Float32Array.from(sensor.value),
    quality: new Float32Array(sensor.timeMs.length).fill(1),
  };
  const subject = `p${String(person.index).padStart(4, '0')}`;
  const frame = {
    id: `${subject}-n${String(night).padStart(3, '0')}`,
    subject,
    startMs: startMs + (JUDGED_FROM_HOURS - START_HOURS) * 3_600_000,
    endMs: startMs + seconds * 1000,
    utcOffsetMs: 0,
    zeroMs: startMs,
    seconds,
    seed: deriveSeed(seed, 'night', person.index, night),
  };
  const timeMs = Float64Array.from(glucoseMgPerDl, (_, minute) => startMs + minute * stepMs); // [minutes]
  return {
    recording: nightRecording(frame, cgm, watch, transportOf(transport)),
    truth: {
      timeMs,
      glucoseMgPerDl,
      episodes: crossings(timeMs, blood),
      response: wearer.trait.response,
      sleepStage: Uint8Array.from(timeMs, (_, minute) => watch.sleep.stages[Math.min(seconds - 1, minute * 60)]),
    },
  };
}

export interface NightsOptions extends Omit<NightOptions, 'night'> {
  readonly people: number;
  readonly nightsEach: number;
  /** Index of the first person: worlds of one seed with other people. */
  readonly firstPerson?: number;
}

/**
 * Nights one by one, all of a person's before the next person's: a night has some 80,000 readings, so keep what is needed.
 *
 * @throws InputError as `simulateNight`, before the first night
 */
export function simulateNights(options: NightsOptions): Generator<SimulatedNight, void, undefined> {
  const { refuse, whole } = optionChecks('simulateNights');
  const { people, nightsEach, firstPerson = 0, seed, heartRateEffect = 1, transport = 'usual', ...unknown } = options;
  for (const name of Object.keys(unknown)) refuse(name, 'unknown option', 'an option of simulateNights', name);
  whole('people', people, 1);
  whole('nightsEach', nightsEach, 1);
  whole('firstPerson', firstPerson, 0);
  checkWays(heartRateEffect, transport);
  return nightByNight({ people, nightsEach, firstPerson, seed, heartRateEffect, transport });
}

function* nightByNight(options: Required<NightsOptions>): Generator<SimulatedNight, void, undefined> {
  const { people, nightsEach, firstPerson, seed, ...ways } = options;
  for (let index = firstPerson; index < firstPerson + people; index++) {
    const person = drawPerson(seed, index);
    for (let night = 0; night < nightsEach; night++) yield simulateNight(person, { seed, night, ...ways });
  }
}

function checkWays(heartRateEffect: number, transport: TransportName): void {
  optionChecks('simulateNight').between('heartRateEffect', heartRateEffect, 0, MOST_EFFECT);
  transportOf(transport);
}

/** Episodes whose ends are moved from the first minute beyond the line to where the line was crossed. */
function crossings(timeMs: Float64Array, { startMs, stepMs, glucoseMgPerDl }: GlucoseNight): Episode[] {
  const crossed = (ms: number) => {
    const minute = Math.round((ms - startMs) / stepMs);
    if (minute < 1 || minute >= glucoseMgPerDl.length) return ms;
    const [before, after] = [glucoseMgPerDl[minute - 1], glucoseMgPerDl[minute]];
    if (before < LOW_MG_PER_DL === after < LOW_MG_PER_DL) return ms;
    return Math.round(ms - stepMs * ((LOW_MG_PER_DL - after) / (before - after)));
  };
  return episodesOf(timeMs, glucoseMgPerDl, {
    threshold: LOW_MG_PER_DL,
    beyond: 'below',
    everySeconds: stepMs / 1000,
  }).map(({ onsetMs, endMs, extreme }) => ({ onsetMs: crossed(onsetMs), endMs: crossed(endMs), extreme }));
}

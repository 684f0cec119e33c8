/** What a watch reports over one night, and what the sleeper did: the fast half of a simulated night. */
import { deriveSeed, random } from '../../array/random.ts';
import { heartBeats } from './heart.ts';
import { type Reports, wristContact, wristReports } from './heart-artefacts.ts';
import { HEART_EFFECTS, heartResponse } from './heart-effects.ts';
import { motionNight, reportedMotion } from './motion.ts';
import { type Sleep, sleepNight } from './sleep.ts';
import { wokenBy } from './sleep-waking.ts';
import type { Wearer } from './wearer.ts';

export interface WatchNight {
  readonly sleep: Sleep;
  readonly beats: Reports;
  /** One value a second, milli-g. */
  readonly motion: Float32Array; // [seconds]
  /** The response of heart and arousal to glucose, 0 to 1. */
  readonly course: Float32Array; // [seconds]
}

export interface WatchOptions {
  readonly seed: number;
  readonly night: number;
  /** `heartRateEffect`: every response to glucose times this. Nothing else changes with it. */
  readonly effect: number;
  /** The local clock at the start of the stretch, and how long it is. */
  readonly startHours: number;
  readonly seconds: number;
}

/** `glucoseMgPerDl` stands at minutes 0, 1, ... of the stretch and keeps its last value. */
export function watchNight(
  wearer: Wearer,
  glucoseMgPerDl: Float64Array, // [minutes]
  { seed, night, effect, startHours, seconds }: WatchOptions,
): WatchNight {
  const { trait, heart: habit } = wearer;
  const own = deriveSeed(seed, 'watch', wearer.index, night);
  const course = heartResponse(trait, glucoseMgPerDl, seconds);
  const undisturbed = sleepNight(wearer.sleep, random(deriveSeed(own, 'sleep')), seconds, startHours);
  const sleep = wokenBy(undisturbed, trait, course, effect, random(deriveSeed(own, 'waking')));
  const restlessness = new Float32Array(seconds);
  for (let s = 0; s < seconds; s++) restlessness[s] = effect * HEART_EFFECTS.restlessness * course[s];
  const motion = motionNight(sleep, own, restlessness);
  const contact = wristContact(seconds, own);
  const beats = heartBeats({ habit, trait, sleep, motion, course, effect, startHours, seed: own });
  return {
    sleep,
    beats: wristReports(beats, motion, contact, own),
    motion: reportedMotion(motion, contact, own),
    course,
  };
}

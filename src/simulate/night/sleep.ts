/**
 * A night's sleep: stages second by second, cycles of about 95 minutes with deep sleep early and REM sleep late, brief
 * wakings between. A semi-Markov course: the order of the stages is given, how long each lasts is drawn.
 */
import type { Random } from '../../array/random.ts';

/** Numbers of the stages; light is N1 and N2, deep N3. */
export const WAKE = 0;
export const LIGHT = 1;
export const DEEP = 2;
export const REM = 3;
export const sleepStages = ['wake', 'light', 'deep', 'REM'] as const;

/**
 * Targets: Boulos 2019 (Lancet Respir Med 7:533; 5,273 healthy adults): about 20 % of sleep deep, 19 % REM, 48 min awake
 * after sleep onset, 15 min until sleep. Cycles of 90 to 110 min, deep sleep mostly in the first two, REM growing
 * (Carskadon, Dement, Normal human sleep). How they are split over the cycles is assumed.
 */
const CYCLE_MINUTES = { mean: 95, sd: 12, low: 70, high: 120 };
const DEEP_MINUTES = [38, 26, 14, 7, 3];
const REM_MINUTES = [8, 17, 22, 26, 26];
/** Each stretch is that long times a log-normal factor of this spread (assumed). */
const STRETCH_LOG_SD = 0.25;
const MINUTES_TO_SLEEP = 15;
const WAKINGS_PER_HOUR = 1.5;
const WAKING_MINUTES = 4;
/** Bedtime 22 to 24 h by person, getting up about 7 h; a night's own spread (assumed). */
const BEDTIME_SD_HOURS = 0.4;
const RISING = { mean: 7, sd: 0.7, leastInBed: 6 };

export interface SleepHabit {
  /** Usual bedtime, hours of the local clock. */
  readonly bedtimeHours: number;
}

export interface Sleep {
  readonly stages: Uint8Array; // [seconds]
  /** Seconds from the start: lies down, and gets up (which may be after the end). */
  readonly bedSecond: number;
  readonly upSecond: number;
}

export function drawSleepHabit(draw: Random): SleepHabit {
  return { bedtimeHours: 22 + 2 * draw.uniform() };
}

/** `startHours`: the local clock at second 0, such as 20; the next day's hours go on from 24. */
export function sleepNight(habit: SleepHabit, draw: Random, seconds: number, startHours: number): Sleep {
  const bedtime = Math.min(24.5, Math.max(21.5, habit.bedtimeHours + BEDTIME_SD_HOURS * draw.normal()));
  const rising = Math.max(bedtime + RISING.leastInBed, 24 + RISING.mean + RISING.sd * draw.normal());
  const bedSecond = Math.round((bedtime - startHours) * 3600);
  const upSecond = Math.round((rising - startHours) * 3600);
  const stages = new Uint8Array(seconds); // all awake
  const end = Math.min(seconds, upSecond);
  let at = bedSecond + exponential(draw, MINUTES_TO_SLEEP * 60);
  const stay = (stage: number, minutes: number) => {
    const until = at + 60 * minutes * Math.exp(STRETCH_LOG_SD * draw.normal());
    if (at < end) stages.fill(stage, Math.round(at), Math.min(end, Math.round(until)));
    at = until;
  };
  for (let cycle = 0; at < end; cycle++) {
    const { mean, sd, low, high } = CYCLE_MINUTES;
    const length = Math.min(high, Math.max(low, mean + sd * draw.normal()));
    const deep = DEEP_MINUTES[Math.min(cycle, DEEP_MINUTES.length - 1)];
    const rem = REM_MINUTES[Math.min(cycle, REM_MINUTES.length - 1)];
    const light = length - deep - rem;
    stay(LIGHT, light * 0.35);
    stay(DEEP, deep * 0.6);
    stay(LIGHT, light * 0.15);
    stay(DEEP, deep * 0.4);
    stay(LIGHT, light * 0.5);
    stay(REM, rem);
  }
  let waking = bedSecond;
  for (;;) {
    waking += exponential(draw, 3600 / WAKINGS_PER_HOUR);
    const until = waking + exponential(draw, WAKING_MINUTES * 60);
    if (waking >= end) break;
    stages.fill(WAKE, Math.round(waking), Math.min(end, Math.round(until)));
  }
  return { stages, bedSecond, upSecond };
}

function exponential(draw: Random, mean: number): number {
  return -mean * Math.log(1 - draw.uniform());
}

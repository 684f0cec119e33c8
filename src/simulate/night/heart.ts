/**
 * A heart's beats over a night: a resting rate by person and night, slower deep at night and in deep sleep, wandering at
 * all time scales, quickened by motion; each interval breathed upon (respiratory sinus arrhythmia) and swung by the
 * low-frequency component near .1 Hz. The response to low glucose shifts the rate and damps or widens both swings.
 *
 * All noise belongs to the second of the night, not to the beat, so that a response changes nothing but what it causes.
 */
import type { Random } from '../../array/random.ts';
import { countedNoise } from './counted-noise.ts';
import { HEART_EFFECTS, type HeartTrait } from './heart-effects.ts';
import type { Sleep } from './sleep.ts';

/**
 * Beats/min asleep, by person: Koivikko 2012 (adults with type 1 diabetes at night): 62 and 63, standard deviations 7 and 9.
 * Kept to 50-75. From night to night 4 (assumed; the wrists of T1D-UOM show 6 to 13, artefacts included).
 */
const RESTING = { mean: 62, sd: 7, low: 50, high: 75, nightSd: 4 };
/** Added by stage: wake in bed, light, deep, REM (assumed; small beside the spread of people: Nat Sci Sleep 2018, 10:111, figure 2, finds no difference). */
const STAGE_BPM = [6, 0, -1.5, 2.5];
const STAGE_SECONDS = 60;
const UP_BPM = 12;
/** Half of the daily swing, lowest at 4.5 h (assumed). */
const CIRCADIAN = { bpm: 2.5, lowestHours: 4.5 };
/** Slow wander as a sum of processes a decade apart in time, which makes 1 / f between: beats/min and seconds (assumed). */
const WANDER = [
  { bpm: 2.5, seconds: 2400 },
  { bpm: 2, seconds: 240 },
  { bpm: 1.2, seconds: 24 },
] as const;
/** Motion of m milli-g drives the rate towards 14 (1 − exp(−m / 100)) more, quickly up and slowly down (assumed). */
const MOTION = { bpm: 14, mg: 100, upSeconds: 8, downSeconds: 30 };
/**
 * Amplitude of the respiratory component, ms, log-normal over people, and standard deviation of the low-frequency one.
 * Koivikko 2012, control episodes: powers 2,002 ± 1,965 and 2,134 ± 1,635 ms²; log-normal with those moments they have the
 * medians 1,429 and 1,694, that is an amplitude of 53 and a standard deviation of 41 ms. That small sample lies above
 * what wrists show, so the respiratory one is taken as 40 (assumed): RMSSD near 45 ms.
 */
const RESPIRATORY = { ms: 40, logSd: 0.35, hz: 0.25, hzSd: 0.03 };
const LOW_FREQUENCY = { ms: 38, logSd: 0.3, hz: 0.1, pole: 0.93 };
/** Factors by stage (vagal tone is highest in deep sleep, slow swings in REM and wake; order as in Herzig 2018, assumed). */
const RESPIRATORY_BY_STAGE = [0.75, 1, 1.05, 0.85];
const LOW_FREQUENCY_BY_STAGE = [1.1, 0.9, 0.55, 1.15];

export interface HeartHabit {
  readonly restingBpm: number;
  readonly respiratoryMs: number;
  readonly lowFrequencyMs: number;
  readonly breathHz: number;
}

export function drawHeartHabit(draw: Random): HeartHabit {
  const { mean, sd, low, high } = RESTING;
  let restingBpm = mean + sd * draw.normal();
  while (restingBpm < low || restingBpm > high) restingBpm = mean + sd * draw.normal();
  return {
    restingBpm,
    respiratoryMs: RESPIRATORY.ms * Math.exp(RESPIRATORY.logSd * draw.normal()),
    lowFrequencyMs: LOW_FREQUENCY.ms * Math.exp(LOW_FREQUENCY.logSd * draw.normal()),
    breathHz: Math.min(0.33, Math.max(0.17, RESPIRATORY.hz + RESPIRATORY.hzSd * draw.normal())),
  };
}

export interface Beats {
  readonly count: number;
  /** Seconds from the start at which each interval ends. */
  readonly second: Float64Array; // [room], filled to count
}

export interface HeartNight {
  readonly habit: HeartHabit;
  readonly trait: HeartTrait;
  readonly sleep: Sleep;
  readonly motion: Float32Array; // [seconds], milli-g
  /** The response to glucose at every second, 0 to 1. */
  readonly course: Float32Array; // [seconds]
  readonly effect: number;
  readonly startHours: number;
  readonly seed: number;
}

/** Heart rate second by second, before breath and slow swings, beats/min. */
function heartRate({ habit, trait, sleep, motion, course, effect, startHours, seed }: HeartNight): Float32Array {
  const { stages, bedSecond, upSecond } = sleep;
  const seconds = stages.length;
  const rate = new Float32Array(seconds);
  const night = RESTING.nightSd * countedNoise(seed, 'heart night').normal(0);
  const [slow, middle, fast] = WANDER.map(({ bpm, seconds: tau }, k) => {
    const keep = Math.exp(-1 / tau);
    const noise = countedNoise(seed, 'heart wander', k);
    return { keep, fresh: bpm * Math.sqrt(1 - keep * keep), noise, first: bpm * noise.normal(seconds) };
  });
  let a = slow.first;
  let b = middle.first;
  let c = fast.first;
  let stage = STAGE_BPM[0];
  let driven = 0;
  let circadian = 0;
  const gain = effect * trait.bpm;
  for (let s = 0; s < seconds; s++) {
    a = slow.keep * a + slow.fresh * slow.noise.normal(s);
    b = middle.keep * b + middle.fresh * middle.noise.normal(s);
    c = fast.keep * c + fast.fresh * fast.noise.normal(s);
    const aim = s < bedSecond || s >= upSecond ? UP_BPM : STAGE_BPM[stages[s]];
    stage += (aim - stage) / STAGE_SECONDS;
    const target = MOTION.bpm * (1 - Math.exp(-motion[s] / MOTION.mg));
    driven += (target - driven) / (target > driven ? MOTION.upSeconds : MOTION.downSeconds);
    if (s % 60 === 0) {
      const hours = startHours + s / 3600 - CIRCADIAN.lowestHours;
      circadian = -CIRCADIAN.bpm * Math.cos((Math.PI * hours) / 12);
    }
    rate[s] = habit.restingBpm + night + circadian + stage + a + b + c + driven + gain * course[s];
  }
  return rate;
}

/** The beats of the whole stretch. */
export function heartBeats(night: HeartNight): Beats {
  const { habit, trait, sleep, course, effect, seed } = night;
  const { stages } = sleep;
  const seconds = stages.length;
  const rate = heartRate(night);
  const swing = lowFrequencySwing(seconds, seed);
  const phase = breathPhase(habit, seconds, seed);
  const answers = trait.response !== 'none';
  const damped = answers ? effect * (HEART_EFFECTS.lowFrequency - 1) : 0;
  const breathed = answers ? -Math.sign(trait.bpm) * effect * HEART_EFFECTS.respiratory : 0;
  const second = new Float64Array(Math.ceil((seconds * MOST_BPM) / 60));
  let count = 0;
  let at = 0;
  while (count < second.length) {
    const s = Math.floor(at);
    if (s >= seconds - 1) break;
    const part = at - s;
    const stage = stages[s];
    const response = course[s];
    const low = habit.lowFrequencyMs * LOW_FREQUENCY_BY_STAGE[stage] * Math.max(0.2, 1 + damped * response);
    const high = habit.respiratoryMs * RESPIRATORY_BY_STAGE[stage] * Math.max(0.2, 1 + breathed * response);
    const mean = 60_000 / rate[s];
    const ms =
      mean +
      (mean / 1000) *
        (low * (swing[s] + part * (swing[s + 1] - swing[s])) +
          high * Math.sin(2 * Math.PI * (phase[s] + part * (phase[s + 1] - phase[s]))));
    at += Math.min(2000, Math.max(60_000 / MOST_BPM, ms)) / 1000;
    if (at >= seconds) break;
    second[count++] = at;
  }
  return { count, second };
}

const MOST_BPM = 180;

/** Near .1 Hz, of standard deviation 1: a resonant autoregression of order 2 in steps of a second. */
function lowFrequencySwing(seconds: number, seed: number): Float32Array {
  const noise = countedNoise(seed, 'heart swing');
  const { pole: r, hz } = LOW_FREQUENCY;
  const one = 2 * r * Math.cos(2 * Math.PI * hz);
  const two = -r * r;
  const variance = (1 - two) / ((1 + two) * ((1 - two) ** 2 - one * one)); // of order 2 with noise of 1
  const scale = 1 / Math.sqrt(variance);
  const swing = new Float32Array(seconds);
  let last = noise.normal(seconds);
  let before = noise.normal(seconds + 1);
  for (let s = 0; s < seconds; s++) {
    const now = one * last + two * before + scale * noise.normal(s);
    before = last;
    last = now;
    swing[s] = now;
  }
  return swing;
}

/** Breaths since the start; the rate of breathing wanders by a tenth over a minute or so (assumed). */
function breathPhase({ breathHz }: HeartHabit, seconds: number, seed: number): Float64Array {
  const noise = countedNoise(seed, 'heart breath');
  const keep = Math.exp(-1 / 60);
  const fresh = 0.1 * Math.sqrt(1 - keep * keep);
  const phase = new Float64Array(seconds);
  let wander = 0.1 * noise.normal(seconds);
  let at = noise.uniform(seconds + 1);
  for (let s = 0; s < seconds; s++) {
    phase[s] = at;
    wander = keep * wander + fresh * noise.normal(s);
    at += breathHz * (1 + wander);
  }
  return phase;
}

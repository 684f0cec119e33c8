/**
 * What a wrist accelerometer says once a second: the mean of how far the acceleration's size was from gravity, milli-g. A
 * floor of sensor noise, movements and turns that come by chance with rates of the sleep stage, and the going about of
 * somebody who is up.
 */
import { countedNoise } from './counted-noise.ts';
import { ASIDE } from './heart-artefacts.ts';
import type { Sleep } from './sleep.ts';

/**
 * A Garmin wrist at 25 Hz (the FLIRT sample recording, Foell 2021; 400 s of someone awake): the standard deviation within
 * a second is 4.1 to 5.8 milli-g in the 20 quietest seconds, 12.5 at the median, 79 at the 90th and 214 at the 95th
 * percentile; the mean distance from rest 5.4 at the 10th, 10.4 at the median, 55 at the 90th, 153 at the 95th. Noise of
 * standard deviation 5 has a mean size of 4.0, and of 25 such samples that mean varies by .6.
 */
const FLOOR_MG = 4;
const FLOOR_SD_MG = 0.6;
/** Up and about: log-normal about 8 above the floor and with 1.5 of the logarithm, slow over a minute (fits the above). */
const ABOUT = { medianMg: 7, logSd: 1.5, seconds: 60 };
/**
 * Movements an hour by stage: wake in bed, light, deep, REM. Jauch-Chara 2007 (Diabetes 56:1938, table 1, control nights):
 * 8 to 12 % of 30-s epochs hold a movement, that is 10 to 14 an hour. By stage: least in deep sleep (order as in Wilde-Frenz,
 * Schulz 1983; figures assumed).
 */
const MOVEMENTS_PER_HOUR = [45, 13, 4, 15];
/** Changes of position: 1.6 an hour in bed (Skarpsno 2017, Nat Sci Sleep 9:267, 664 people). By stage assumed. */
const TURNS_PER_HOUR = [5, 1.7, 0.5, 1.5];
/** Seconds (exponential mean beyond the first) and size (median, spread of the logarithm) of each (assumed). */
const MOVEMENT = { seconds: 3, medianMg: 50, logSd: 0.8 };
const TURN = { seconds: 7, medianMg: 180, logSd: 0.5 };

/**
 * @param restlessness added movements at every second, as a multiple of the usual rate; none where left out. The movements
 *   of a night without it are all there, unchanged, in the night with it.
 */
export function motionNight(
  { stages, bedSecond, upSecond }: Sleep,
  seed: number,
  restlessness?: Float32Array, // [seconds]
): Float32Array {
  const seconds = stages.length;
  const motion = new Float32Array(seconds); // [seconds], milli-g
  const floor = countedNoise(seed, 'motion floor');
  const about = countedNoise(seed, 'motion about');
  const keep = Math.exp(-1 / ABOUT.seconds);
  const fresh = ABOUT.logSd * Math.sqrt(1 - keep * keep);
  let level = ABOUT.logSd * about.normal(seconds);
  for (let s = 0; s < seconds; s++) {
    motion[s] = FLOOR_MG + FLOOR_SD_MG * floor.normal(s);
    if (s < bedSecond || s >= upSecond) {
      level = keep * level + fresh * about.normal(s);
      motion[s] += ABOUT.medianMg * Math.exp(level);
    }
  }
  const from = Math.max(0, bedSecond);
  const until = Math.min(seconds, upSecond);
  addMovements(motion, stages, MOVEMENTS_PER_HOUR, MOVEMENT, seed, 'movement', from, until, restlessness);
  addMovements(motion, stages, TURNS_PER_HOUR, TURN, seed, 'turn', from, until, restlessness);
  return motion;
}

/** What the watch reports: its wearer's motion, or the floor alone where it is laid aside (`contact` as by `wristContact`). */
export function reportedMotion(motion: Float32Array, contact: Uint8Array, seed: number): Float32Array {
  const floor = countedNoise(seed, 'motion floor');
  const reported = motion.slice();
  for (let s = 0; s < reported.length; s++) {
    if (contact[s] === ASIDE) reported[s] = FLOOR_MG + FLOOR_SD_MG * floor.normal(s);
  }
  return reported;
}

function addMovements(
  motion: Float32Array,
  stages: Uint8Array,
  perHour: readonly number[],
  size: { readonly seconds: number; readonly medianMg: number; readonly logSd: number },
  seed: number,
  name: string,
  from: number,
  until: number,
  restlessness: Float32Array | undefined,
): void {
  const chance = Float64Array.from(perHour, (rate) => rate / 3600); // of a movement that begins in this second
  const begins = countedNoise(seed, name, 'begins');
  const shape = countedNoise(seed, name, 'shape');
  const shake = countedNoise(seed, name, 'shake');
  for (let s = from; s < until; s++) {
    const more = restlessness === undefined ? 1 : 1 + restlessness[s];
    if (begins.uniform(s) >= chance[stages[s]] * more) continue;
    const lasts = 1 + Math.floor(-size.seconds * Math.log(shape.uniform(2 * s)));
    const peak = size.medianMg * Math.exp(size.logSd * shape.normal(2 * s + 1));
    const end = Math.min(motion.length, s + lasts);
    for (let at = s; at < end; at++) motion[at] += peak * (0.3 + 0.7 * shake.uniform(at));
  }
}

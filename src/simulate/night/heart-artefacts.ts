/**
 * From beats to what an optical wrist sensor reports: every beat's time a little off, beats missed and invented while the
 * wrist moves, stretches without contact, the watch laid aside. A report is one interval in whole milliseconds.
 *
 * A Garmin wrist (FLIRT sample recording, Foell 2021; 4.2 h awake, 14,316 intervals): reports .99 s apart at the median,
 * 1.76 s at the 95th and 2.8 s at the 99th percentile; 3.6 stretches above 10 s an hour; intervals from 344 to 1,722 ms
 * make up 86 % of the time. Its delivered heart rate comes every 1.02 s at the median, 4 s at the 95th and 8 s at the 99th
 * percentile. No interval there is below .6 or above 1.6 of the 15 about it: the device drops most false ones. Asleep it
 * moves less.
 */
import { countedNoise } from './counted-noise.ts';
import type { Beats } from './heart.ts';

/** Standard deviation of a pulse's time, ms, at rest (assumed; a wrist's RMSSD then reads about a tenth too high). */
const TIMING_MS = 4;
/** A beat is missed with this chance at rest, and this much more the more it moves (assumed, to give the gaps above). */
const MISSED = { rest: 0.012, moving: 0.45 };
/** A beat is invented between two (assumed). */
const INVENTED = { rest: 0.0004, moving: 0.06 };
/** What moves: 1 − exp(−(m − 15) / 60) of m milli-g (assumed). */
const MOVING = { fromMg: 15, scaleMg: 60 };
/** Of intervals that hold a missed beat the device reports this share, doubled; the others it drops (assumed). */
const DOUBLED_SHARE = 0.1;
/** Lost contact: an hour in bed a third of the Garmin's 3.6 by day; seconds beyond 10, exponential (assumed). */
const LOST_CONTACT = { perHour: 1.2, leastSeconds: 10, meanSeconds: 12 };
/** Off the wrist: once in 20 nights of 11 h, for half an hour on average (assumed). */
const OFF_WRIST = { perHour: 1 / 220, meanSeconds: 1800 };
/** What a device takes for an interval at all: the Garmin's extremes, widened. */
const SHORTEST_MS = 300;
const LONGEST_MS = 2000;

export interface Reports {
  readonly count: number;
  readonly second: Float64Array; // [room], filled to count
  readonly intervalMs: Float32Array; // [room]
  readonly quality: Float32Array; // [room]
  /** 1 where the interval is doubled or cut by a false beat: the truth, which no sensor tells. */
  readonly wrong: Uint8Array; // [room]
}

/** @param contact of every second, by `wristContact` */
export function wristReports(beats: Beats, motion: Float32Array, contact: Uint8Array, seed: number): Reports {
  const chance = countedNoise(seed, 'wrist chance');
  const timing = countedNoise(seed, 'wrist timing');
  const room = 2 * beats.count;
  const second = new Float64Array(room);
  const intervalMs = new Float32Array(room);
  const quality = new Float32Array(room);
  const wrong = new Uint8Array(room);
  let count = 0;
  let last = -1; // the last beat seen, seconds; -1: none to measure from
  let missed = 0; // since then
  const report = (at: number, ms: number, good: number, isWrong: number) => {
    if (ms < SHORTEST_MS || ms > LONGEST_MS) return;
    second[count] = at;
    intervalMs[count] = Math.round(ms);
    quality[count] = good;
    wrong[count++] = isWrong;
  };
  let inSecond = -1;
  let place = 0; // counts the beats of one second
  for (let j = 0; j < beats.count; j++) {
    const s = Math.floor(beats.second[j]);
    place = s === inSecond ? place + 1 : 0;
    inSecond = s;
    if (contact[s] !== WORN) {
      last = -1;
      missed = 0;
      continue;
    }
    const draws = (4 * s + Math.min(3, place)) * 4;
    const moving = motion[s] > MOVING.fromMg ? 1 - Math.exp((MOVING.fromMg - motion[s]) / MOVING.scaleMg) : 0;
    if (chance.uniform(draws) < MISSED.rest + MISSED.moving * moving) {
      missed++;
      continue;
    }
    const at = beats.second[j] + (TIMING_MS / 1000) * (1 + 4 * moving) * timing.normal(draws);
    if (last >= 0) {
      const ms = 1000 * (at - last);
      const clean = 1 - 0.7 * moving;
      if (missed > 0) {
        if (missed === 1 && chance.uniform(draws + 1) < DOUBLED_SHARE) report(at, ms, 0.5 * clean, 1);
      } else if (chance.uniform(draws + 2) < INVENTED.rest + INVENTED.moving * moving) {
        const share = 0.35 + 0.3 * chance.uniform(draws + 3);
        report(last + share * (at - last), share * ms, 0.6 * clean, 1);
        report(at, (1 - share) * ms, 0.6 * clean, 1);
      } else report(at, ms, clean, 0);
    }
    last = at;
    missed = 0;
  }
  return { count, second, intervalMs, quality, wrong };
}

/** What `wristContact` says of a second: worn, no pulse to be had, or the watch laid aside. */
export const WORN = 0;
const LOOSE = 1;
export const ASIDE = 2;

export function wristContact(seconds: number, seed: number): Uint8Array {
  const contact = new Uint8Array(seconds); // all worn
  const begins = countedNoise(seed, 'contact lost');
  const lasts = countedNoise(seed, 'contact lasts');
  const aside = OFF_WRIST.perHour / 3600;
  const loose = LOST_CONTACT.perHour / 3600;
  for (let s = 0; s < seconds; s++) {
    const u = begins.uniform(s);
    if (u >= aside + loose) continue;
    const tail = -Math.log(lasts.uniform(s));
    const length =
      u < aside ? OFF_WRIST.meanSeconds * tail : LOST_CONTACT.leastSeconds + LOST_CONTACT.meanSeconds * tail;
    contact.fill(u < aside ? ASIDE : LOOSE, s, Math.min(seconds, s + Math.round(length)));
  }
  return contact;
}

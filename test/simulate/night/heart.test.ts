import { describe, expect, test } from 'vitest';
import { heartBeats } from '../../../src/simulate/night/heart.ts';
import { type Reports, WORN, wristContact, wristReports } from '../../../src/simulate/night/heart-artefacts.ts';
import { DEEP, LIGHT, REM, type Sleep, WAKE } from '../../../src/simulate/night/sleep.ts';
import { type WatchNight, watchNight } from '../../../src/simulate/night/watch-night.ts';
import { drawWearer } from '../../../src/simulate/night/wearer.ts';
import { elevenHours, steadyNight } from './made-glucose.ts';

const watch = (person: number, night = 0) =>
  watchNight(drawWearer(4, person), steadyNight, { seed: 4, night, effect: 1, ...elevenHours });
const nights = Array.from({ length: 60 }, (_, person) => watch(person));

const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1];
const inBed = ({ bedSecond, upSecond }: Sleep, second: number) => second >= bedSecond && second < upSecond;

/** RMSSD and mean rate of one stage, over clean intervals one after the other. */
function ofStage({ sleep, beats }: WatchNight, stage: number): { rmssdMs: number; bpm: number } {
  let squares = 0;
  let pairs = 0;
  let ms = 0;
  for (let i = 1; i < beats.count; i++) {
    const second = beats.second[i];
    if (!inBed(sleep, second) || sleep.stages[Math.floor(second)] !== stage) continue;
    const apart = second - beats.second[i - 1];
    if (beats.quality[i] < 1 || beats.quality[i - 1] < 1 || Math.abs(apart - beats.intervalMs[i] / 1000) > 0.05)
      continue;
    squares += (beats.intervalMs[i] - beats.intervalMs[i - 1]) ** 2;
    ms += beats.intervalMs[i];
    pairs++;
  }
  return { rmssdMs: Math.sqrt(squares / pairs), bpm: (60_000 * pairs) / ms };
}

/** Seconds between reports. */
function gaps(where: (sleep: Sleep, second: number) => boolean): number[] {
  return nights.flatMap(({ sleep, beats }) =>
    Array.from(beats.second.subarray(1, beats.count), (second, i) =>
      where(sleep, second) ? second - beats.second[i] : -1,
    ).filter((gap) => gap >= 0),
  );
}
const percentile = (values: number[], share: number) => values.sort((a, b) => a - b)[Math.floor(share * values.length)];

describe("a simulated heart's beats on the wrist", () => {
  test('has an RMSSD of adults by stage: widest in quiet sleep, narrower in REM and awake', () => {
    const of = (stage: number) => median(nights.map((night) => ofStage(night, stage).rmssdMs));
    for (const stage of [LIGHT, DEEP, REM]) {
      expect(of(stage)).toBeGreaterThan(30); // a median over adults at night; people differ by a factor of two either way
      expect(of(stage)).toBeLessThan(65);
    }
    expect(of(WAKE)).toBeLessThan(of(REM));
    expect(of(REM)).toBeLessThan(of(LIGHT));
  });

  test('is slowest in deep sleep, and within what is published for adults with type 1 diabetes at night', () => {
    const of = (stage: number) => nights.reduce((sum, night) => sum + ofStage(night, stage).bpm, 0) / nights.length;
    expect(of(DEEP)).toBeLessThan(of(LIGHT));
    expect(of(LIGHT)).toBeLessThan(of(REM));
    expect(of(REM)).toBeLessThan(of(WAKE));
    expect(of(LIGHT)).toBeGreaterThan(58); // Koivikko 2012: 62 and 63
    expect(of(LIGHT)).toBeLessThan(67);
  });

  test('reports as densely as a Garmin wrist: about a second apart, seconds where it moves', () => {
    const about = gaps((sleep, second) => second < sleep.bedSecond);
    // the Garmin, awake: .99 at the median, 2.8 at the 99th percentile, 12 at the 99.9th
    expect(percentile(about, 0.5)).toBeGreaterThan(0.65);
    expect(percentile(about, 0.5)).toBeLessThan(1.02);
    expect(percentile(about, 0.99)).toBeGreaterThan(2);
    expect(percentile(about, 0.99)).toBeLessThan(4.5);
    expect(percentile(about, 0.999)).toBeGreaterThan(4);
    const bed = gaps(inBed);
    expect(percentile(bed, 0.5)).toBeGreaterThan(0.85);
    expect(percentile(bed, 0.5)).toBeLessThan(1.1);
    expect(percentile(bed, 0.99)).toBeLessThan(percentile(about, 0.99));
    const hours = nights.reduce(
      (sum, { sleep }) => sum + (Math.min(39_600, sleep.upSecond) - sleep.bedSecond) / 3600,
      0,
    );
    const longGaps = bed.filter((gap) => gap > 10).length / hours;
    expect(longGaps).toBeGreaterThan(0.6); // 1.2 an hour by design, a third of the Garmin's by day
    expect(longGaps).toBeLessThan(2.4);
  });

  test('has few false intervals at rest and more in motion, about a double or a part of their neighbours', () => {
    const shares = { bed: [0, 0], about: [0, 0] };
    let doubled = 0;
    let cut = 0;
    for (const { sleep, beats } of nights) {
      for (let i = 1; i < beats.count; i++) {
        const kept = inBed(sleep, beats.second[i]) ? shares.bed : shares.about;
        kept[0] += beats.wrong[i];
        kept[1]++;
        if (beats.wrong[i] && !beats.wrong[i - 1]) {
          if (beats.intervalMs[i] > 1.6 * beats.intervalMs[i - 1]) doubled++;
          else if (beats.intervalMs[i] < 0.8 * beats.intervalMs[i - 1]) cut++;
        }
      }
    }
    expect(shares.bed[0] / shares.bed[1]).toBeGreaterThan(0.0005);
    expect(shares.bed[0] / shares.bed[1]).toBeLessThan(0.005);
    expect(shares.about[0] / shares.about[1]).toBeGreaterThan(0.005);
    expect(shares.about[0] / shares.about[1]).toBeLessThan(0.03);
    expect(doubled).toBeGreaterThan(100);
    expect(cut).toBeGreaterThan(100);
  });

  test('is silent where the watch has no pulse, and only intervals a heart can have are reported', () => {
    const contact = wristContact(39_600, 1);
    const away = new Uint8Array(39_600).fill(1, 7200, 9000);
    const { sleep, motion } = nights[0];
    const course = new Float32Array(39_600);
    const { heart: habit, trait } = drawWearer(4, 0);
    const beats = heartBeats({ habit, trait, sleep, motion, course, effect: 1, startHours: 20, seed: 9 });
    const reports = wristReports(beats, motion, away, 9);
    const within = (of: Reports) => of.second.subarray(0, of.count).some((second) => second >= 7200 && second < 9000);
    expect(within(reports)).toBe(false);
    expect(within(wristReports(beats, motion, new Uint8Array(39_600).fill(WORN), 9))).toBe(true);
    expect(contact.some((one) => one !== WORN)).toBe(true);
    expect(Math.min(...reports.intervalMs.subarray(0, reports.count))).toBeGreaterThanOrEqual(300);
    expect(Math.max(...reports.intervalMs.subarray(0, reports.count))).toBeLessThanOrEqual(2000);
  });

  test('beats in order and differs by person, night and seed, and by nothing else', () => {
    const beats = (one: WatchNight) => one.beats.intervalMs.subarray(0, one.beats.count);
    expect(watch(3)).toEqual(nights[3]);
    expect(beats(watch(3, 1))).not.toEqual(beats(nights[3]));
    expect(beats(nights[2])).not.toEqual(beats(nights[3]));
    const { second, count } = nights[3].beats;
    expect(second.subarray(1, count).every((at, i) => at > second[i])).toBe(true);
  });
});

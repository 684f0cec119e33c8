import { describe, expect, test } from 'vitest';
import { deriveSeed, random } from '../../../src/array/random.ts';
import { ASIDE } from '../../../src/simulate/night/heart-artefacts.ts';
import { motionNight, reportedMotion } from '../../../src/simulate/night/motion.ts';
import { drawSleepHabit, type Sleep, sleepNight } from '../../../src/simulate/night/sleep.ts';

const seconds = 39_600;
const sleeps = Array.from({ length: 40 }, (_, i) => {
  const draw = random(deriveSeed(3, 'motion test', i));
  return sleepNight(drawSleepHabit(draw), draw, seconds, 20);
});
const motions = sleeps.map((sleep, i) => motionNight(sleep, i));

function percentile(values: number[], share: number): number {
  return values.sort((a, b) => a - b)[Math.floor(share * values.length)];
}
const where = (of: (sleep: Sleep, second: number) => boolean) =>
  motions.flatMap((motion, i) => Array.from(motion).filter((_, second) => of(sleeps[i], second)));
const inBed = ({ bedSecond, upSecond }: Sleep, second: number) => second >= bedSecond && second < upSecond;

describe("a simulated wrist's motion", () => {
  test('has the noise floor of a Garmin wrist at rest and its spread up and about', () => {
    const bed = where(inBed);
    expect(percentile(bed, 0.5)).toBeGreaterThan(3.8); // 5 milli-g of noise in 25 samples
    expect(percentile(bed, 0.5)).toBeLessThan(4.2);
    const about = where((sleep, second) => second < sleep.bedSecond);
    // the Garmin: 5.4, 10.4, 55 and 153 at these places
    expect(percentile(about, 0.1)).toBeGreaterThan(4);
    expect(percentile(about, 0.1)).toBeLessThan(7);
    expect(percentile(about, 0.5)).toBeGreaterThan(7);
    expect(percentile(about, 0.5)).toBeLessThan(16);
    expect(percentile(about, 0.9)).toBeGreaterThan(30);
    expect(percentile(about, 0.9)).toBeLessThan(100);
  });

  test('moves in 8 to 16 % of half minutes in bed, as published', () => {
    let epochs = 0;
    let moved = 0;
    motions.forEach((motion, i) => {
      for (let s = sleeps[i].bedSecond; s + 30 <= Math.min(seconds, sleeps[i].upSecond); s += 30) {
        epochs++;
        if (motion.subarray(s, s + 30).some((mg) => mg > 15)) moved++;
      }
    });
    // Jauch-Chara 2007: 8 to 12 % asleep; in bed there is waking besides
    expect(moved / epochs).toBeGreaterThan(0.08);
    expect(moved / epochs).toBeLessThan(0.16);
  });

  test('keeps every movement under restlessness and adds to them in its measure', () => {
    const restless = new Float32Array(seconds).fill(1);
    let before = 0;
    let after = 0;
    let gone = 0;
    motions.forEach((motion, i) => {
      const more = motionNight(sleeps[i], i, restless);
      for (let s = 0; s < seconds; s++) {
        if (more[s] < motion[s]) gone++;
        if (!inBed(sleeps[i], s)) continue;
        if (motion[s] > 15) before++;
        if (more[s] > 15) after++;
      }
    });
    expect(gone).toBe(0);
    expect(after / before).toBeGreaterThan(1.7); // twice as many, some at once
    expect(after / before).toBeLessThan(2.1);
    expect(motionNight(sleeps[0], 0, new Float32Array(seconds))).toEqual(motions[0]);
  });

  test('is reported still where the watch is laid aside', () => {
    const contact = new Uint8Array(seconds).fill(ASIDE, 0, 3600);
    const reported = reportedMotion(motions[0], contact, 0);
    expect(Math.max(...reported.subarray(0, 3600))).toBeLessThan(7);
    expect(Math.max(...motions[0].subarray(0, 3600))).toBeGreaterThan(20);
    expect(reported.subarray(3600)).toEqual(motions[0].subarray(3600));
  });
});

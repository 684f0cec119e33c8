import { describe, expect, test } from 'vitest';
import {
  drawHeartTrait,
  HEART_EFFECTS,
  type HeartResponse,
  heartResponse,
} from '../../../src/simulate/night/heart-effects.ts';
import { type WatchNight, watchNight } from '../../../src/simulate/night/watch-night.ts';
import { drawWearer } from '../../../src/simulate/night/wearer.ts';
import { elevenHours, fallingNight, steadyNight } from './made-glucose.ts';
import { sameClockAuroc } from './same-clock.ts';

const seed = 7;
const people = Array.from({ length: 50 }, (_, index) => drawWearer(seed, index));
const watch = (person: number, night: number, glucose: Float64Array, effect: number) =>
  watchNight(people[person], glucose, { seed, night, effect, ...elevenHours });
const firstOf = (response: HeartResponse) => people.findIndex(({ trait }) => trait.response === response);

/** Mean heart rate from second `from` on, as the watch reports it. */
function halfHourBpm({ beats }: WatchNight, from: number): number {
  let sum = 0;
  let count = 0;
  let first = 0;
  for (let step = 1 << 16; step >= 1; step >>= 1) {
    if (first + step < beats.count && beats.second[first + step] < from) first += step;
  }
  for (let i = first + 1; i < beats.count && beats.second[i] < from + 1800; i++) {
    sum += 60_000 / beats.intervalMs[i];
    count++;
  }
  return sum / count;
}

/** Everything of a night, as bytes. */
function bytes({ sleep, beats, motion, course }: WatchNight): Buffer {
  const { second, intervalMs, quality } = beats;
  const parts = [sleep.stages, second, intervalMs, quality, motion, course];
  return Buffer.concat(
    parts.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
  );
}

describe("a heart's response to low glucose", () => {
  test('is positive, opposite or none in the published shares of any hundred people', () => {
    for (const first of [0, 1000]) {
      const responses = Array.from({ length: 100 }, (_, i) => drawHeartTrait(3, first + i).response);
      const share = (of: HeartResponse) => responses.filter((one) => one === of).length / 100;
      expect(Math.abs(share('positive') - HEART_EFFECTS.positiveShare)).toBeLessThanOrEqual(0.02);
      expect(Math.abs(share('opposite') - HEART_EFFECTS.oppositeShare)).toBeLessThanOrEqual(0.02);
    }
  });

  test('comes 5 to 15 minutes late, is half gone at 65 mg/dL and nothing above 88', () => {
    const step = Float64Array.from({ length: 120 }, (_, minute) => (minute < 60 ? 100 : minute < 90 ? 65 : 50));
    for (const { trait } of people) {
      const course = heartResponse(trait, step, 7200);
      expect(trait.delaySeconds).toBeGreaterThanOrEqual(300);
      expect(trait.delaySeconds).toBeLessThanOrEqual(900);
      const half = Math.ceil(3600 + trait.delaySeconds);
      expect(course[half - 61]).toBe(0);
      if (trait.response === 'none') expect(course.every((one) => one === 0)).toBe(true);
      else {
        expect(course[half]).toBeCloseTo(0.5, 2);
        expect(course[half + 1800]).toBeCloseTo(1 / (1 + Math.exp(-3)), 2);
      }
    }
    expect(heartResponse(people[firstOf('positive')].trait, steadyNight, 39_600).every((one) => one === 0)).toBe(true);
  });

  test('changes no byte of a night that stays above 88 mg/dL, at any effect', () => {
    for (const person of [firstOf('positive'), firstOf('opposite')]) {
      const [without, double] = [0, 2].map((effect) => watch(person, 0, steadyNight, effect));
      expect(bytes(double).equals(bytes(without))).toBe(true);
    }
  });

  test('changes no byte of a night of somebody without response, whatever glucose does', () => {
    const { glucose } = fallingNight(seed, 0, 0);
    const [without, double] = [0, 2].map((effect) => watch(firstOf('none'), 0, glucose, effect));
    expect(bytes(double).equals(bytes(without))).toBe(true);
  });

  test('changes nothing before glucose falls, and then heart rate by its size and sign', () => {
    for (const response of ['positive', 'opposite'] as const) {
      const person = firstOf(response);
      const { glucose, onsetSecond } = fallingNight(seed, person, 1);
      const [without, with1] = [0, 1].map((effect) => watch(person, 1, glucose, effect));
      const begins = with1.course.findIndex((one) => one > 0);
      expect(begins).toBeGreaterThan(0);
      const before = without.beats.second.findIndex((second) => second >= begins);
      expect(with1.beats.intervalMs.subarray(0, before - 1)).toEqual(without.beats.intervalMs.subarray(0, before - 1));
      expect(before).toBeGreaterThan(5000);
      expect(with1.motion.subarray(0, begins)).toEqual(without.motion.subarray(0, begins));
      const change = halfHourBpm(with1, onsetSecond + 900) - halfHourBpm(without, onsetSecond + 900);
      const { bpm } = people[person].trait;
      expect(change / bpm).toBeGreaterThan(0.1);
      expect(change / bpm).toBeLessThan(1.3);
    }
  });

  // T1D-UOM: .55 (heart-real.test.ts). Effect sizes come from the literature, not from this figure.
  test('tells as little by the level of heart rate alone as real wrists do: AUROC .52 to .58 at effect 1', () => {
    const controls = people.map((_, person) => [0, 1, 2, 3].map((night) => watch(person, night, steadyNight, 0)));
    const compared = (person: number, k: number, effect: number) => {
      const { glucose, onsetSecond } = fallingNight(seed, person, k);
      const at = (night: WatchNight) => halfHourBpm(night, onsetSecond);
      return {
        value: at(watch(person, 100 + k, glucose, effect)),
        controls: controls[person].map(at).filter(Number.isFinite),
      };
    };
    const events = (effect: number, nightsEach: number) =>
      people
        .flatMap((_, person) => Array.from({ length: nightsEach }, (_, k) => compared(person, k, effect)))
        .filter(({ value }) => Number.isFinite(value));
    const auroc = sameClockAuroc(events(1, 8));
    expect(auroc).toBeGreaterThan(0.52);
    expect(auroc).toBeLessThan(0.58);
    const [without, double] = [events(0, 2), events(2, 2)].map(sameClockAuroc);
    expect(double - without).toBeGreaterThan(0.04);
  }, 60_000);
});

import { describe, expect, test } from 'vitest';
import { deriveSeed, random } from '../../../src/array/random.ts';
import { HEART_EFFECTS, type HeartTrait } from '../../../src/simulate/night/heart-effects.ts';
import { DEEP, drawSleepHabit, LIGHT, REM, type Sleep, sleepNight, WAKE } from '../../../src/simulate/night/sleep.ts';
import { wokenBy } from '../../../src/simulate/night/sleep-waking.ts';

const seconds = 39_600;
const nights = Array.from({ length: 150 }, (_, i) => {
  const draw = random(deriveSeed(1, 'sleep test', i));
  return sleepNight(drawSleepHabit(draw), draw, seconds, 20);
});

function share(stage: number, { stages, bedSecond, upSecond }: Sleep, ofSleep: boolean, from = 0, until = 1): number {
  const inBed = stages.subarray(bedSecond, Math.min(seconds, upSecond));
  const part = inBed.subarray(Math.floor(from * inBed.length), Math.floor(until * inBed.length));
  const counted = ofSleep ? part.filter((one) => one !== WAKE) : part;
  return counted.filter((one) => one === stage).length / counted.length;
}
const mean = (of: (sleep: Sleep) => number) => nights.reduce((sum, sleep) => sum + of(sleep), 0) / nights.length;

describe('a simulated sleep', () => {
  test('has the shares of stages that are published for healthy adults', () => {
    // Boulos 2019: of sleep about 20 % deep and 19 % REM, sleep efficiency 86 %; bounds are a few points about them
    expect(mean((sleep) => share(DEEP, sleep, true))).toBeGreaterThan(0.17);
    expect(mean((sleep) => share(DEEP, sleep, true))).toBeLessThan(0.24);
    expect(mean((sleep) => share(REM, sleep, true))).toBeGreaterThan(0.16);
    expect(mean((sleep) => share(REM, sleep, true))).toBeLessThan(0.23);
    expect(mean((sleep) => share(LIGHT, sleep, true))).toBeGreaterThan(0.54);
    expect(mean((sleep) => 1 - share(WAKE, sleep, false))).toBeGreaterThan(0.82);
    expect(mean((sleep) => 1 - share(WAKE, sleep, false))).toBeLessThan(0.93);
  });

  test('is deep early and dreams late', () => {
    expect(mean((sleep) => share(DEEP, sleep, true, 0, 1 / 3))).toBeGreaterThan(0.3);
    expect(mean((sleep) => share(DEEP, sleep, true, 2 / 3, 1))).toBeLessThan(0.15);
    expect(mean((sleep) => share(REM, sleep, true, 0, 1 / 3))).toBeLessThan(0.12);
    expect(mean((sleep) => share(REM, sleep, true, 2 / 3, 1))).toBeGreaterThan(0.2);
  });

  test('begins at a bedtime between 21.5 and 24.5 h and is awake before it and after getting up', () => {
    for (const { stages, bedSecond, upSecond } of nights) {
      expect(bedSecond / 3600 + 20).toBeGreaterThanOrEqual(21.5);
      expect(bedSecond / 3600 + 20).toBeLessThanOrEqual(24.5);
      expect(stages.subarray(0, bedSecond).every((stage) => stage === WAKE)).toBe(true);
      expect(stages.subarray(Math.min(seconds, upSecond)).every((stage) => stage === WAKE)).toBe(true);
    }
  });

  test('is broken by low glucose as often as is published, only in those whose response is positive', () => {
    const trait = (response: HeartTrait['response']): HeartTrait => ({ response, bpm: 6, delaySeconds: 0 });
    const course = new Float32Array(seconds).fill(1); // eleven hours of full response
    const slept = nights[0];
    const woken = (response: HeartTrait['response'], effect: number, i: number) =>
      wokenBy(slept, trait(response), course, effect, random(deriveSeed(2, 'waking test', i)));
    for (const response of ['opposite', 'none'] as const) expect(woken(response, 1, 0)).toBe(slept);
    expect(woken('positive', 0, 0)).toBe(slept);
    let nightsWoken = 0;
    const tries = 800;
    for (let i = 0; i < tries; i++) if (woken('positive', 1, i) !== slept) nightsWoken++;
    const expected = 1 - Math.exp(-11 * HEART_EFFECTS.wakingsPerHour);
    const standardError = Math.sqrt((expected * (1 - expected)) / tries);
    expect(Math.abs(nightsWoken / tries - expected)).toBeLessThan(4 * standardError);
  });

  test('is woken at a stronger effect whenever it is at a weaker one', () => {
    const course = new Float32Array(seconds).fill(0.5);
    const positive: HeartTrait = { response: 'positive', bpm: 6, delaySeconds: 0 };
    let more = 0;
    let fewer = 0;
    for (let i = 0; i < 60; i++) {
      const at = (effect: number) => wokenBy(nights[1], positive, course, effect, random(i)).stages;
      const [weak, strong] = [at(0.5), at(2)];
      for (let s = 0; s < seconds; s += 10) {
        if (weak[s] === WAKE && strong[s] !== WAKE) fewer++;
        else if (weak[s] !== WAKE && strong[s] === WAKE) more++;
      }
    }
    expect(fewer).toBe(0);
    expect(more).toBeGreaterThan(0);
  });
});

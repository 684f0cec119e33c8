import { describe, expect, test } from 'vitest';
import { cgmNight } from '../../../src/simulate/night/cgm.ts';
import { glucoseNight } from '../../../src/simulate/night/glucose-night.ts';
import { drawPerson } from '../../../src/simulate/night/person.ts';

const seed = 11;
const nights = Array.from({ length: 150 }, (_, index) => drawPerson(seed, index)).flatMap((person) =>
  [0, 1, 2, 3].map((night) => {
    const blood = glucoseNight(person, { seed, night });
    return { person, night, blood, cgm: cgmNight(person, blood, { seed, night }) };
  }),
);

/** Blood at the moment of a reading, mg/dL. */
function bloodAt({ blood }: (typeof nights)[number], timeMs: number): number {
  const minute = (timeMs - blood.startMs) / blood.stepMs;
  const before = Math.floor(minute);
  const after = Math.min(before + 1, blood.glucoseMgPerDl.length - 1);
  const from = blood.glucoseMgPerDl[before];
  return from + (minute - before) * (blood.glucoseMgPerDl[after] - from);
}

const errors = nights.flatMap((night) =>
  Array.from(night.cgm.timeMs, (timeMs, i) => {
    const blood = bloodAt(night, timeMs);
    return { blood, error: night.cgm.value[i] - blood, pressed: night.cgm.pressed[i] === 1 };
  }),
);
const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
const relative = (from: typeof errors) => 100 * mean(from.map(({ blood, error }) => Math.abs(error) / blood));

describe('a simulated CGM', () => {
  test('reads every 300 s from a phase of its own, whole numbers from 40 to 400, and the same again', () => {
    const phases = new Set<number>();
    for (const { person, night, blood, cgm } of nights.slice(0, 60)) {
      const phase = (cgm.timeMs[0] - blood.startMs) % 300_000;
      phases.add(Math.floor(phase / 60_000));
      cgm.timeMs.forEach((timeMs, i) => {
        expect((timeMs - blood.startMs - phase) % 300_000).toBe(0);
        expect(Number.isInteger(cgm.value[i]) && cgm.value[i] >= 40 && cgm.value[i] <= 400).toBe(true);
      });
      expect(cgmNight(person, blood, { seed, night })).toEqual(cgm);
    }
    expect(phases.size).toBe(5);
  });

  test('errs as sensors do: MARD 8 to 10 %, below 70 mg/dL 9.5 to 13.3 %, and 80 to 95 % of those within 15 mg/dL', () => {
    expect(relative(errors)).toBeGreaterThan(8);
    expect(relative(errors)).toBeLessThan(10);
    const low = errors.filter(({ blood }) => blood < 70);
    expect(relative(low)).toBeGreaterThan(9.5);
    expect(relative(low)).toBeLessThan(13.3);
    const within = mean(low.map(({ error }) => (Math.abs(error) <= 15 ? 1 : 0)));
    expect(within).toBeGreaterThan(0.8);
    expect(within).toBeLessThan(0.95);
  });

  test('an error outlasts a reading: the next one shares most of it', () => {
    let product = 0;
    let square = 0;
    for (const night of nights) {
      const own = Array.from(night.cgm.timeMs, (timeMs, i) => night.cgm.value[i] - bloodAt(night, timeMs));
      for (let i = 1; i < own.length; i++) {
        product += own[i] * own[i - 1];
        square += own[i] * own[i];
      }
    }
    expect(product / square).toBeGreaterThan(0.8);
    expect(product / square).toBeLessThan(0.99);
  });

  test('lags 5 to 10 min behind blood: it reads high while glucose falls and low while it rises', () => {
    const signed = { falling: [] as number[], rising: [] as number[] };
    for (const night of nights) {
      night.cgm.timeMs.forEach((timeMs, i) => {
        const minute = Math.floor((timeMs - night.blood.startMs) / 60_000);
        if (minute < 15 || night.cgm.pressed[i]) return;
        const { glucoseMgPerDl } = night.blood;
        const rate = (glucoseMgPerDl[minute] - glucoseMgPerDl[minute - 15]) / 15;
        const error = night.cgm.value[i] - bloodAt(night, timeMs);
        if (rate < -1) signed.falling.push(error / -rate);
        if (rate > 1) signed.rising.push(error / -rate);
      });
    }
    for (const minutes of [mean(signed.falling), mean(signed.rising)]) {
      expect(minutes).toBeGreaterThan(4);
      expect(minutes).toBeLessThan(11);
    }
  });

  test('is pressed 2 to 4 % of the time, only in bed, and then reads low by some 24 mg/dL', () => {
    const pressed = errors.filter((one) => one.pressed);
    const free = errors.filter((one) => !one.pressed);
    expect(pressed.length / errors.length).toBeGreaterThan(0.02);
    expect(pressed.length / errors.length).toBeLessThan(0.04);
    const depth = mean(free.map(({ error }) => error)) - mean(pressed.map(({ error }) => error));
    expect(depth).toBeGreaterThan(15);
    expect(depth).toBeLessThan(30);
    for (const { blood, cgm } of nights) {
      const first = cgm.pressed.indexOf(1);
      if (first >= 0) expect(cgm.timeMs[first] - blood.startMs).toBeGreaterThanOrEqual(3 * 3_600_000);
    }
  });

  test('loses some readings, 9 of 10 gaps shorter than 20 min', () => {
    const gaps = nights.flatMap(({ cgm }) =>
      Array.from(cgm.timeMs.slice(1), (timeMs, i) => (timeMs - cgm.timeMs[i]) / 60_000 - 5).filter((gap) => gap > 0),
    );
    expect(gaps.length / nights.length).toBeGreaterThan(0.2);
    expect(gaps.length / nights.length).toBeLessThan(0.8);
    const short = mean(gaps.map((gap) => (gap < 20 ? 1 : 0)));
    expect(short).toBeGreaterThan(0.8);
    expect(short).toBeLessThan(0.97);
  });
});

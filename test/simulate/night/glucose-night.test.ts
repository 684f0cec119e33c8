import { describe, expect, test } from 'vitest';
import { PHYSIOLOGY } from '../../../src/simulate/night/glucose-effects.ts';
import { glucoseNight } from '../../../src/simulate/night/glucose-night.ts';
import { drawPerson, type Person } from '../../../src/simulate/night/person.ts';

const seed = 5;
const people = Array.from({ length: 60 }, (_, i) => drawPerson(seed, i));
const nights = people.flatMap((person) =>
  [0, 1, 2, 3, 4].map((night) => ({ person, night, of: glucoseNight(person, { seed, night }) })),
);
const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
const changed = (person: Person, habits: Partial<Person['habits']>) => ({
  ...person,
  habits: { ...person.habits, ...habits },
});
const shareBelow = (who: (person: Person) => Person) =>
  mean(
    people.map((person) => {
      const { glucoseMgPerDl } = glucoseNight(who(person), { seed, night: 0 });
      return glucoseMgPerDl.filter((one) => one < 70).length / glucoseMgPerDl.length;
    }),
  );

describe('a night of glucose', () => {
  test('has a value every minute from 20:00 to 07:00', () => {
    const { startMs, stepMs, glucoseMgPerDl } = nights[6].of;
    expect(new Date(startMs).toISOString()).toBe('2024-01-02T20:00:00.000Z');
    expect(stepMs).toBe(60_000);
    expect(glucoseMgPerDl.length).toBe(11 * 60 + 1);
  });

  test('follows from seed, person and night alone', () => {
    const { person, of } = nights[13];
    glucoseNight(people[3], { seed, night: 9 });
    expect(glucoseNight(drawPerson(seed, person.index), { seed, night: nights[13].night })).toEqual(of);
    expect(nights[12].of.glucoseMgPerDl).not.toEqual(of.glucoseMgPerDl);
    expect(glucoseNight(person, { seed: 6, night: nights[13].night }).glucoseMgPerDl).not.toEqual(of.glucoseMgPerDl);
  });

  test('stays within what people survive, and never jumps', () => {
    let [lowest, highest, jump] = [Infinity, 0, 0];
    for (const { glucoseMgPerDl } of nights.map(({ of }) => of)) {
      glucoseMgPerDl.forEach((glucose, minute) => {
        lowest = Math.min(lowest, glucose);
        highest = Math.max(highest, glucose);
        if (minute > 0) jump = Math.max(jump, Math.abs(glucose - glucoseMgPerDl[minute - 1]));
      });
    }
    expect(lowest).toBeGreaterThan(20);
    expect(highest).toBeLessThan(600);
    expect(jump).toBeLessThan(8);
  });

  test('has a diary in order: one dinner, boluses in steps of 0.05 U, 15 to 20 g against a low and only then', () => {
    let rescues = 0;
    for (const { of } of nights) {
      const meals = of.diary.filter(({ kind }) => kind === 'meal');
      expect(meals.length).toBe(1);
      for (const { kind, amount, timeMs } of of.diary) {
        if (kind === 'bolus' || kind === 'correction')
          expect(Math.abs(amount * 20 - Math.round(amount * 20))).toBeLessThan(1e-9);
        if (kind !== 'rescue') continue;
        expect(amount).toBeGreaterThanOrEqual(15);
        expect(amount).toBeLessThanOrEqual(20);
        const minute = (timeMs - of.startMs) / 60_000;
        if (minute < 0) continue;
        rescues++;
        expect(of.glucoseMgPerDl[minute]).toBeLessThan(70);
      }
    }
    expect(rescues).toBeGreaterThan(20);
  });

  test('is lower with more insulin, and low for longer where nobody notices and nothing answers', () => {
    const usual = shareBelow((person) => person);
    expect(shareBelow((person) => changed(person, { misfitLog: person.habits.misfitLog + 0.3 }))).toBeGreaterThan(
      1.5 * usual,
    );
    expect(shareBelow((person) => changed(person, { noticing: 0, counter: 0 }))).toBeGreaterThan(1.2 * usual);
  });

  test('rises towards morning with dawn: about a fifth more insulin is needed then', () => {
    const dawns = people.map(({ habits }) => habits.dawn).filter((one) => one > 0);
    expect(dawns.length / people.length).toBeGreaterThan(0.75);
    expect(mean(dawns)).toBeGreaterThan(0.15);
    expect(mean(dawns)).toBeLessThan(0.3);
    const morning = (dawn: number) =>
      mean(people.map((person) => glucoseNight(changed(person, { dawn }), { seed, night: 1 }).glucoseMgPerDl[660]));
    expect(morning(0.3)).toBeGreaterThan(morning(0) + 10);
    const midnight = (dawn: number) =>
      glucoseNight(changed(people[0], { dawn }), { seed, night: 1 }).glucoseMgPerDl[240];
    expect(midnight(0.3)).toBe(midnight(0));
  });

  test('is lower after an afternoon of exercise', () => {
    const atTwo = (exerciseChance: number) =>
      mean(
        people.map(
          (person) => glucoseNight(changed(person, { exerciseChance }), { seed, night: 2 }).glucoseMgPerDl[360],
        ),
      );
    expect(PHYSIOLOGY.exerciseGain.median).toBeGreaterThan(0);
    expect(atTwo(1)).toBeLessThan(atTwo(0) - 5);
  });
});

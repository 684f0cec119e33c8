import { describe, expect, test } from 'vitest';
import { drawPerson, type Person } from '../../../src/simulate/night/person.ts';
import { s2008Basal, s2008Steady, s2008Step, s2008Work } from '../../../src/simulate/night/s2008.ts';
import { eatingMgPerMin } from '../../../src/simulate/night/treatment.ts';
import { reference, referenceNames, referencePatient, referenceTreatment } from './reference-model.ts';

const people = Array.from({ length: 200 }, (_, i) => drawPerson(1, i));

const sorted = (values: readonly number[]) => Float64Array.from(values).sort();
const quantile = (values: readonly number[], share: number) => sorted(values)[Math.round(share * (values.length - 1))];
const logSd = (values: readonly number[]) => {
  const logs = values.map(Math.log);
  const mean = logs.reduce((sum, one) => sum + one, 0) / logs.length;
  return Math.sqrt(logs.reduce((sum, one) => sum + (one - mean) ** 2, 0) / logs.length);
};

/** Glucose after so many minutes from steady state, with a meal and a bolus at minute 0. */
function glucoseAfter(
  { parameters, basalGlucoseMgPerDl }: Person,
  grams: number,
  units: number,
  minutes: number,
): number {
  const state = s2008Steady(parameters, basalGlucoseMgPerDl);
  const work = s2008Work();
  const basal = s2008Basal(parameters);
  let left = grams * 1000;
  for (let minute = 0; minute < minutes; minute++) {
    const carbsMgPerMin = Math.min(eatingMgPerMin, left);
    left -= carbsMgPerMin;
    const insulinPmolPerKgMin = basal + (minute === 0 ? (units * 6000) / parameters.weightKg : 0);
    const input = { carbsMgPerMin, mealMg: grams * 1000, insulinPmolPerKgMin, sensitivity: 1, besides: 0 };
    s2008Step(parameters, state, input, 1, work);
  }
  return state[3] / parameters.vg;
}

describe('a virtual person', () => {
  test('is the same whatever was drawn before, and another of another seed or number', () => {
    expect(drawPerson(1, 7)).toEqual(people[7]);
    expect(drawPerson(2, 7).parameters).not.toEqual(people[7].parameters);
    expect(people[8].parameters).not.toEqual(people[7].parameters);
  });

  test('stays at basal glucose for a day on the basal rate', () => {
    for (const person of people.slice(0, 20)) {
      expect(glucoseAfter(person, 0, 0, 1440)).toBeCloseTo(person.basalGlucoseMgPerDl, 6);
    }
  });

  test('needs 0.3 to 2.5 U/h, one unit for 4 to 30 g, and differs from the next', () => {
    const basal = people.map(({ treatment }) => treatment.basalUnitsPerHour);
    const ratio = people.map(({ treatment }) => treatment.carbRatio);
    expect(Math.min(...basal)).toBeGreaterThanOrEqual(0.3);
    expect(Math.max(...basal)).toBeLessThanOrEqual(2.5);
    expect(Math.min(...ratio)).toBeGreaterThanOrEqual(4);
    expect(Math.max(...ratio)).toBeLessThanOrEqual(30);
    expect(logSd(basal)).toBeGreaterThan(0.2);
    expect(logSd(ratio)).toBeGreaterThan(0.2);
  });

  test('is back at basal glucose four hours after 50 g with the bolus that the ratio asks for', () => {
    for (const person of people.slice(0, 20)) {
      const back = glucoseAfter(person, 50, 50 / person.treatment.carbRatio, 240);
      expect(Math.abs(back - person.basalGlucoseMgPerDl)).toBeLessThan(1);
      expect(glucoseAfter(person, 50, 0, 240)).toBeGreaterThan(person.basalGlucoseMgPerDl + 10);
    }
  });

  test('falls by 5 to 80 mg/dL at most from one unit without food', () => {
    const falls = people.map((person) => {
      const course = [60, 120, 180, 240, 300].map((minutes) => glucoseAfter(person, 0, 1, minutes));
      return person.basalGlucoseMgPerDl - Math.min(...course);
    });
    expect(Math.min(...falls)).toBeGreaterThan(5);
    expect(Math.max(...falls)).toBeLessThan(80);
  });
});

describe.skipIf(reference.skip)(`virtual people beside ten reference adults ${reference.reason}`, () => {
  const names = reference.skip ? [] : referenceNames('adult');

  test('the reference medians of basal rate, daily insulin and carbohydrate ratio lie between our tenth and ninetieth percent', () => {
    const references = names.map((name) => ({ ...referencePatient(name), ...referenceTreatment(name) }));
    const measures = [
      {
        theirs: references.map(({ basal, parameters }) => (basal * parameters.weightKg) / 100),
        ours: people.map(({ treatment }) => treatment.basalUnitsPerHour),
      },
      { theirs: references.map((one) => one.carbRatio), ours: people.map(({ treatment }) => treatment.carbRatio) },
      {
        theirs: references.map((one) => one.unitsPerDay),
        ours: people.map(({ treatment }) => 1700 / treatment.correctionFactor),
      },
    ];
    for (const { theirs, ours } of measures) {
      const median = quantile(theirs, 0.5);
      expect(median).toBeGreaterThan(quantile(ours, 0.1));
      expect(median).toBeLessThan(quantile(ours, 0.9));
    }
  });

  test('parameters of insulin action, volume and exchange spread .4 to 2 times as much as theirs', () => {
    const spread = (pick: (of: Person['parameters']) => number) => {
      const theirs = logSd(names.map((name) => pick(referencePatient(name).parameters)));
      return logSd(people.map(({ parameters }) => pick(parameters))) / theirs;
    };
    for (const key of ['weightKg', 'vg', 'k1', 'k2', 'kp3', 'vmx', 'ki', 'p2u', 'vi', 'm1', 'kmax', 'ka2'] as const) {
      const ratio = spread((parameters) => parameters[key]);
      expect({ key, ratio, fits: ratio > 0.4 && ratio < 2 }).toMatchObject({ fits: true });
    }
  });
});

/** The doses that fit a person, found from the person's own model. */
import { pmolPerUnit, type S2008, type S2008Input, s2008Basal, s2008Steady, s2008Step, s2008Work } from './s2008.ts';

export interface Treatment {
  readonly basalUnitsPerHour: number;
  /** Grams of carbohydrate that one unit covers: after 50 g with it glucose is back four hours later. */
  readonly carbRatio: number;
  /** How far one unit lowers glucose at most, mg/dL. */
  readonly correctionFactor: number;
}

/** How fast people eat, mg a minute (as Kovatchev 2009's simulator: a meal takes 10 to 20 minutes). */
export const eatingMgPerMin = 5000;

const mealGrams = 50;
const backAfterMinutes = 240;

export function treatmentFor(parameters: S2008, basalGlucoseMgPerDl: number): Treatment {
  const after = (grams: number, units: number, minutes: number) =>
    course(parameters, basalGlucoseMgPerDl, { grams, units, minutes });
  const { lowest } = after(0, 1, 360);
  let few = 0;
  let many = mealGrams / 2;
  for (let halving = 0; halving < 12; halving++) {
    const units = (few + many) / 2;
    if (after(mealGrams, units, backAfterMinutes).last > basalGlucoseMgPerDl) few = units;
    else many = units;
  }
  return {
    basalUnitsPerHour: (s2008Basal(parameters) * parameters.weightKg * 60) / pmolPerUnit,
    carbRatio: mealGrams / many,
    correctionFactor: basalGlucoseMgPerDl - lowest,
  };
}

/** From steady state, a meal and a bolus at minute 0: the lowest glucose and the last. */
function course(
  parameters: S2008,
  glucose: number,
  { grams, units, minutes }: { grams: number; units: number; minutes: number },
): { lowest: number; last: number } {
  const state = s2008Steady(parameters, glucose);
  const basal = s2008Basal(parameters);
  const work = s2008Work();
  const input: S2008Input = {
    carbsMgPerMin: 0,
    mealMg: grams * 1000,
    insulinPmolPerKgMin: 0,
    sensitivity: 1,
    production: 0,
  };
  let left = grams * 1000;
  let lowest = glucose;
  for (let minute = 0; minute < minutes; minute++) {
    input.carbsMgPerMin = Math.min(eatingMgPerMin, left);
    left -= input.carbsMgPerMin;
    input.insulinPmolPerKgMin = basal + (minute === 0 ? (units * pmolPerUnit) / parameters.weightKg : 0);
    s2008Step(parameters, state, input, 1, work);
    lowest = Math.min(lowest, state[3] / parameters.vg);
  }
  return { lowest, last: state[3] / parameters.vg };
}

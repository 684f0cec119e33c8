/** The doses that fit a person, found from the person's own model. */
import { pmolPerUnit, type S2008, type S2008Input, s2008Basal, s2008Steady, s2008Step, s2008Work } from './s2008.ts';

export interface Treatment {
  readonly basalUnitsPerHour: number;
  /** Grams of carbohydrate that one unit covers: after 50 g with it glucose is back four hours later. */
  readonly carbRatio: number;
  /** mg/dL by which one unit is reckoned to lower glucose: 1700 over the units of a day, meals of 200 g included. */
  readonly correctionFactor: number;
}

/** How fast people eat, mg a minute (as Kovatchev 2009's simulator: a meal takes 10 to 20 minutes). */
export const eatingMgPerMin = 5000;

const mealGrams = 50;
const dayGrams = 200;
const backAfterMinutes = 240;

export function treatmentFor(parameters: S2008, basalGlucoseMgPerDl: number): Treatment {
  const basalUnitsPerHour = (s2008Basal(parameters) * parameters.weightKg * 60) / pmolPerUnit;
  let few = 0;
  let many = mealGrams / 2;
  for (let halving = 0; halving < 12; halving++) {
    const units = (few + many) / 2;
    if (afterMeal(parameters, basalGlucoseMgPerDl, units) > basalGlucoseMgPerDl) few = units;
    else many = units;
  }
  const carbRatio = mealGrams / many;
  return { basalUnitsPerHour, carbRatio, correctionFactor: 1700 / (24 * basalUnitsPerHour + dayGrams / carbRatio) };
}

/** Glucose four hours after a meal and its bolus, taken at steady state. */
function afterMeal(parameters: S2008, glucose: number, units: number): number {
  const state = s2008Steady(parameters, glucose);
  const basal = s2008Basal(parameters);
  const work = s2008Work();
  const input: S2008Input = {
    carbsMgPerMin: 0,
    mealMg: mealGrams * 1000,
    insulinPmolPerKgMin: 0,
    sensitivity: 1,
    besides: 0,
  };
  let left = mealGrams * 1000;
  for (let minute = 0; minute < backAfterMinutes; minute++) {
    input.carbsMgPerMin = Math.min(eatingMgPerMin, left);
    left -= input.carbsMgPerMin;
    input.insulinPmolPerKgMin = basal + (minute === 0 ? (units * pmolPerUnit) / parameters.weightKg : 0);
    s2008Step(parameters, state, input, 1, work);
  }
  return state[3] / parameters.vg;
}

/**
 * Blood glucose of one person over one night, minute by minute: the model of 2008 under the evening that the person had. It
 * begins at 16:00, unseen, and is told from 20:00 to 07:00.
 */
import { deriveSeed, type Random, random } from '../../array/random.ts';
import { type Evening, planEvening, planFromHour, sensitivityAt } from './evening.ts';
import { EVENING, PHYSIOLOGY } from './glucose-effects.ts';
import { between, type Person } from './person.ts';
import { pmolPerUnit, type S2008Input, s2008Basal, s2008Steady, s2008Step, s2008Work } from './s2008.ts';
import { eatingMgPerMin } from './treatment.ts';

export interface GlucoseNight {
  /** Unix milliseconds of minute 0, 20:00 of a local clock that is UTC. */
  readonly startMs: number;
  readonly stepMs: number;
  readonly glucoseMgPerDl: Float64Array; // [661], to 07:00 inclusive
  /** What was eaten and injected since 16:00 beyond the basal rate, in order. */
  readonly diary: readonly Deed[];
}

export interface Deed {
  readonly timeMs: number;
  readonly kind: 'meal' | 'snack' | 'bedtime' | 'rescue' | 'bolus' | 'correction' | 'exercise';
  /** Grams of carbohydrate or units of insulin; of exercise the share by which insulin acts more. */
  readonly amount: number;
}

export const glucoseStepMs = 60_000;
const firstNightMs = Date.UTC(2024, 0, 1, planFromHour);
const warmMinutes = 4 * 60;
const minutes = 15 * 60;

export function glucoseNight(person: Person, { seed, night }: { seed: number; night: number }): GlucoseNight {
  const own = deriveSeed(seed, 'glucose', person.index, night);
  const evening = planEvening(person, random(deriveSeed(own, 'evening')));
  const planMs = firstNightMs + night * 86_400_000;
  const diary: Deed[] = [];
  const note = (minute: number, kind: Deed['kind'], amount: number) =>
    diary.push({ timeMs: planMs + minute * glucoseStepMs, kind, amount });
  const glucoseMgPerDl = follow(person, evening, random(deriveSeed(own, 'course')), note);
  return { startMs: planMs + warmMinutes * glucoseStepMs, stepMs: glucoseStepMs, glucoseMgPerDl, diary };
}

function follow(
  person: Person,
  evening: Evening,
  draw: Random,
  note: (minute: number, kind: Deed['kind'], amount: number) => void,
): Float64Array {
  const { parameters, treatment, habits } = person;
  const state = startState(person, evening);
  const work = s2008Work();
  const basal = s2008Basal(parameters) * evening.insulinFactor * Math.exp(EVENING.basalLogMean);
  const input: S2008Input = {
    carbsMgPerMin: 0,
    mealMg: 0,
    insulinPmolPerKgMin: 0,
    sensitivity: 1,
    besides: 0,
  };
  const told = new Float64Array(minutes - warmMinutes + 1); // [minutes]
  const carry = Math.exp(-1 / PHYSIOLOGY.restlessMinutes);
  const shock = PHYSIOLOGY.restlessProduction * Math.sqrt(1 - carry * carry);
  let restless = PHYSIOLOGY.restlessProduction * draw.normal();
  let toEat = 0; // mg
  let units = 0; // of this minute
  let active = 0; // units that still act, by the person's reckoning
  let quietUntil = 0; // no second rescue before

  const eat = (minute: number, kind: Deed['kind'], grams: number) => {
    if (grams <= 0) return;
    if (toEat === 0) input.mealMg = state[0] + state[1];
    toEat += grams * 1000;
    note(minute, kind, grams);
  };
  const inject = (minute: number, kind: Deed['kind'], amount: number) => {
    const rounded = Math.round(amount * 20) / 20; // pumps give steps of 0.05 U
    if (rounded <= 0) return;
    units += rounded * evening.insulinFactor * Math.exp(EVENING.bolusLogMean);
    active += rounded;
    note(minute, kind, rounded);
  };
  if (evening.exerciseMinute >= 0) note(evening.exerciseMinute, 'exercise', evening.exerciseGain);

  for (let minute = 0; minute <= minutes; minute++) {
    const glucose = state[3] / parameters.vg;
    if (minute >= warmMinutes) told[minute - warmMinutes] = glucose;
    const excess = (glucose - EVENING.targetMgPerDl) / treatment.correctionFactor;
    for (const meal of [evening.dinner, evening.snack]) {
      if (minute === meal.minute) eat(minute, meal === evening.dinner ? 'meal' : 'snack', meal.grams);
      if (minute === meal.bolusMinute) {
        const correction = excess > 0 ? Math.max(0, excess - active) : excess;
        inject(minute, 'bolus', meal.countedGrams / treatment.carbRatio + correction);
      }
    }
    if (minute === evening.bedMinute) {
      if (evening.corrects && glucose > EVENING.correctAboveMgPerDl) {
        inject(minute, 'correction', evening.stacks ? excess : excess - active);
      }
      if (glucose < EVENING.eatBelowMgPerDl) eat(minute, 'bedtime', evening.bedGrams);
    }
    const chance = draw.uniform();
    if (minute >= quietUntil && chance < noticed(glucose, minute < evening.bedMinute, habits.noticing)) {
      eat(minute, 'rescue', between(draw, PHYSIOLOGY.rescueGrams));
      quietUntil = minute + 15; // the rule of 15: again after 15 min
    }

    input.carbsMgPerMin = Math.min(eatingMgPerMin, toEat);
    toEat -= input.carbsMgPerMin;
    input.mealMg += input.carbsMgPerMin;
    input.insulinPmolPerKgMin = basal + (units * pmolPerUnit) / parameters.weightKg;
    input.sensitivity = sensitivityAt(evening, habits.dawn, minute);
    const low = PHYSIOLOGY.counterBelowMgPerDl - glucose;
    input.besides = restless + (low > 0 ? habits.counter * low : 0);
    s2008Step(parameters, state, input, 1, work);
    restless = carry * restless + shock * draw.normal();
    units = 0;
    active *= activeCarry;
  }
  return told;
}

/** Of insulin injected the share that still acts falls to half in 90 min, as pumps reckon with some four hours of action. */
const activeCarry = 0.5 ** (1 / 90);

/** Steady on basal insulin, but for glucose. */
function startState({ parameters, basalGlucoseMgPerDl }: Person, { startMgPerDl }: Evening): Float64Array {
  const state = s2008Steady(parameters, basalGlucoseMgPerDl);
  const factor = startMgPerDl / basalGlucoseMgPerDl;
  for (const at of [3, 4, 12]) state[at] *= factor;
  return state;
}

/** Chance in one minute that a low is noticed and eaten against. */
function noticed(glucose: number, awake: boolean, noticing: number): number {
  if (glucose >= 70) return 0;
  if (awake) return PHYSIOLOGY.noticedAwake;
  return noticing * (glucose < 54 ? PHYSIOLOGY.noticedAsleepDeep : PHYSIOLOGY.noticedAsleep);
}

/**
 * Blood glucose of one person over one night, minute by minute: the model of 2008 under the evening that the person had. It
 * begins at 16:00, unseen, and is told from 20:00 to 07:00.
 */
import { deriveSeed, type Random, random } from '../../array/random.ts';
import { type Evening, planEvening, planFromHour, sensitivityAt } from './evening.ts';
import { EVENING, PHYSIOLOGY } from './glucose-effects.ts';
import { between, logNormal, type Person } from './person.ts';
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

const glucoseStepMs = 60_000;
const firstNightMs = Date.UTC(2024, 0, 1, planFromHour);
const warmMinutes = 4 * 60;
const minutes = 15 * 60;

export function glucoseNight(person: Person, { seed, night }: { seed: number; night: number }): GlucoseNight {
  const own = deriveSeed(seed, 'glucose', person.index, night);
  const evening = planEvening(person, random(deriveSeed(own, 'evening')));
  const planMs = firstNightMs + night * 86_400_000;
  const diary: Deed[] = [];
  const note: Note = (minute, kind, amount) => {
    diary.push({ timeMs: planMs + minute * glucoseStepMs, kind, amount });
  };
  const glucoseMgPerDl = follow(person, evening, random(deriveSeed(own, 'course')), note);
  return { startMs: planMs + warmMinutes * glucoseStepMs, stepMs: glucoseStepMs, glucoseMgPerDl, diary };
}

/** The body on its way through the night, and what it is about to be given. */
interface Course {
  readonly person: Person;
  readonly evening: Evening;
  readonly note: Note;
  readonly state: Float64Array;
  readonly input: S2008Input;
  glucose: number;
  /** Still on the plate, mg. */
  toEat: number;
  /** Injected this minute. */
  units: number;
  /** Units that still act, as the person reckons. */
  active: number;
  /** No second rescue before this minute. */
  rescuedUntil: number;
}

type Note = (minute: number, kind: Deed['kind'], amount: number) => void;

function follow(person: Person, evening: Evening, draw: Random, note: Note): Float64Array {
  const { parameters, habits } = person;
  const state = startState(person, evening);
  const input: S2008Input = { carbsMgPerMin: 0, mealMg: 0, insulinPmolPerKgMin: 0, sensitivity: 1, besides: 0 };
  const course: Course = {
    person,
    evening,
    note,
    state,
    input,
    glucose: 0,
    toEat: 0,
    units: 0,
    active: 0,
    rescuedUntil: 0,
  };
  const work = s2008Work();
  const basal = s2008Basal(parameters) * evening.insulinFactor * Math.exp(EVENING.basalLogMean);
  const told = new Float64Array(minutes - warmMinutes + 1); // [minutes]
  const carry = Math.exp(-1 / PHYSIOLOGY.restlessMinutes);
  const restlessness = logNormal(draw, PHYSIOLOGY.restless);
  const shock = restlessness * Math.sqrt(1 - carry * carry);
  let restless = restlessness * draw.normal();
  if (evening.exerciseMinute >= 0) note(evening.exerciseMinute, 'exercise', evening.exerciseGain);

  for (let minute = 0; minute <= minutes; minute++) {
    const glucose = state[3] / parameters.vg;
    course.glucose = glucose;
    if (minute >= warmMinutes) told[minute - warmMinutes] = glucose;
    act(course, minute, draw);
    input.carbsMgPerMin = Math.min(eatingMgPerMin, course.toEat);
    course.toEat -= input.carbsMgPerMin;
    input.mealMg += input.carbsMgPerMin;
    input.insulinPmolPerKgMin = basal + (course.units * pmolPerUnit) / parameters.weightKg;
    input.sensitivity = sensitivityAt(evening, habits.dawn, minute);
    const low = Math.max(0, PHYSIOLOGY.counterBelowMgPerDl - glucose);
    input.besides = restless * room(glucose, restless) + habits.counter * low;
    s2008Step(parameters, state, input, 1, work);
    restless = carry * restless + shock * draw.normal();
    course.units = 0;
    course.active *= activeCarry;
  }
  return told;
}

/** What the person does in this minute: eats, injects, goes to bed, notices a low. One number is drawn, whatever happens. */
function act(course: Course, minute: number, draw: Random): void {
  const { person, evening, glucose } = course;
  const excess = (glucose - EVENING.targetMgPerDl) / person.treatment.correctionFactor;
  for (const meal of [evening.dinner, evening.snack]) {
    if (minute === meal.minute) eat(course, minute, meal === evening.dinner ? 'meal' : 'snack', meal.grams);
    if (minute === meal.bolusMinute) {
      const correction = excess > 0 ? Math.max(0, excess - course.active) : excess;
      inject(course, minute, 'bolus', meal.countedGrams / person.treatment.carbRatio + correction);
    }
  }
  if (minute === evening.bedMinute) {
    if (evening.corrects && glucose > EVENING.correctAboveMgPerDl) {
      inject(course, minute, 'correction', evening.stacks ? excess : excess - course.active);
    }
    if (glucose < EVENING.eatBelowMgPerDl) eat(course, minute, 'bedtime', evening.bedGrams);
  }
  const chance = draw.uniform();
  if (minute < course.rescuedUntil) return;
  if (chance >= noticed(glucose, minute < evening.bedMinute, person.habits.noticing)) return;
  eat(course, minute, 'rescue', between(draw, PHYSIOLOGY.rescueGrams));
  course.rescuedUntil = minute + 15; // the rule of 15: again after 15 min
}

function eat(course: Course, minute: number, kind: Deed['kind'], grams: number): void {
  if (grams <= 0) return;
  if (course.toEat === 0) course.input.mealMg = course.state[0] + course.state[1];
  course.toEat += grams * 1000;
  course.note(minute, kind, grams);
}

/** In steps of 0.05 U, as pumps give it. */
function inject(course: Course, minute: number, kind: Deed['kind'], amount: number): void {
  const units = Math.round(amount * 20) / 20;
  if (units <= 0) return;
  course.units += units * course.evening.insulinFactor;
  course.active += units;
  course.note(minute, kind, units);
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

/**
 * How much of a disturbance is felt: all in between; of one downwards less below 80 mg/dL and nothing at 20, where little is
 * left to leave; of one upwards less above 200 and nothing at 400 (assumed).
 */
function room(glucose: number, disturbance: number): number {
  const share = disturbance < 0 ? (glucose - 20) / 60 : (400 - glucose) / 200;
  return Math.min(1, Math.max(0, share));
}

/** Chance in one minute that a low is noticed and eaten against. */
function noticed(glucose: number, awake: boolean, noticing: number): number {
  if (glucose >= 70) return 0;
  if (awake) return PHYSIOLOGY.noticedAwake;
  return noticing * (glucose < 54 ? PHYSIOLOGY.noticedAsleepDeep : PHYSIOLOGY.noticedAsleep);
}

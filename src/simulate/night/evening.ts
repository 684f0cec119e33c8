/** What a person does from the afternoon to the morning that moves glucose: drawn beforehand, as a plan that the night follows. */
import type { Random } from '../../array/random.ts';
import { EVENING, PHYSIOLOGY } from './glucose-effects.ts';
import { between, logNormal, type Person } from './person.ts';

/** Minutes count from 16:00; -1: does not happen. */
export interface Evening {
  readonly startMgPerDl: number;
  /** Factor on insulin given, and on what insulin does. */
  readonly insulinFactor: number;
  readonly sensitivity: number;
  readonly dinner: Eaten;
  readonly snack: Eaten;
  readonly bedMinute: number;
  /** Whether a high glucose at bedtime is corrected, and whether insulin that still acts is forgotten in that. */
  readonly corrects: boolean;
  readonly stacks: boolean;
  /** Eaten at bedtime where glucose is low then; 0: nothing. */
  readonly bedGrams: number;
  readonly exerciseMinute: number;
  /** Share by which insulin acts more strongly right after exercise. */
  readonly exerciseGain: number;
}

export interface Eaten {
  readonly minute: number;
  /** 0: meant to be eaten, but not. */
  readonly grams: number;
  readonly bolusMinute: number;
  /** As counted for the bolus. */
  readonly countedGrams: number;
}

export const planFromHour = 16;
const minuteOf = (hour: number) => Math.round((hour - planFromHour) * 60);

/** Draws as many numbers whatever happens, so that nights of two settings share what they can. */
export function planEvening({ habits }: Person, draw: Random): Evening {
  const startMgPerDl = Math.min(320, Math.max(80, logNormal(draw, EVENING.afternoon)));
  const insulinFactor = Math.exp(habits.misfitLog + EVENING.misfitLogNight * draw.normal());
  const sensitivity = Math.exp(EVENING.sensitivityLogNight * draw.normal());
  const dinner = drawDinner(draw);
  const snack = drawSnack(draw, habits.snackChance);
  const bedMinute = minuteOf(between(draw, EVENING.bedHours));
  const corrects = draw.uniform() < habits.correctionChance;
  const stacks = draw.uniform() < EVENING.stackingShare;
  const eats = draw.uniform() < EVENING.eatChance;
  const bedGrams = between(draw, EVENING.eatGrams);
  const exercises = draw.uniform() < habits.exerciseChance;
  const exerciseMinute = minuteOf(between(draw, PHYSIOLOGY.exerciseHours));
  const exerciseGain = logNormal(draw, PHYSIOLOGY.exerciseGain);
  return {
    startMgPerDl,
    insulinFactor,
    sensitivity,
    dinner,
    snack,
    bedMinute,
    corrects,
    stacks,
    bedGrams: eats ? bedGrams : 0,
    exerciseMinute: exercises ? exerciseMinute : -1,
    exerciseGain: exercises ? exerciseGain : 0,
  };
}

function drawDinner(draw: Random): Eaten {
  const minute = minuteOf(between(draw, EVENING.dinnerHours));
  const grams = logNormal(draw, EVENING.dinnerGrams);
  const bolusMinute = minute + Math.round(between(draw, EVENING.bolusMinutes));
  const countedGrams = grams * countError(draw);
  const missed = draw.uniform() < EVENING.missedBolus;
  return { minute, grams, bolusMinute: missed ? -1 : bolusMinute, countedGrams };
}

function drawSnack(draw: Random, chance: number): Eaten {
  const happens = draw.uniform() < chance;
  const minute = minuteOf(between(draw, EVENING.snackHours));
  const grams = logNormal(draw, EVENING.snackGrams);
  const countedGrams = grams * countError(draw);
  const paid = draw.uniform() < EVENING.snackBolus;
  const missed = draw.uniform() < EVENING.missedSnack;
  if (missed) return { minute, grams: 0, bolusMinute: minute, countedGrams };
  return { minute: happens ? minute : -1, grams, bolusMinute: happens && paid ? minute : -1, countedGrams };
}

function countError(draw: Random): number {
  return Math.exp(EVENING.countLogMean + EVENING.countLogSd * draw.normal());
}

/** Factor on what insulin does at a minute: of the night, after exercise, and less towards dawn. */
export function sensitivityAt(evening: Evening, dawn: number, minute: number): number {
  return (evening.sensitivity * (1 + exercised(evening, minute))) / (1 + dawn * dawnCourse(minute));
}

function exercised({ exerciseMinute, exerciseGain }: Evening, minute: number): number {
  if (exerciseMinute < 0 || minute < exerciseMinute) return 0;
  const hours = (minute - exerciseMinute) / 60;
  const again = (hours - PHYSIOLOGY.exerciseAgainHours) / PHYSIOLOGY.exerciseAgainSdHours;
  return exerciseGain * (Math.exp(-hours / PHYSIOLOGY.exerciseFadeHours) + Math.exp(-0.5 * again * again));
}

/** From 0 at its start to 1 at its height, smoothly. */
function dawnCourse(minute: number): number {
  const [from, to] = PHYSIOLOGY.dawnHours;
  const share = Math.min(1, Math.max(0, (minute / 60 + planFromHour - from) / (to - from)));
  return share * share * (3 - 2 * share);
}

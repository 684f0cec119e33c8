import { describe, expect, test } from 'vitest';
import { random } from '../../../src/array/random.ts';
import { peopleDraws } from '../../../src/evaluate/alerts/people-draws.ts';
import { reliabilityCurve } from '../../../src/evaluate/alerts/reliability.ts';
import { sumOver } from '../../../src/evaluate/alerts/score-bins.ts';
import { chosenSums, scoreFigures, scoreSums } from '../../../src/evaluate/alerts/score-figures.ts';
import { type Moments, momentsOf } from '../../../src/evaluate/alerts/score-moments.ts';
import { auprc } from '../../../src/score/auprc.ts';
import { auroc } from '../../../src/score/auroc.ts';
import { calibrationCurve } from '../../../src/score/calibration.ts';
import { calibrationSlope } from '../../../src/score/calibration-slope.ts';
import { expectedCalibrationError } from '../../../src/score/expected-calibration-error.ts';
import { madeNight, madeTrace } from './made-night.ts';

/** Rare events, log-odds that are too extreme, people who differ. */
function someMoments(n: number, people: number, seed: number, round = (z: number) => z): Moments {
  const { normal, uniform, integer } = random(seed);
  const person = Int32Array.from({ length: n }, () => integer(people));
  const level = Float64Array.from({ length: people }, () => 0.5 * normal());
  const score = Float64Array.from(person, (p) => round(-3.5 + level[p] + 1.5 * normal()));
  const event = Uint8Array.from(score, (z) => (uniform() < 1 / (1 + Math.exp(0.3 - 0.8 * z)) ? 1 : 0));
  return { score, event, person, unscored: new Int32Array(people) };
}

const probabilities = ({ score }: Moments) => score.map((z) => 1 / (1 + Math.exp(-z)));

function ownOf({ score, event, person }: Moments, p: number) {
  const own = (_: number, i: number) => person[i] === p;
  return [score.filter(own), event.filter(own)] as const;
}

describe('figures of the score', () => {
  const draws = (people: number) => peopleDraws(people, 1, 50);

  test('equal those of src/score where scores have few distinct values', () => {
    const moments = someMoments(3000, 7, 1, (z) => Math.round(8 * z) / 8);
    const sums = scoreSums(moments, 7);
    const found = scoreFigures(sums, draws(7));
    const told = probabilities(moments);
    expect(found.auroc.value).toBeCloseTo(auroc(moments.score, moments.event) as number, 12);
    expect(found.auprc.value).toBeCloseTo(auprc(moments.score, moments.event) as number, 12);
    const slope = calibrationSlope(told, moments.event);
    expect(found.calibrationSlope.value).toBeCloseTo(slope.slope?.estimate as number, 8);
    expect(found.calibrationIntercept.value).toBeCloseTo(slope.intercept?.estimate as number, 8);
    const error = expectedCalibrationError(told, moments.event, { by: 'equal-width' });
    expect(found.calibrationError.value).toBeCloseTo(error as number, 12);
    const squared = told.reduce((sum, p, i) => sum + (p - moments.event[i]) ** 2, 0);
    expect(found.brier.value).toBeCloseTo(squared / told.length, 12);
    const curve = reliabilityCurve(sumOver(sums.reliability, 31, 7));
    const expected = calibrationCurve(told, moments.event);
    expect(curve.map(({ n }) => n)).toEqual(expected.map(({ n }) => n));
    for (const [i, { observed, meanPredicted }] of curve.entries()) {
      expect(observed).toBeCloseTo(expected[i].observed, 12);
      expect(meanPredicted).toBeCloseTo(expected[i].meanPredicted, 12);
    }
    const own = [0, 1, 2, 3, 4, 5, 6].map((p) => auroc(...ownOf(moments, p)) as number);
    expect(found.aurocByPerson.value).toBeCloseTo(own.reduce((a, b) => a + b) / 7, 12);
  });

  test('are within 1e-3 of them on many thousand scores, all different', () => {
    const moments = someMoments(200_000, 20, 2);
    const found = scoreFigures(scoreSums(moments, 20), draws(20));
    const { score, event } = moments;
    expect(Math.abs((found.auroc.value as number) - (auroc(score, event) as number))).toBeLessThan(1e-4);
    expect(Math.abs((found.auprc.value as number) - (auprc(score, event) as number))).toBeLessThan(1e-3);
    const { slope, intercept } = calibrationSlope(probabilities(moments), event);
    expect(Math.abs((found.calibrationSlope.value as number) - (slope?.estimate as number))).toBeLessThan(1e-3);
    expect(Math.abs((found.calibrationIntercept.value as number) - (intercept?.estimate as number))).toBeLessThan(1e-3);
    const own = Array.from({ length: 20 }, (_, p) => auprc(...ownOf(moments, p)) as number);
    const mean = own.reduce((a, b) => a + b) / 20;
    expect(Math.abs((found.auprcByPerson.value as number) - mean)).toBeLessThan(2e-3);
  });

  test('of each draw are those of the people drawn, within 1e-3', () => {
    const moments = someMoments(20_000, 10, 3);
    const drawn = draws(10);
    const found = scoreFigures(scoreSums(moments, 10), drawn);
    for (const b of [0, 7, 31]) {
      const times = drawn.times.subarray(b * 10, (b + 1) * 10);
      const score: number[] = [];
      const event: number[] = [];
      moments.score.forEach((z, i) => {
        for (let t = 0; t < times[moments.person[i]]; t++) {
          score.push(z);
          event.push(moments.event[i]);
        }
      });
      expect(Math.abs(found.auroc.replicates[b] - (auroc(score, event) as number))).toBeLessThan(1e-3);
      expect(Math.abs(found.auprc.replicates[b] - (auprc(score, event) as number))).toBeLessThan(3e-3);
      const told = score.map((z) => 1 / (1 + Math.exp(-z)));
      const { slope, intercept } = calibrationSlope(told, event);
      expect(Math.abs(found.calibrationSlope.replicates[b] - (slope?.estimate as number))).toBeLessThan(2e-3);
      expect(Math.abs(found.calibrationIntercept.replicates[b] - (intercept?.estimate as number))).toBeLessThan(2e-3);
      expect(found.calibrationError.replicates[b]).toBeCloseTo(
        expectedCalibrationError(told, event, { by: 'equal-width' }) as number,
        10,
      );
    }
  });

  test('of some people are those of their own moments', () => {
    const moments = someMoments(2000, 6, 4, (z) => Math.round(8 * z) / 8);
    const chosen = Int32Array.of(1, 4);
    const found = scoreFigures(chosenSums(scoreSums(moments, 6), chosen), draws(2));
    const mine = moments.person.map((p) => (p === 1 || p === 4 ? 1 : 0));
    const score = moments.score.filter((_, i) => mine[i] === 1);
    const event = moments.event.filter((_, i) => mine[i] === 1);
    expect(found.auroc.value).toBeCloseTo(auroc(score, event) as number, 12);
    expect(found.auroc.of).toBe(score.length);
  });

  test('have no slope where scores separate events from others or are all the same', () => {
    const of = (score: readonly number[]): Moments => ({
      score: Float64Array.from(score),
      event: Uint8Array.of(0, 0, 1, 1),
      person: Int32Array.of(0, 0, 1, 1),
      unscored: new Int32Array(2),
    });
    for (const score of [
      [-2, -1, 1, 2],
      [0, 0, 0, 0],
    ]) {
      const { calibrationSlope: slope, calibrationIntercept } = scoreFigures(scoreSums(of(score), 2), draws(2));
      expect(slope.value).toBeNaN();
      expect(slope.why).toBe('no finite slope: scores separate events from others, or are all the same');
      expect(calibrationIntercept.value).toBeCloseTo(0, 8);
    }
  });
});

describe('moments of a night', () => {
  test('lie in the stretch, so many seconds apart; the last word stands, and moments before the first are counted', () => {
    const none = Number.NaN;
    const trace = { ...madeTrace([none, none, 3, none, 5, none, 7, 8], [0, 0, 0, 1, 1, 2, 1, 0]) };
    const night = madeNight([], [], { trace: { ...trace, startMs: trace.startMs - 60_000 } });
    const found = momentsOf([night], Int32Array.of(0), 1, 60);
    expect([...found.unscored]).toEqual([1]);
    expect([...found.score]).toEqual([3, 3, 5, 7, 8]);
    expect([...found.event]).toEqual([0, 1, 1, 1, 0]);
    expect([...momentsOf([night], Int32Array.of(0), 1, 120).score]).toEqual([3, 8]);
  });

  test('hold log-odds beyond those that a probability can tell', () => {
    const trace = madeTrace([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 100], [1, 0, 1]);
    const { score } = momentsOf([madeNight([], [], { trace })], Int32Array.of(0), 1, 60);
    for (const z of score) expect(Math.abs(z)).toBeCloseTo(36.04, 1);
  });
});

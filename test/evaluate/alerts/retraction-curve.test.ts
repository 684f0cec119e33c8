import { describe, expect, test } from 'vitest';
import { judgeNights } from '../../../src/evaluate/alerts/judge.ts';
import { latencySummary } from '../../../src/evaluate/alerts/latency.ts';
import { type Change, madeNight, madeTrace } from './made-night.ts';

describe('the retraction curve', () => {
  /** A night with one alert at minute 10; the reading at minute 14 has the score. */
  const night = (i: number, score: number, event: boolean) => {
    const words = Array.from({ length: 60 }, (_, k) => (k < 14 ? -9 : score));
    const fresh = words.map((_, k) => (k === 9 || k === 10 || k === 14 ? 1 : 0));
    // At minute 12 a reading comes with no word: it judges nobody.
    fresh[12] = 1;
    words[12] = Number.NaN;
    return madeNight(event ? [[20, 50]] : [], [[0, 'provisional', 10]], {
      id: `${i}`,
      subject: `${i % 4}`,
      trace: madeTrace(
        words,
        words.map(() => 0),
        fresh,
      ),
    });
  };

  test('asks for the score at the first fresh word after the alert was raised', () => {
    const falseOnes = [-3, -2, -1, 0, 1].map((score, i) => night(i, score, false));
    const rightOnes = [-1.5, 0.5, 2, 3].map((score, i) => night(10 + i, score, true));
    const { retraction } = judgeNights([...falseOnes, ...rightOnes]);
    expect(retraction).toMatchObject({ falseAlerts: 5, rightAlerts: 4, leftOut: 0, atMost: 0.05 });
    const points = retraction.curve.map((point) => [point.retract, point.falseTakenBack, point.rightTakenBack]);
    expect(points.slice(0, 9)).toEqual([
      [-3, 0, 0],
      [-2, 1 / 5, 0],
      [-1.5, 2 / 5, 0],
      [-1, 2 / 5, 1 / 4],
      [0, 3 / 5, 1 / 4],
      [0.5, 4 / 5, 1 / 4],
      [1, 4 / 5, 2 / 4],
      [2, 1, 2 / 4],
      [3, 1, 3 / 4],
    ]);
    expect(points[9].slice(1)).toEqual([1, 1]);
    expect(points).toHaveLength(10);
    // At most 5 % of four is none of them.
    expect(retraction.retract).toBe(-1.5);
    expect(retraction.falseTakenBack).toMatchObject({ value: 2 / 5, of: 5 });
  });

  test('rises with the threshold and never has more than 101 points', () => {
    const nights = Array.from({ length: 300 }, (_, i) => ({
      ...night(i, Math.sin(i) + (i % 3 === 0 ? 1 : 0), i % 3 === 0),
      subject: `person ${i % 8}`,
    }));
    const { curve, falseTakenBack } = judgeNights(nights).retraction;
    expect(curve).toHaveLength(101);
    for (let i = 1; i < curve.length; i++) {
      expect(curve[i].falseTakenBack).toBeGreaterThanOrEqual(curve[i - 1].falseTakenBack as number);
      expect(curve[i].rightTakenBack).toBeGreaterThanOrEqual(curve[i - 1].rightTakenBack as number);
    }
    expect(falseTakenBack.low).toBeLessThan(falseTakenBack.value as number);
  });

  test('leaves out alerts that no reading followed, and right ones whose event was over by then', () => {
    const { trace } = night(0, 1, false);
    const over = madeNight([[5, 12]], [[0, 'provisional', 10]], { id: 'over', trace: trace as never });
    const unheard: Change[] = [[0, 'provisional', 14]];
    const silent = madeNight([], unheard, { id: 'silent', trace: trace as never });
    expect(judgeNights([over, silent]).retraction).toMatchObject({ falseAlerts: 0, rightAlerts: 0, leftOut: 2 });
  });
});

describe('latency', () => {
  test('is summed up as median, 99th percentile and maximum, and as nothing where there is none', () => {
    const hundred = Float64Array.from({ length: 101 }, (_, i) => 100 - i);
    expect(latencySummary(hundred)).toEqual({ decisions: 101, p50Ms: 50, p99Ms: 99, maxMs: 100 });
    expect(latencySummary([Number.NaN])).toEqual({ decisions: 0, p50Ms: null, p99Ms: null, maxMs: null });
  });
});

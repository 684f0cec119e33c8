import { describe, expect, test } from 'vitest';
import { random } from '../../src/array/random.ts';
import { auroc } from '../../src/score/auroc.ts';
import { expectedAuroc } from '../../src/simulate/expected-auroc.ts';

describe('the expected AUROC of log-odds', () => {
  test('is what the sum over all pairs says, ties counting half', () => {
    const draw = random(3);
    const logOdds = Float64Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 0.5 : 2 * draw.normal()));
    const p = logOdds.map((value) => 1 / (1 + Math.exp(-value)));
    let wins = 0;
    let pairs = 0;
    for (let i = 0; i < p.length; i++) {
      for (let j = 0; j < p.length; j++) {
        if (i === j) continue;
        pairs += p[i] * (1 - p[j]);
        wins += p[i] * (1 - p[j]) * (p[i] > p[j] ? 1 : p[i] === p[j] ? 0.5 : 0);
      }
    }
    expect(expectedAuroc(logOdds)).toBeCloseTo(wins / pairs, 12);
  });

  test('is the mean over classes drawn by the log-odds', () => {
    const draw = random(8);
    const logOdds = Float64Array.from({ length: 400 }, () => 1.5 * draw.normal());
    let sum = 0;
    for (let world = 0; world < 200; world++) {
      const labels = logOdds.map((value) => (draw.uniform() < 1 / (1 + Math.exp(-value)) ? 1 : 0));
      sum += auroc(logOdds, labels) as number;
    }
    expect(Math.abs(sum / 200 - expectedAuroc(logOdds))).toBeLessThan(0.006); // four standard errors of .021 / √200
  });

  test('is 1 where classes are certain, and a half where nothing is known', () => {
    expect(expectedAuroc([-700, 700, Infinity, -Infinity])).toBe(1);
    expect(expectedAuroc([0, 0, 0, 0])).toBe(0.5);
  });
});

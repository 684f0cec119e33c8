import { describe, expect, test } from 'vitest';
import { random } from '../../src/array/random.ts';
import { harrellC } from '../../src/score/concordance.ts';
import { curveAt, kaplanMeier } from '../../src/score/kaplan-meier.ts';
import { expectedConcordance, type FollowUpOptions, simulateFollowUp } from '../../src/simulate/follow-up.ts';

const normals = (many: number, sd: number, seed = 5) => {
  const draw = random(seed);
  return Float64Array.from({ length: many }, () => sd * draw.normal());
};
const flat = (many: number) => new Float64Array(many);

describe('a simulated follow-up', () => {
  test('follows from its seed', () => {
    const made = (seed: number) => simulateFollowUp({ logHazard: normals(50, 1), seed });
    expect(made(1)).toEqual(made(1));
    expect(made(1).timeDays).not.toEqual(made(2).timeDays);
  });

  test.each([0, 0.3, 0.7])('censors the share of subjects asked for: %d', (censored) => {
    const { event, timeDays } = simulateFollowUp({ logHazard: normals(20_000, 1), seed: 3, censored });
    const share = event.reduce((sum, seen) => sum + (1 - seen), 0) / event.length;
    expect(Math.abs(share - censored)).toBeLessThan(0.012); // 3.5 standard errors
    expect(timeDays.every((time) => time > 0 && time < Infinity)).toBe(true);
  });

  test.each([0.5, 1, 2])('has the median asked for, and the tail of a Weibull of shape %d', (shape) => {
    const target = simulateFollowUp({ logHazard: flat(20_000), seed: 4, shape, medianDays: 500, censored: 0.3 });
    const surviving = kaplanMeier(target);
    expect(Math.abs(curveAt(surviving, 500) - 0.5)).toBeLessThan(0.015);
    expect(Math.abs(curveAt(surviving, 250) - 0.5 ** (0.5 ** shape))).toBeLessThan(0.015);
  });

  test('has the concordance that its log hazards say, without censoring, whatever the shape', () => {
    const logHazard = normals(3000, 1.2);
    const noisy = logHazard.map((value, i) => value + Math.sin(i * 7919));
    for (const shape of [0.7, 1.5]) {
      const target = simulateFollowUp({ logHazard, seed: 7, shape, censored: 0 });
      for (const score of [logHazard, noisy]) {
        const told = harrellC(target, score) as number;
        expect(Math.abs(told - expectedConcordance(logHazard, score))).toBeLessThan(0.02);
      }
    }
    expect(expectedConcordance(logHazard)).toBeGreaterThan(expectedConcordance(logHazard, noisy) + 0.01);
    expect(expectedConcordance(logHazard, flat(3000))).toBeCloseTo(0.5, 12);
  });

  test('refuses what it does not know, and numbers out of range', () => {
    const refused = (options: object) => () =>
      simulateFollowUp({ logHazard: [0, 1], seed: 1, ...options } as FollowUpOptions);
    expect(refused({ censor: 0.5 })).toThrow(
      'simulateFollowUp: censor: unknown option, expected an option of simulateFollowUp, got censor',
    );
    expect(refused({ censored: 1 })).toThrow('simulateFollowUp: censored: out of range, expected a number from 0 to');
    expect(refused({ shape: 0 })).toThrow('simulateFollowUp: shape: out of range, expected a positive number, got 0');
    expect(refused({ medianDays: -1 })).toThrow('medianDays: out of range, expected a positive number, got -1');
    expect(refused({ logHazard: [0, NaN] })).toThrow('logHazard of subject 1: not finite');
  });
});

import { describe, expect, test } from 'vitest';
import { correctedResampledT } from '../../src/evaluate/corrected-resampled-t.ts';
import { smallestDetectable } from '../../src/evaluate/smallest-detectable.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

interface Case {
  readonly values: readonly number[];
  readonly trainSize: number;
  readonly testSize: number;
  readonly estimate: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  readonly p: number;
  readonly intervals: readonly { readonly level: number; readonly low: number; readonly high: number }[];
  readonly smallestDetectable: number;
}
const { cases } = fixture<{ cases: readonly Case[] }>('corrected-resampled-t');

describe('the corrected resampled t-test agrees with its formula over SciPy', () => {
  test.each(cases)('$degreesOfFreedom degrees of freedom', (c) => {
    for (const { level, low, high } of c.intervals) {
      const got = correctedResampledT(c.values, { trainSize: c.trainSize, testSize: c.testSize, level });
      if (!got) throw new Error('null');
      expect(got.degreesOfFreedom).toBe(c.degreesOfFreedom);
      expectClose(got.estimate, c.estimate, 1e-12, 'estimate', 1e-16);
      expectClose(got.standardError, c.standardError, 1e-12, 'standard error');
      expectClose(got.p as number, c.p, 1e-10, 'p');
      expectClose(got.low, low, 1e-10, 'low', 1e-13);
      expectClose(got.high, high, 1e-10, 'high', 1e-13);
    }
    expectClose(smallestDetectable(c.standardError, c.degreesOfFreedom), c.smallestDetectable, 1e-10, 'detectable');
  });
});

describe('the corrected resampled t-test', () => {
  const sizes = { trainSize: 80, testSize: 20 };
  test('is wider than the plain t-test by the share of test to training subjects', () => {
    const values = [0.1, 0.2, 0.15, 0.05, 0.12, 0.08, 0.11, 0.19, 0.02, 0.13];
    const corrected = correctedResampledT(values, sizes);
    const plain = correctedResampledT(values, { trainSize: 1, testSize: 1e-300 });
    if (!corrected || !plain) throw new Error('null');
    expectClose((corrected.standardError / plain.standardError) ** 2, 1 + 10 * 0.25, 1e-12, 'variance ratio');
  });
  test('needs two folds', () => {
    expect(correctedResampledT([0.1], sizes)).toBeNull();
    expect(correctedResampledT([], sizes)).toBeNull();
  });
  test('tells equal folds apart: all zero is p = 1, all another value has no test', () => {
    expect(correctedResampledT([0, 0, 0], sizes)).toMatchObject({ estimate: 0, low: 0, high: 0, p: 1 });
    const shifted = correctedResampledT([0.1, 0.1, 0.1], sizes);
    expect(shifted?.standardError).toBe(0);
    expect(shifted?.p).toBeNull();
  });
});

test('the smallest detectable difference under a normal is 2.80 standard errors at 80 % power and the 5 % level', () => {
  expectClose(smallestDetectable(1, Infinity), 1.959963984540054 + 0.8416212335729143, 1e-12, 'normal');
  expect(smallestDetectable(1, 4)).toBeGreaterThan(smallestDetectable(1, 24));
});

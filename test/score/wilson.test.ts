import { describe, expect, it } from 'vitest';
import { wilson } from '../../src/score/wilson.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

const { shares } = fixture<{
  readonly shares: readonly {
    readonly successes: number;
    readonly n: number;
    readonly level: number;
    readonly low: number;
    readonly high: number;
  }[];
}>('calibration');

describe('Wilson’s interval', () => {
  it.each(shares)('agrees with statsmodels: $successes of $n', ({ successes, n, level, low, high }) => {
    const share = wilson(successes, n, level);
    expect(share?.estimate).toBe(successes / n);
    expectClose(share?.low as number, low, 1e-12, 'low', 1e-15);
    expectClose(share?.high as number, high, 1e-12, 'high');
  });
  it('mirrors where failures are counted instead', () => {
    const one = wilson(4, 11);
    const other = wilson(7, 11);
    expectClose(1 - (other?.high as number), one?.low as number, 1e-12, 'low');
  });
  it('is undefined for no subjects', () => {
    expect(wilson(0, 0)).toBeUndefined();
  });
});

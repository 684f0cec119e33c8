import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zScoreMap } from '../../src/harmonize/z-score-map.ts';

describe('the z-score map between two scales', () => {
  it('takes 1200 at mean 1000, sd 200 to 50 at mean 40, sd 10, and back', () => {
    const { map, inverse } = zScoreMap({ mean: 1000, sd: 200 }, { mean: 40, sd: 10 });
    expect(map(1200)).toBe(50);
    expect(inverse(50)).toBe(1200);
  });

  it('is undone by its inverse, and keeps order', () => {
    const scale = fc.record({
      mean: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      sd: fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
    });
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(scale, scale, value, value, (from, to, a, b) => {
        const { map, inverse } = zScoreMap(from, to);
        expect(Math.abs(inverse(map(a)) - a)).toBeLessThan(
          1e-6 * (1 + Math.abs(a) + Math.abs(from.mean) + from.sd * (1 + Math.abs(to.mean) / to.sd)),
        );
        if (a < b) expect(map(a)).toBeLessThanOrEqual(map(b));
      }),
    );
  });

  it('refuses a standard deviation that is not positive, and a mean that is not finite', () => {
    expect(() => zScoreMap({ mean: 0, sd: 0 }, { mean: 0, sd: 1 })).toThrow(
      'zScoreMap: from.sd: unusable, expected a positive number, got 0',
    );
    expect(() => zScoreMap({ mean: 0, sd: 1 }, { mean: Number.NaN, sd: 1 })).toThrow(
      'zScoreMap: to.mean: unusable, expected a finite number, got NaN',
    );
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holm } from '../../src/array/holm.ts';

test('Holm multiplies the smallest p by their number, the next by one less, and never lets one fall below an earlier', () => {
  const adjusted = holm([0.01, 0.04, 0.03, 0.005]) as number[];
  [0.03, 0.06, 0.06, 0.02].forEach((expected, i) => expect(adjusted[i]).toBeCloseTo(expected, 14));
});

test('Holm lets nulls pass and does not count them', () => {
  expect(holm([null, 0.02, null, 0.9])).toEqual([null, 0.04, null, 0.9]);
  expect(holm([null])).toEqual([null]);
  expect(holm([])).toEqual([]);
});

test('Holm stays between the single p and Bonferroni’s, keeps the order, and does not exceed 1', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (p) => {
      const adjusted = holm(p) as number[];
      p.forEach((value, i) => {
        expect(adjusted[i]).toBeGreaterThanOrEqual(value);
        expect(adjusted[i]).toBeLessThanOrEqual(Math.min(1, value * p.length));
        p.forEach((other, j) => {
          if (value < other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]);
        });
      });
    }),
  );
});

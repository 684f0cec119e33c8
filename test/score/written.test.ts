import { expect, it } from 'vitest';
import { count, difference, duration, figure, interval, percent, pValue, share } from '../../src/score/written.ts';

it('a figure of at most 1 has three decimals and no leading zero', () => {
  expect([0.8349, 1, 0, 0.0004].map((value) => share(value))).toEqual(['.835', '1.000', '.000', '.000']);
});

it('log loss and Brier score, which may exceed 1, keep the leading zero', () => {
  expect(figure('logLoss', 0.4321)).toBe('0.432');
  expect(figure('brier', 1.2)).toBe('1.200');
  expect(figure('auroc', 0.4321)).toBe('.432');
});

it('a difference carries its sign, and what rounds to zero has none', () => {
  expect([0.012, -0.0204, 0.0001, -0.0001, 1.5].map((value) => difference(value))).toEqual([
    '+.012',
    '−.020',
    '.000',
    '.000',
    '+1.500',
  ]);
});

it('what is undefined is a dash, never NaN', () => {
  for (const value of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect([share(value), figure('auroc', value), difference(value), pValue(value), interval(value, 0.5)]).toEqual(
      Array(5).fill('–'),
    );
  }
});

it('an interval is written from low to high', () => {
  expect(interval(0.78, 0.89)).toBe('.780 to .890');
  expect(interval(-0.01, 0.02, difference)).toBe('−.010 to +.020');
});

it('p below a thousandth is said to be that', () => {
  expect([0.004, 0.00099, 1].map((p) => pValue(p))).toEqual(['.004', '< .001', '1.000']);
});

it('durations, counts and shares are written to be read', () => {
  expect([0.004, 0.25, 4.04, 31.4, 1234, 120_000].map(duration)).toEqual([
    '4 µs',
    '0.25 ms',
    '4.0 ms',
    '31 ms',
    '1.2 s',
    '2.0 min',
  ]);
  expect(count(20_531)).toBe('20,531');
  expect([0, 0.004, 0.5].map(percent)).toEqual(['0 %', '< 1 %', '50 %']);
});

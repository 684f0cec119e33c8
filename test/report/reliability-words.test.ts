import { expect, it } from 'vitest';
import type { Interval, Reliability } from '../../src/evaluate/comparison.ts';
import { read, reliabilityReading, slopeReading } from '../../src/report/reliability-words.ts';
import { ahead } from '../../src/report/sections/decision-curve.ts';
import { syntheticComparison } from './comparison.fixture.ts';

const between = (low: number, high: number): Interval => ({ low, estimate: (low + high) / 2, high });
const known = (slope: Interval | null, intercept: Interval | null = null): Reliability => ({
  slope,
  intercept,
  error: null,
});

it('a slope is read by what its interval leaves open: 1 is right, 0 says nothing', () => {
  expect(slopeReading(known(between(1.57, 3.89)))).toBe('too cautious');
  expect(slopeReading(known(between(0.2, 0.9)))).toBe('too extreme');
  expect(slopeReading(known(between(-0.4, 0.7)))).toBe('no relation seen');
  expect(slopeReading(known(between(-0.4, 1.7)))).toBe('cannot be told');
  expect(slopeReading(known(between(0.4, 1.6)))).toBe('not seen to be off');
  expect(slopeReading(known(null))).toBeUndefined();
});

it('an intercept is told only where its interval excludes 0', () => {
  expect(reliabilityReading(known(between(0.4, 1.6), between(0.1, 0.5)))).toBe('not seen to be off; told too low');
  expect(reliabilityReading(known(between(1.1, 1.6), between(-0.5, -0.1)))).toBe('too cautious; told too high');
  expect(reliabilityReading(known(between(0.4, 1.6), between(-0.1, 0.1)))).toBe('not seen to be off');
  expect(reliabilityReading(known(null))).toBeUndefined();
});

it('strategies of one reading are named with their slopes', () => {
  const [a, b, c] = syntheticComparison().strategies;
  const of = (slope: Interval) => ({ reliability: known(slope) });
  const all = [
    { ...a, ...of(between(2, 3)) },
    { ...b, ...of(between(0.5, 1.5)) },
    { ...c, ...of(between(1.5, 2)) },
  ];
  expect(read(all, 'too cautious')).toBe(`${a.name} (slope 2.50) and ${c.name} (slope 1.75)`);
  expect(read(all, 'too extreme')).toBeUndefined();
});

it('a model is ahead where it beats treating everyone and treating nobody', () => {
  const curve = [
    { threshold: 0.1, model: 0.3, all: 0.3 },
    { threshold: 0.2, model: 0.25, all: 0.2 },
    { threshold: 0.3, model: 0.2, all: 0.1 },
    { threshold: 0.4, model: -0.1, all: -0.2 },
    { threshold: 0.5, model: 0.01, all: -0.5 },
  ];
  expect(ahead(curve)).toEqual([
    [0.2, 0.3],
    [0.5, 0.5],
  ]);
  expect(ahead([])).toEqual([]);
});

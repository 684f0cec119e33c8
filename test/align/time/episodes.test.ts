import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { episodesOf } from '../../../src/align/time/episodes.ts';

const minute = 60_000;
const options = { threshold: 70, beyond: 'below', everySeconds: 300 } as const;
const at = (...minutes: number[]) => minutes.map((m) => m * minute);

describe('episodesOf', () => {
  it('tells one from its first reading below to the first one back', () => {
    const times = at(0, 5, 10, 15, 20, 25, 30, 35);
    expect(episodesOf(times, [80, 69, 60, 65, 70, 90, 90, 90], options)).toEqual([
      { onsetMs: 5 * minute, endMs: 20 * minute, extreme: 60 },
    ]);
  });

  it('does not count the threshold itself as below', () => {
    expect(episodesOf(at(0, 5, 10, 15), [70, 70, 70, 70], options)).toEqual([]);
  });

  it('leaves out what lasts less than 15 minutes, the last reading taken to hold until the next is due', () => {
    expect(episodesOf(at(0, 5, 10), [60, 60, 90], options)).toEqual([]);
    expect(episodesOf(at(0, 5, 10, 15), [60, 60, 60, 90], options)).toHaveLength(1);
  });

  it('takes two readings at least, even of a sensor that speaks every 15 minutes', () => {
    const rare = { ...options, everySeconds: 900 };
    expect(episodesOf(at(0, 15, 30), [60, 80, 80], rare)).toEqual([]);
    expect(episodesOf(at(0, 15, 30), [60, 60, 80], rare)).toHaveLength(1);
  });

  it('goes on through readings back of less than 15 minutes since the last one below', () => {
    const values = [60, 60, 75, 75, 60, 75, 75, 75, 60, 60, 60];
    const times = values.map((_, i) => i * 5 * minute);
    expect(episodesOf(times, values, options)).toEqual([
      { onsetMs: 0, endMs: 25 * minute, extreme: 60 },
      { onsetMs: 40 * minute, endMs: 55 * minute, extreme: 60 },
    ]);
  });

  it('breaks at a silence longer than three readings, and lets the last one hold until the next was due', () => {
    expect(episodesOf(at(0, 5, 10, 30, 35, 40), [60, 60, 60, 60, 60, 60], options)).toEqual([
      { onsetMs: 0, endMs: 15 * minute, extreme: 60 },
      { onsetMs: 30 * minute, endMs: 45 * minute, extreme: 60 },
    ]);
    const patient = { ...options, gapSeconds: 3600 };
    expect(episodesOf(at(0, 5, 10, 30, 35, 40), [60, 60, 60, 60, 60, 60], patient)).toHaveLength(1);
  });

  it('above a threshold is below it of the negative', () => {
    const readings = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 50, max: 90 })));
    fc.assert(
      fc.property(readings, (steps) => {
        let now = 0;
        const times = steps.map(([wait]) => {
          now += wait * minute;
          return now;
        });
        const below = steps.map(([, value]) => value);
        const above = below.map((value) => -value);
        const mirrored = episodesOf(times, above, { ...options, threshold: -70, beyond: 'above' });
        expect(mirrored.map((one) => ({ ...one, extreme: -one.extreme }))).toEqual(episodesOf(times, below, options));
      }),
    );
  });

  it('lie apart, each beginning and worst below the threshold and lasting long enough', () => {
    const values = fc.array(fc.integer({ min: 50, max: 90 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, (own) => {
        const times = own.map((_, i) => i * 5 * minute);
        let before = Number.NEGATIVE_INFINITY;
        for (const { onsetMs, endMs, extreme } of episodesOf(times, own, options)) {
          expect(onsetMs).toBeGreaterThan(before);
          expect(own[onsetMs / (5 * minute)]).toBeLessThan(70);
          expect(endMs - onsetMs).toBeGreaterThanOrEqual(15 * minute);
          expect(extreme).toBe(Math.min(...own.filter((_, i) => times[i] >= onsetMs && times[i] < endMs)));
          before = endMs;
        }
      }),
    );
  });

  it('refuses times that run backward, and values of another number', () => {
    expect(() => episodesOf([1, 0], [60, 60], options)).toThrow(
      'episodesOf: reading 1: time runs backward, expected ascending',
    );
    expect(() => episodesOf([1], [60, 60], options)).toThrow(
      'times and values differ in number, expected 1 values, got 2',
    );
  });
});

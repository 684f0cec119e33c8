import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { equalCountGroups } from '../../src/score/equal-count.ts';
import {
  calibrationGroups,
  expectedCalibrationError,
  topLabelCalibrationError,
} from '../../src/score/expected-calibration-error.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

const { binary, classes } = fixture<{
  readonly binary: readonly {
    readonly name: string;
    readonly probability: number[];
    readonly event: number[];
    readonly equalCount: number;
    readonly equalWidth: number;
  }[];
  readonly classes: readonly {
    readonly name: string;
    readonly classes: number;
    readonly probability: number[];
    readonly labels: number[];
    readonly topLabelEqualCount: number;
    readonly topLabelEqualWidth: number;
  }[];
}>('calibration');

describe('groups of equal count', () => {
  it('keep equal values together, in the lower group, and lose nobody', () => {
    const groups = equalCountGroups([3, 1, 2, 2, 2, 9], 3);
    expect(groups.map((group) => [...group])).toEqual([
      [1, 2, 3, 4],
      [0, 5],
    ]);
    expect(equalCountGroups([], 3)).toEqual([]);
    expect(equalCountGroups([1, 1, 1], 2).map((group) => group.length)).toEqual([3]);
    expect(equalCountGroups([5, 4], 10).map((group) => [...group])).toEqual([[1], [0]]);
  });
  it('are a partition in ascending order, whatever the values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), fc.integer({ min: 1, max: 12 }), (values, count) => {
        const groups = equalCountGroups(values, count);
        expect(groups.length).toBeLessThanOrEqual(count);
        expect(groups.flatMap((group) => [...group]).sort((a, b) => a - b)).toEqual([...values.keys()]);
        for (let g = 1; g < groups.length; g++) {
          const below = Math.max(...Array.from(groups[g - 1], (i) => values[i]));
          expect(Math.min(...Array.from(groups[g], (i) => values[i]))).toBeGreaterThan(below);
        }
      }),
    );
  });
  it('refuse a number of groups that is none', () => {
    expect(() => equalCountGroups([1, 2], 0)).toThrow('expected a whole number above 0, got 0');
  });
});

describe('the expected calibration error', () => {
  it.each(binary)('agrees with its definition over both kinds of bins: $name', (one) => {
    const { probability, event } = one;
    expectClose(expectedCalibrationError(probability, event) as number, one.equalCount, 1e-12, 'equal counts');
    const byWidth = expectedCalibrationError(probability, event, { by: 'equal-width' });
    expectClose(byWidth as number, one.equalWidth, 1e-12, 'equal widths');
  });
  it.each(classes)('of the confidence agrees with its definition: $name', (one) => {
    const probability = matrix(one.labels.length, one.classes, Float64Array.from(one.probability));
    const byCount = topLabelCalibrationError(probability, one.labels);
    expectClose(byCount as number, one.topLabelEqualCount, 1e-12, 'equal counts');
    const byWidth = topLabelCalibrationError(probability, one.labels, { by: 'equal-width' });
    expectClose(byWidth as number, one.topLabelEqualWidth, 1e-12, 'equal widths');
  });
  it('is 0 where every group happens as often as told, and 1 where all is told upside down', () => {
    expect(expectedCalibrationError([0.5, 0.5, 0, 1], [1, 0, 0, 1], { bins: 3 })).toBe(0);
    expect(expectedCalibrationError([0, 0, 1, 1], [1, 1, 0, 0])).toBe(1);
    expect(expectedCalibrationError([], [])).toBeUndefined();
  });
  it('does not depend on the order of subjects', () => {
    const { probability, event } = binary[0];
    const back = expectedCalibrationError([...probability].reverse(), [...event].reverse());
    expectClose(back as number, expectedCalibrationError(probability, event) as number, 1e-12, 'reversed');
  });
  it('shows its groups with their ends', () => {
    const [first, last] = calibrationGroups([0.9, 0.1, 0.2, 0.8], [1, 0, 0, 0], 2);
    expect(first).toMatchObject({ low: 0.1, high: 0.2, observed: 0, n: 2 });
    expect(last).toMatchObject({ low: 0.8, high: 0.9, observed: 0.5, n: 2 });
    expect(last.meanPredicted).toBeCloseTo(0.85, 12);
  });
});

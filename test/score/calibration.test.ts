import { describe, expect, test } from 'vitest';
import { calibrationCurve } from '../../src/score/calibration.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

interface Case {
  readonly name: string;
  readonly probability: readonly number[];
  readonly labels: readonly number[];
  readonly calibration?: {
    readonly bins: number;
    readonly observed: readonly number[];
    readonly meanPredicted: readonly number[];
  };
}
const cases = fixture<{ cases: readonly Case[] }>('metrics').cases.filter((c) => c.calibration);

describe('the calibration curve', () => {
  test.each(cases)('agrees with scikit-learn: $name', ({ probability, labels, calibration }) => {
    const event = probability.filter((_, i) => i % 2 === 1);
    const curve = calibrationCurve(event, labels, calibration?.bins);
    expect(curve.length).toBe(calibration?.observed.length);
    expect(curve.reduce((n, bin) => n + bin.n, 0)).toBe(labels.length);
    curve.forEach((bin, i) => {
      expectClose(bin.observed, calibration?.observed[i] as number, 1e-12, 'observed');
      expectClose(bin.meanPredicted, calibration?.meanPredicted[i] as number, 1e-12, 'predicted');
    });
  });
  test('puts an edge into the lower bin and 0 into the first', () => {
    const curve = calibrationCurve([0, 0.1, 0.1000001, 1], [0, 0, 1, 1]);
    expect(curve.map((bin) => [bin.low, bin.n])).toEqual([
      [0, 2],
      [0.1, 1],
      [0.9, 1],
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { survivalCalibration } from '../../src/score/survival-calibration.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

const { survival: cases } = fixture<{
  readonly survival: readonly {
    readonly name: string;
    readonly timeDays: number[];
    readonly event: number[];
    readonly atDays: number;
    readonly survival: number[];
    readonly groups: readonly {
      readonly n: number;
      readonly meanPredicted: number;
      readonly observed: number;
      readonly low: number;
      readonly high: number;
    }[];
  }[];
}>('calibration');

describe('calibration of survival at a time', () => {
  it.each(cases)('agrees with Kaplan-Meier curves of lifelines by groups: $name', (one) => {
    const times = { timeDays: Float64Array.from(one.timeDays), event: Uint8Array.from(one.event) };
    const groups = survivalCalibration(times, one.survival, { atDays: one.atDays, groups: 4 });
    expect(groups.length).toBe(4);
    one.groups.forEach((expected, g) => {
      expect(groups[g].n).toBe(expected.n);
      expectClose(groups[g].meanPredicted, expected.meanPredicted, 1e-12, 'predicted');
      expectClose(groups[g].observed?.estimate as number, expected.observed, 1e-12, 'observed');
      expectClose(groups[g].observed?.low as number, expected.low, 1e-10, 'low');
      expectClose(groups[g].observed?.high as number, expected.high, 1e-10, 'high');
    });
  });
  it('observes nothing where all were censored before, and 0 where all had the event', () => {
    const times = { timeDays: Float64Array.of(5, 10, 20, 30), event: Uint8Array.of(1, 0, 1, 1) };
    const [low, high] = survivalCalibration(times, [0.1, 0.2, 0.8, 0.9], { atDays: 40, groups: 2 });
    expect(low).not.toHaveProperty('observed');
    expect(high.observed?.estimate).toBe(0);
  });
  it('observes 1 before the first time', () => {
    const times = { timeDays: Float64Array.of(5, 10), event: Uint8Array.of(1, 0) };
    const [group] = survivalCalibration(times, [0.9, 0.9], { atDays: 1, groups: 2 });
    expect(group).toMatchObject({ n: 2, observed: { estimate: 1, low: 1, high: 1 } });
  });
  it('refuses survival that is no probability', () => {
    const times = { timeDays: Float64Array.of(5, 10), event: Uint8Array.of(1, 0) };
    expect(() => survivalCalibration(times, [0.9, 2], { atDays: 1 })).toThrow('not a probability');
  });
});

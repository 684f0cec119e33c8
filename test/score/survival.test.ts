import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { harrellC, unoC } from '../../src/score/concordance.ts';
import { censoringCurve, curveAt, kaplanMeier } from '../../src/score/kaplan-meier.ts';
import { meanAbsoluteError, rootMeanSquaredError, rSquared } from '../../src/score/regression.ts';
import { survivalBrier } from '../../src/score/survival-brier.ts';
import type { SurvivalTimes } from '../../src/score/survival-times.ts';
import { timeDependentAuroc } from '../../src/score/time-dependent-auroc.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

interface Plain {
  readonly timeDays: readonly number[];
  readonly event: readonly number[];
}

interface Case extends Plain {
  readonly name: string;
  readonly risk: number[];
  readonly train: Plain;
  readonly harrell: number;
  readonly uno: number;
  readonly tauDays: number;
  readonly unoTruncated: number;
  readonly atDays: number[];
  readonly auroc: number[];
  readonly meanAuroc: number;
  readonly survival: number[];
  readonly brier: number[];
  readonly integratedBrier: number;
  readonly kaplanMeier: {
    readonly level: number;
    readonly timesDays: number[];
    readonly atRisk: number[];
    readonly events: number[];
    readonly survival: number[];
    readonly low: number[];
    readonly high: number[];
  };
}

const { cases } = fixture<{ cases: Case[] }>('survival-scores');
const timesOf = ({ timeDays, event }: Plain): SurvivalTimes => ({
  timeDays: Float64Array.from(timeDays),
  event: Uint8Array.from(event),
});

describe.each(cases)('scores of survival agree with scikit-survival and lifelines: $name', (one) => {
  const times = timesOf(one);
  const train = timesOf(one.train);

  it('Harrell and Uno, whole and truncated, to 1e-10', () => {
    expectClose(harrellC(times, one.risk) as number, one.harrell, 1e-10, 'Harrell');
    expectClose(unoC(times, one.risk, { train }) as number, one.uno, 1e-10, 'Uno');
    const truncated = unoC(times, one.risk, { train, tauDays: one.tauDays });
    expectClose(truncated as number, one.unoTruncated, 1e-10, 'Uno truncated');
  });

  it('time-dependent AUROC and its mean to 1e-10', () => {
    const { auroc, mean } = timeDependentAuroc(times, one.risk, { atDays: one.atDays, train });
    one.auroc.forEach((value, j) => expectClose(auroc[j] as number, value, 1e-10, `time ${j}`));
    expectClose(mean as number, one.meanAuroc, 1e-10, 'mean');
  });

  it('Brier scores and their integral to 1e-10', () => {
    const survival = matrix(one.timeDays.length, one.atDays.length, Float64Array.from(one.survival));
    const { brier, integrated } = survivalBrier(times, survival, { atDays: one.atDays, train });
    one.brier.forEach((value, j) => expectClose(brier[j] as number, value, 1e-10, `time ${j}`));
    expectClose(integrated as number, one.integratedBrier, 1e-10, 'integrated');
  });

  it('Kaplan-Meier with log-log intervals to 1e-10', () => {
    const { level, timesDays, atRisk, events, ...curves } = one.kaplanMeier;
    const curve = kaplanMeier(times, { level });
    expect([...curve.timesDays]).toEqual(timesDays);
    expect([...curve.atRisk]).toEqual(atRisk);
    expect([...curve.events]).toEqual(events);
    curves.survival.forEach((value, g) => expectClose(curve.survival[g], value, 1e-10, `survival ${g}`));
    curves.low.forEach((value, g) => {
      if (value < 0 || curve.survival[g] === 0) return; // where lifelines gives none
      expectClose(curve.low[g], value, 1e-10, `low ${g}`);
      expectClose(curve.high[g], curves.high[g], 1e-10, `high ${g}`);
    });
  });
});

describe('concordance', () => {
  const c = (timeDays: number[], event: number[], risk: number[]) => harrellC(timesOf({ timeDays, event }), risk);

  it('is 1 where risks fall with time, 0 where they rise, and counts equal risks half', () => {
    expect(c([1, 2, 3], [1, 1, 1], [3, 2, 1])).toBe(1);
    expect(c([1, 2, 3], [1, 1, 1], [1, 2, 3])).toBe(0);
    expect(c([1, 2], [1, 1], [4, 4])).toBe(0.5);
  });

  it('compares no two events of one time, but an event with who was censored then', () => {
    expect(c([5, 5], [1, 1], [2, 1])).toBeUndefined();
    expect(c([5, 5], [1, 0], [2, 1])).toBe(1);
    expect(c([5, 5], [0, 1], [2, 1])).toBe(0);
  });

  it('is undefined where the only event is the last time, and where nobody had the event', () => {
    expect(c([1, 2], [0, 1], [1, 2])).toBeUndefined();
    expect(c([1, 2], [0, 0], [1, 2])).toBeUndefined();
  });

  it('is the share that a look at every pair gives, whatever the ties', () => {
    const subject = fc.tuple(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 0, max: 1 }),
      fc.integer({ max: 3, min: 0 }),
    );
    fc.assert(
      fc.property(fc.array(subject, { minLength: 1, maxLength: 25 }), (subjects) => {
        let wins = 0;
        let pairs = 0;
        for (const [t, e, r] of subjects) {
          for (const [u, f, s] of subjects) {
            if (!e || !(t < u || (t === u && !f))) continue;
            pairs++;
            wins += r > s ? 1 : r === s ? 0.5 : 0;
          }
        }
        const columns = [0, 1, 2].map((k) => subjects.map((values) => values[k]));
        expect(c(columns[0], columns[1], columns[2])).toBe(pairs === 0 ? undefined : wins / pairs);
      }),
    );
  });

  it("is Harrell's for Uno where nobody was censored", () => {
    const times = timesOf({ timeDays: [4, 1, 3, 2, 5], event: [1, 1, 1, 1, 1] });
    const risk = [1, 4, 5, 2, 3];
    expect(unoC(times, risk)).toBe(harrellC(times, risk));
  });

  it('is undefined for Uno where nobody of the training subjects was followed as long as an event', () => {
    const times = timesOf({ timeDays: [1, 9, 10], event: [1, 1, 0] });
    const train = timesOf({ timeDays: [2, 3], event: [1, 0] });
    expect(unoC(times, [3, 2, 1], { train })).toBeUndefined();
    expect(unoC(times, [3, 2, 1], { train, tauDays: 5 })).toBe(1);
  });
});

describe('Kaplan-Meier', () => {
  it('has the standard errors of Greenwood, and plain intervals on demand', () => {
    const curve = kaplanMeier(timesOf({ timeDays: [1, 2, 3, 4], event: [1, 0, 1, 0] }), { interval: 'plain' });
    expect([...curve.survival]).toEqual([0.75, 0.75, 0.375, 0.375]);
    const se = 0.375 * Math.sqrt(1 / 12 + 1 / 2);
    expect(curve.standardError[2]).toBeCloseTo(se, 12);
    expect(curve.high[2]).toBeCloseTo(0.375 + 1.959963984540054 * se, 9);
    expect(curve.low[2]).toBe(0);
  });

  it('keeps the last upper limit where the curve has reached 0', () => {
    const { survival, low, high } = kaplanMeier(timesOf({ timeDays: [1, 2, 3], event: [1, 1, 1] }));
    expect(survival[2]).toBe(0);
    expect([low[2], high[2]]).toEqual([0, high[1]]);
  });

  it('of censoring lets those with the event leave first', () => {
    const curve = censoringCurve(timesOf({ timeDays: [1, 1, 2], event: [1, 0, 1] }));
    expect(curveAt(curve, 0.5)).toBe(1);
    expect(curveAt(curve, 1)).toBe(0.5); // one censored of the two who are left
  });
});

describe('scores at a time', () => {
  const times = timesOf({ timeDays: [1, 2, 3, 4], event: [1, 1, 0, 1] });

  it('are undefined for the AUROC before the first event and after the last subject', () => {
    const { auroc, mean } = timeDependentAuroc(times, [4, 3, 2, 1], { atDays: [0.5, 2.5, 5] });
    expect(auroc).toEqual([undefined, 1, undefined]);
    expect(mean).toBeUndefined();
  });

  it('count equal risks half', () => {
    expect(timeDependentAuroc(times, [1, 1, 1, 1], { atDays: [2.5] })).toEqual({ auroc: [0.5], mean: 0.5 });
  });

  it('are the plain Brier score while nobody is censored', () => {
    const survival = matrix(4, 1, Float64Array.of(0.1, 0.6, 0.7, 0.8));
    const { brier, integrated } = survivalBrier(times, survival, { atDays: [1.5] });
    expect(brier[0]).toBeCloseTo((0.1 ** 2 + 0.4 ** 2 + 0.3 ** 2 + 0.2 ** 2) / 4, 12);
    expect(integrated).toBeUndefined();
  });

  it('are refused where times do not rise, or probabilities are of others', () => {
    expect(() => timeDependentAuroc(times, [1, 2, 3, 4], { atDays: [2, 2] })).toThrow(
      'timeDependentAuroc: atDays[1]: not a later time, expected ascending numbers, got 2',
    );
    expect(() => survivalBrier(times, matrix(3, 1, new Float64Array(3)), { atDays: [2] })).toThrow(
      'survivalBrier: survival: other subjects or times, expected [4, 1], got [3, 1]',
    );
    expect(() => timeDependentAuroc(times, [1, 2, 3, 4], { atDays: [] })).toThrow(
      'timeDependentAuroc: atDays[0]: not a later time, expected ascending numbers, got undefined',
    );
  });

  it('are refused where a risk is missing or not a number', () => {
    expect(() => harrellC(times, [1, 2, 3])).toThrow(
      'harrellC: risk: not one value a subject, expected 4 values, got 3',
    );
    expect(() => harrellC(times, [1, Number.NaN, 3, 4])).toThrow(
      'harrellC: risk[1]: not a number, expected a number, got NaN',
    );
  });
});

describe('scores of values', () => {
  it('are undefined where they say nothing', () => {
    expect(rSquared([2, 2, 2], [2, 2, 2])).toBeUndefined();
    expect(rSquared([2], [2])).toBeUndefined();
    expect(meanAbsoluteError([], [])).toBeUndefined();
    expect(rootMeanSquaredError([], [])).toBeUndefined();
  });

  it('are 0 for the mean of the values, negative for worse', () => {
    expect(rSquared([1, 2, 3], [2, 2, 2])).toBe(0);
    expect(rSquared([1, 2, 3], [3, 2, 1])).toBe(-3);
  });
});

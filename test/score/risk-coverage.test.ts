import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { riskCoverage, riskCoverageOfClasses } from '../../src/score/risk-coverage.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

const { classes } = fixture<{
  readonly classes: readonly {
    readonly name: string;
    readonly classes: number;
    readonly probability: number[];
    readonly labels: number[];
    readonly riskCoverage: { readonly area: number; readonly excessArea: number; readonly last: number };
  }[];
}>('calibration');

describe('the risk-coverage curve', () => {
  it.each(classes)('has the area of its definition: $name', (one) => {
    const probability = matrix(one.labels.length, one.classes, Float64Array.from(one.probability));
    const curve = riskCoverageOfClasses(probability, one.labels);
    expectClose(curve?.area as number, one.riskCoverage.area, 1e-12, 'area');
    expectClose(curve?.excessArea as number, one.riskCoverage.excessArea, 1e-11, 'excess area', 1e-14);
    expectClose(curve?.risk.at(-1) as number, one.riskCoverage.last, 1e-12, 'error rate of all');
  });
  it('answers the surest first', () => {
    const curve = riskCoverage([0.6, 0.9, 0.7, 0.8], [1, 0, 1, 0]);
    expect([...(curve?.coverage ?? [])]).toEqual([0.25, 0.5, 0.75, 1]);
    expect([...(curve?.risk ?? [])]).toEqual([0, 0, 1 / 3, 0.5]);
    expect([...(curve?.certainty ?? [])]).toEqual([0.9, 0.8, 0.7, 0.6]);
    expect(curve?.excessArea).toBe(0);
  });
  it('takes subjects of equal certainty in random order on average', () => {
    const curve = riskCoverage([1, 1, 1, 1], [1, 0, 0, 1]);
    expect([...(curve?.risk ?? [])]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });
  it('does not depend on how subjects are sorted, and is never better than the best order', () => {
    const subject = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(fc.array(subject, { minLength: 1, maxLength: 30 }), (subjects) => {
        const of = (list: typeof subjects) =>
          riskCoverage(
            list.map(([certainty]) => certainty),
            list.map(([, loss]) => loss),
          );
        const curve = of(subjects);
        expectClose(of([...subjects].reverse())?.area as number, curve?.area as number, 1e-12, 'area', 1e-14);
        expect(curve?.excessArea).toBeGreaterThan(-1e-12);
      }),
    );
  });
  it('is undefined for no subjects', () => {
    expect(riskCoverage([], [])).toBeUndefined();
  });
  it('refuses a certainty that is not a number', () => {
    expect(() => riskCoverage([0.4, Number.NaN], [0, 1])).toThrow('riskCoverage: certainty[1]: not a number');
  });
});

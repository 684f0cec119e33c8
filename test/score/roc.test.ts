import { describe, expect, test } from 'vitest';
import { auroc } from '../../src/score/auroc.ts';
import { rocAt, rocCurve } from '../../src/score/roc.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

interface Case {
  readonly name: string;
  readonly probability: readonly number[];
  readonly labels: readonly number[];
  readonly roc?: {
    readonly falsePositiveRate: readonly number[];
    readonly truePositiveRate: readonly number[];
    readonly threshold: readonly number[];
  };
}
const cases = fixture<{ cases: readonly Case[] }>('metrics').cases.filter((c) => c.roc);
const eventScores = (c: Case) => c.probability.filter((_, i) => i % 2 === 1);

describe('the ROC curve', () => {
  test.each(cases)('has the points of scikit-learn: $name', (c) => {
    const curve = rocCurve(eventScores(c), c.labels);
    expect([...(curve?.falsePositiveRate ?? [])]).toEqual(c.roc?.falsePositiveRate);
    expect([...(curve?.truePositiveRate ?? [])]).toEqual(c.roc?.truePositiveRate);
    expect([...(curve?.threshold ?? [])].slice(1)).toEqual(c.roc?.threshold);
  });
  test.each(cases)('encloses the area that AUROC counts: $name', (c) => {
    const curve = rocCurve(eventScores(c), c.labels);
    if (!curve) throw new Error('no curve');
    const { falsePositiveRate: x, truePositiveRate: y } = curve;
    let area = 0;
    for (let i = 1; i < x.length; i++) area += 0.5 * (x[i] - x[i - 1]) * (y[i] + y[i - 1]);
    expectClose(area, auroc(eventScores(c), c.labels) as number, 1e-12, 'area', 1e-14);
  });
  test('is undefined without events or without others', () => {
    expect(rocCurve([0.1, 0.2], [0, 0])).toBeUndefined();
    expect(rocCurve([0.1, 0.2], [1, 1])).toBeUndefined();
  });
  test('is read between its points linearly, and at its upper end where it rises vertically', () => {
    // points (0, 0) (0, .5) (.5, .5) (.5, 1) (1, 1)
    const curve = rocCurve([0.9, 0.8, 0.7, 0.1], [1, 0, 1, 0]);
    if (!curve) throw new Error('no curve');
    expect([...rocAt(curve, [0, 0.25, 0.5, 0.75, 1])]).toEqual([0.5, 0.5, 1, 1, 1]);
    // a tie of an event and another: the diagonal
    const tied = rocCurve([0.5, 0.5], [1, 0]);
    if (!tied) throw new Error('no curve');
    expect([...rocAt(tied, [0, 0.3, 1])]).toEqual([0, 0.3, 1]);
  });
});

import { describe, expect, test } from 'vitest';
import { delong, delongDifference, delongInterval } from '../../src/score/delong.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

interface Case {
  readonly name: string;
  readonly event: readonly number[];
  readonly scores: readonly (readonly number[])[];
  readonly auroc: readonly number[];
  readonly covariance: readonly number[];
  readonly difference: {
    readonly estimate: number;
    readonly standardError: number;
    readonly low: number;
    readonly high: number;
    readonly p: number | null;
  };
}
const { cases } = fixture<{ cases: readonly Case[] }>('delong');

describe('DeLong’s method by ranks agrees with its definition by pairs', () => {
  test.each(cases)('$name', ({ event, scores, auroc, covariance, difference }) => {
    const result = delong(scores, event);
    auroc.forEach((value, i) => expectClose(result?.auroc[i] as number, value, 1e-12, 'AUROC'));
    covariance.forEach((value, i) => expectClose(result?.covariance.data[i] as number, value, 1e-11, 'cov', 1e-16));
    const got = delongDifference(scores[0], scores[1], event);
    expectClose(got?.estimate as number, difference.estimate, 1e-12, 'difference', 1e-15);
    expectClose(got?.standardError as number, difference.standardError, 1e-10, 'standard error');
    expectClose(got?.low as number, difference.low, 1e-10, 'low', 1e-14);
    expectClose(got?.high as number, difference.high, 1e-10, 'high', 1e-14);
    if (difference.p !== null) expectClose(got?.p as number, difference.p, 1e-9, 'p');
  });
});

describe('DeLong’s method', () => {
  const event = [1, 1, 1, 0, 0, 0, 0];
  const score = [0.9, 0.4, 0.7, 0.6, 0.2, 0.1, 0.4];

  test('finds no difference between a score and itself, or a rising map of it', () => {
    const same = delongDifference(
      score,
      score.map((s) => s ** 3),
      event,
    );
    expect(same).toEqual({ estimate: 0, standardError: 0, low: 0, high: 0, p: 1 });
  });
  test('gives no p where the difference has no spread', () => {
    const perfect = event.map((e) => e);
    const constant = event.map(() => 0.5);
    expect(delongDifference(perfect, constant, event)).toMatchObject({ estimate: 0.5, standardError: 0, p: undefined });
  });
  test('changes sign, and nothing else, with the order of the two scores', () => {
    const other = [0.3, 0.5, 0.9, 0.6, 0.1, 0.4, 0.2];
    const one = delongDifference(score, other, event);
    const two = delongDifference(other, score, event);
    if (!one || !two) throw new Error('undefined');
    expect(one.p as number).toBeLessThan(1);
    expectClose(one.estimate, -two.estimate, 1e-14, 'estimate');
    expectClose(one.low, -two.high, 1e-14, 'low');
    expectClose(one.p as number, two.p as number, 1e-12, 'p');
  });
  test('holds the interval of an AUROC to [0, 1], narrower at a lower level', () => {
    const wide = delongInterval(score, event);
    const narrow = delongInterval(score, event, 0.5);
    if (!wide || !narrow) throw new Error('undefined');
    expect(wide.high).toBe(1);
    expect(wide.low).toBeLessThan(narrow.low);
    expect(narrow.low).toBeLessThan(narrow.estimate);
  });
  test('is undefined with fewer than two events or two others', () => {
    expect(delong([[0.1, 0.2, 0.3]], [1, 0, 0])).toBeUndefined();
    expect(delongDifference([0.1, 0.2, 0.3], [0.1, 0.2, 0.3], [1, 1, 0])).toBeUndefined();
    expect(delongInterval([0.1, 0.2], [1, 1])).toBeUndefined();
  });
});

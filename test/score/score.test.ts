import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { confusion, predictedClasses } from '../../src/score/confusion.ts';
import { type ClassMetric, classMetrics as metrics } from '../../src/score/metric.ts';
import { scoreClasses, scoreMetric } from '../../src/score/score.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

interface Case {
  readonly name: string;
  readonly shape: readonly [number, number];
  readonly probability: readonly number[];
  readonly labels: readonly number[];
  readonly confusion: readonly number[];
  readonly metrics: Readonly<Record<ClassMetric, number>>;
}
const { cases, versions } = fixture<{ cases: readonly Case[] }>('metrics');

function binary(p: readonly number[]) {
  return matrix(p.length, 2, Float64Array.from(p.flatMap((event) => [1 - event, event])));
}

describe(`metrics agree with scikit-learn ${versions['scikit-learn']}`, () => {
  test.each(cases)('$name', ({ shape, probability, labels, confusion: counts, metrics: expected }) => {
    const p = matrix(shape[0], shape[1], Float64Array.from(probability));
    expect([...confusion(labels, predictedClasses(p), shape[1]).counts]).toEqual(counts);
    const scores = scoreClasses(p, labels);
    expect(Object.keys(scores).sort()).toEqual([...metrics].sort());
    for (const metric of metrics) expectClose(scores[metric] as number, expected[metric], 1e-12, metric, 1e-14);
  });
});

describe('scoreClasses', () => {
  test('leaves out what a truth of one class does not define', () => {
    const scores = scoreClasses(binary([0.2, 0.6, 0.7]), Int32Array.of(0, 0, 0));
    expect(Object.keys(scores).sort()).toEqual(['accuracy', 'brier', 'logLoss']);
    expect(scores.accuracy).toBeCloseTo(1 / 3, 15);
  });
  test('leaves out everything where there are no subjects', () => {
    expect(scoreClasses(binary([]), new Int32Array(0))).toEqual({});
  });
  test('averages over the classes present in the truth', () => {
    const p = matrix(4, 3, Float64Array.of(0.5, 0.3, 0.2, 0.2, 0.6, 0.2, 0.6, 0.3, 0.1, 0.4, 0.5, 0.1));
    const scores = scoreClasses(p, Int32Array.of(0, 1, 0, 1));
    expect(scores.auroc).toBe(1);
    expect(scores.balancedErrorRate).toBe(0);
    expect(scores.f1).toBe(1);
  });
  test('gives a tie to the lower class: of two, the event needs more than a half', () => {
    expect([...predictedClasses(binary([0.5, 0.5000001, 0.4]))]).toEqual([0, 1, 0]);
    expect([...predictedClasses(matrix(1, 3, Float64Array.of(0.2, 0.4, 0.4)))]).toEqual([1]);
  });
  test('charges a certain error with a finite log loss', () => {
    expect(scoreMetric('logLoss', binary([1]), { kind: 'classes', labels: Int32Array.of(0) })).toBeCloseTo(
      36.04365338911715,
      10,
    );
  });
  test('does not depend on the order of subjects', () => {
    const subject = fc.record({ p: fc.integer({ min: 0, max: 8 }), label: fc.integer({ min: 0, max: 1 }) });
    fc.assert(
      fc.property(fc.array(subject, { minLength: 1, maxLength: 30 }), (subjects) => {
        const of = (rows: typeof subjects) =>
          scoreClasses(
            binary(rows.map((s) => s.p / 8)),
            rows.map((s) => s.label),
          );
        const one = of(subjects);
        const other = of([...subjects].reverse());
        expect(Object.keys(one)).toEqual(Object.keys(other));
        for (const metric of metrics) {
          if (one[metric] !== undefined) expectClose(other[metric] as number, one[metric], 1e-12, metric, 1e-15);
        }
      }),
    );
  });
  test('AUROC looks at order only: it stays under a rising map and turns about 1/2 when the score is turned', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 3, maxLength: 40 }),
        fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 40, maxLength: 40 }),
        (scores, drawn) => {
          const labels = drawn.slice(0, scores.length);
          labels[0] = 0;
          labels[1] = 1;
          const area = (p: number[]) =>
            scoreMetric('auroc', binary(p), { kind: 'classes', labels: Int32Array.from(labels) }) as number;
          const plain = area(scores.map((s) => s / 20));
          expect(area(scores.map((s) => (s / 20) ** 3))).toBe(plain);
          expect(area(scores.map((s) => 1 - s / 20))).toBeCloseTo(1 - plain, 12);
        },
      ),
    );
  });
  test('refuses labels of another length and probabilities that are no numbers', () => {
    expect(() => scoreClasses(binary([0.1, 0.2]), [0])).toThrow('internal: 1 labels for probabilities of 2 subjects');
    expect(() => scoreClasses(binary([0.1, NaN]), [0, 1])).toThrow('internal: probability NaN of subject 1');
  });
});

import { describe, expect, test } from 'vitest';
import { random } from '../../src/array/random.ts';
import { bootstrap } from '../../src/evaluate/bootstrap.ts';
import { auroc } from '../../src/score/auroc.ts';
import { delongDifference } from '../../src/score/delong.ts';

function sample(n: number, seed: number) {
  const generator = random(seed);
  const labels = Int32Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const values = Float64Array.from(labels, (label) => label + generator.normal());
  return { labels, values, generator };
}

describe('the bootstrap over subjects', () => {
  test('draws as many subjects of each class as the sample has, and only of that class', () => {
    const labels = Int32Array.of(2, 0, 1, 0, 2, 2, 0);
    const seen = new Set<number>();
    bootstrap(
      (rows) => {
        const counts = [0, 0, 0];
        for (const row of rows) counts[labels[row]]++;
        expect(counts).toEqual([3, 1, 3]);
        for (const row of rows) seen.add(row);
        return 0;
      },
      { labels, seed: 1, resamples: 200 },
    );
    expect(seen.size).toBe(7);
  });

  test('gives the standard error of a mean that the formula gives', () => {
    const { values } = sample(200, 3);
    const labels = new Int32Array(200);
    const mean = (rows: Int32Array) => rows.reduce((sum, row) => sum + values[row], 0) / rows.length;
    const result = bootstrap(mean, { labels, seed: 4 });
    if (!result) throw new Error('null');
    const average = values.reduce((a, b) => a + b, 0) / 200;
    const formula = Math.sqrt(values.reduce((sum, v) => sum + (v - average) ** 2, 0)) / 200;
    expect(result.estimate).toBeCloseTo(average, 12);
    expect(Math.abs(result.standardError / formula - 1)).toBeLessThan(0.06); // 2,000 resamples: 1.6 % standard error
    expect(Math.abs((result.high - result.low) / (2 * 1.96 * formula) - 1)).toBeLessThan(0.1);
    expect(result.p).toBeLessThan(0.01);
  });

  test('agrees with DeLong’s standard error of a difference of AUROCs', () => {
    const { labels, values, generator } = sample(150, 5);
    const other = values.map((v) => v + generator.normal());
    const pick = (score: Float64Array, rows: Int32Array) => Float64Array.from(rows, (row: number) => score[row]);
    const difference = (rows: Int32Array) => {
      const event = Int32Array.from(rows, (row: number) => labels[row]);
      return (auroc(pick(values, rows), event) as number) - (auroc(pick(other, rows), event) as number);
    };
    const result = bootstrap(difference, { labels, seed: 6 });
    const exact = delongDifference(values, other, labels);
    if (!result || !exact) throw new Error('undefined');
    expect(result.estimate).toBeCloseTo(exact.estimate, 12);
    expect(Math.abs(result.standardError / exact.standardError - 1)).toBeLessThan(0.1);
  });

  test('gives the same for the same seed and another for another', () => {
    const { labels, values } = sample(40, 7);
    const first = (rows: Int32Array) => values[rows[0]] + values[rows[39]];
    const of = (seed: number) => bootstrap(first, { labels, seed, resamples: 100 });
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  test('counts resamples that do not define the statistic and leaves them out', () => {
    const labels = new Int32Array(4);
    let call = 0;
    const result = bootstrap(() => (call++ % 4 === 0 ? 5 : call % 2 === 0 ? undefined : 1), {
      labels,
      seed: 1,
      resamples: 100,
    });
    expect(result?.estimate).toBe(5);
    expect(result?.undefinedResamples).toBe(50);
    expect(result?.resamples).toBe(50);
    expect(bootstrap(() => undefined, { labels, seed: 1 })).toBeNull();
  });

  test('a statistic that is always 0 has p = 1; one that is always above it the smallest p there is', () => {
    const labels = new Int32Array(4);
    expect(bootstrap(() => 0, { labels, seed: 1, resamples: 99 })).toMatchObject({ low: 0, high: 0, p: 1 });
    expect(bootstrap(() => 1, { labels, seed: 1, resamples: 99 })).toMatchObject({ low: 1, high: 1, p: 0.02 });
  });
});

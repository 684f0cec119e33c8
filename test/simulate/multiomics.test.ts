import { describe, expect, test } from 'vitest';
import type { Matrix } from '../../src/array/matrix.ts';
import { classCounts } from '../../src/describe/target.ts';
import { auroc } from '../../src/score/auroc.ts';
import { type MultiomicsOptions, simulateMultiomics } from '../../src/simulate/multiomics.ts';

const small: MultiomicsOptions = { subjects: 60, modalities: 3, features: 40, seed: 1 };

function bytes(options: MultiomicsOptions): Buffer {
  const { cohort, target } = simulateMultiomics(options);
  const parts = cohort.blocks.flatMap(({ values, observed, present }) => [values.data, observed, present]);
  return Buffer.concat([...parts, target.labels].map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength)));
}

function column({ shape, data }: Matrix, j: number): Float64Array {
  return Float64Array.from({ length: shape[0] }, (_, i) => data[i * shape[1] + j]);
}

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (x: Float64Array) => x.reduce((s, v) => s + v, 0) / x.length;
  const [ma, mb] = [mean(a), mean(b)];
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

describe('a simulated multiomics cohort', () => {
  test('has the same bytes for the same seed and others for another', () => {
    expect(bytes(small).equals(bytes(small))).toBe(true);
    expect(bytes(small).equals(bytes({ ...small, seed: 2 }))).toBe(false);
  });

  test('has the subjects, modalities, features and class shares asked for', () => {
    const { cohort, target } = simulateMultiomics({
      ...small,
      subjects: 100,
      features: [5, 6, 7],
      classes: 3,
      classShares: [0.5, 0.3, 0.2],
    });
    expect(cohort.blocks.map((block) => block.values.shape)).toEqual([
      [100, 5],
      [100, 6],
      [100, 7],
    ]);
    expect([...cohort.subjects].sort()).toEqual(cohort.subjects);
    expect([...classCounts(target)]).toEqual([50, 30, 20]);
  });

  test('tells its classes apart by its best direction as well as it says, better the stronger the signal', () => {
    let last = 0.5;
    for (const strength of [0, 0.4, 0.8, 1.5]) {
      const { target, truth } = simulateMultiomics({
        ...small,
        subjects: 4000,
        features: 1,
        shared: strength,
        own: [strength, 0, strength],
      });
      const states = [truth.shared, ...truth.own];
      const strengths = [strength, strength, 0, strength];
      const best = Float64Array.from(target.labels, (_, i) =>
        states.reduce((sum, state, s) => sum + (strengths[s] || 1e-9) * state.data[i], 0),
      );
      const area = auroc(best, target.labels) as number;
      if (!truth.auroc) throw new Error('no truth');
      // standard error of an AUROC of 2,000 against 2,000 subjects: below .01
      expect(Math.abs(area - truth.auroc.fused)).toBeLessThan(0.035);
      const alone = auroc(column(truth.own[1], 0), target.labels) as number;
      expect(Math.abs(alone - 0.5)).toBeLessThan(0.035);
      if (strength > 0) {
        expect(area).toBeGreaterThan(last);
        expect(truth.auroc.fused).toBeGreaterThan(truth.auroc.single[0]);
        expect(truth.auroc.single[0]).toBeGreaterThan(truth.auroc.single[1]);
      } else expect(truth.auroc.fused).toBe(0.5);
      last = Math.max(last, area);
    }
  });

  test('shows the signal in its features along the loadings, better the stronger it is', () => {
    const area = (strength: number) => {
      const { cohort, target, truth } = simulateMultiomics({
        ...small,
        subjects: 600,
        features: 300,
        shared: strength,
        own: 0,
      });
      const { values } = cohort.blocks[0];
      const score = Float64Array.from(target.labels, (_, i) => {
        let sum = 0;
        for (let j = 0; j < 300; j++) sum += truth.loadings[0].data[2 * j] * values.data[i * 300 + j];
        return sum;
      });
      return auroc(score, target.labels) as number;
    };
    const [none, weak, strong] = [area(0), area(1), area(3)];
    expect(Math.abs(none - 0.5)).toBeLessThan(0.08);
    expect(weak).toBeGreaterThan(none + 0.1);
    expect(strong).toBeGreaterThan(weak + 0.1);
  });

  test('correlates the noise of features within a block and of no others', () => {
    const { cohort } = simulateMultiomics({
      ...small,
      subjects: 3000,
      features: 8,
      loading: 0,
      blockSize: 4,
      blockCorrelation: 0.6,
    });
    const { values } = cohort.blocks[1];
    expect(Math.abs(correlation(column(values, 4), column(values, 7)) - 0.6)).toBeLessThan(0.06);
    expect(Math.abs(correlation(column(values, 3), column(values, 4)))).toBeLessThan(0.08);
  });

  test('leaves out the share of subjects asked for, masks them with zeros and moves nothing else', () => {
    const whole = simulateMultiomics(small).cohort;
    const { cohort } = simulateMultiomics({ ...small, missing: [0.5, 0, 0.25] });
    expect(cohort.blocks.map((block) => block.present.reduce((a, b) => a + b, 0))).toEqual([30, 60, 45]);
    cohort.blocks.forEach((block, m) => {
      for (let i = 0; i < 60 * 40; i++) {
        const there = block.present[Math.floor(i / 40)];
        expect(block.observed[i]).toBe(there);
        expect(block.values.data[i]).toBe(there ? whole.blocks[m].values.data[i] : 0);
      }
    });
  });

  test('leaves everybody at least one modality', () => {
    const { cohort } = simulateMultiomics({ ...small, missing: 1 });
    for (let i = 0; i < 60; i++) expect(cohort.blocks.reduce((sum, block) => sum + block.present[i], 0)).toBe(1);
  });

  test('refuses options that are unknown or out of range, by name', () => {
    const refused = (more: object) => () => simulateMultiomics({ ...small, ...more });
    expect(refused({ subject: 3 })).toThrow(
      'simulateMultiomics: subject: unknown option, expected an option of simulateMultiomics, got subject',
    );
    expect(refused({ subjects: 1 })).toThrow(
      'simulateMultiomics: subjects: not a count, expected a whole number of at least 2, got 1',
    );
    expect(refused({ missing: 1.5 })).toThrow('missing: out of range, expected a number from 0 to 1, got 1.5');
    expect(refused({ own: [1, 2] })).toThrow('own: wrong length, expected 3 values, got 2');
    expect(refused({ own: -1 })).toThrow('own: out of range, expected a finite number of at least 0, got -1');
    expect(refused({ classShares: [0.5, 0.6] })).toThrow(
      'classShares: not shares, expected 2 numbers above 0 that add up to 1, got [0.5, 0.6]',
    );
  });
});

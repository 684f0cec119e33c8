import { describe, expect, test } from 'vitest';
import type { Matrix } from '../../src/array/matrix.ts';
import { classCounts } from '../../src/describe/target.ts';
import { auroc } from '../../src/score/auroc.ts';
import { type Interplay, type InterplayOptions, simulateInterplay } from '../../src/simulate/interplay.ts';

const small: InterplayOptions = { subjects: 60, seed: 1, features: 12 };

function bytes(options: InterplayOptions): Buffer {
  const { cohort, target } = simulateInterplay(options);
  const parts = cohort.blocks.flatMap(({ values, observed, present }) => [values.data, observed, present]);
  return Buffer.concat([...parts, target.labels].map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength)));
}

function column({ shape, data }: Matrix, j: number): Float64Array {
  return Float64Array.from({ length: shape[0] }, (_, i) => data[i * shape[1] + j]);
}

/** The score that knows the truth: log-likelihood ratios of the own states, and of the two signs. */
function best({ truth, target }: Interplay, own: number, interplay: number): Float64Array {
  const h = Math.min(1 - 1e-9, (1 + interplay) / 2);
  return Float64Array.from(target.labels, (_, i) => {
    const [a, b] = truth.states.map(({ data }) => data[2 * i]);
    const alone = truth.states.reduce((sum, { data }) => sum + own * data[2 * i + 1], 0);
    return alone + (a * b < 0 ? 1 : -1) * Math.log(h / (1 - h));
  });
}

describe('a simulated interplay of two modalities', () => {
  test('has the same bytes for the same seed and others for another', () => {
    expect(bytes(small).equals(bytes(small))).toBe(true);
    expect(bytes(small).equals(bytes({ ...small, seed: 2 }))).toBe(false);
  });

  test('has the subjects and features asked for, and classes of equal size', () => {
    const { cohort, target } = simulateInterplay({ ...small, subjects: 101 });
    expect(cohort.blocks.map(({ modality, values }) => [modality.name, ...values.shape])).toEqual([
      ['omics1', 101, 12],
      ['omics2', 101, 12],
    ]);
    expect([...classCounts(target)]).toEqual([51, 50]);
    expect([...cohort.subjects].sort()).toEqual(cohort.subjects);
  });

  test('is the exclusive or of two signs: the same in class 0, opposite in class 1', () => {
    const { truth, target } = simulateInterplay(small);
    target.labels.forEach((label, i) => {
      expect(truth.states[0].data[2 * i] * truth.states[1].data[2 * i] > 0).toBe(label === 0);
    });
  });

  test.each([
    { own: 0, interplay: 1 },
    { own: 0, interplay: 0.4 },
    { own: 1, interplay: 0 },
    { own: 0.7, interplay: 0.5 },
    { own: 1, interplay: 1 },
  ])('is told by each modality alone and by both as well as it says: own $own, interplay $interplay', (options) => {
    const made = simulateInterplay({ ...small, ...options, subjects: 6000 });
    const { truth, target } = made;
    const fused = auroc(best(made, options.own, options.interplay), target.labels) as number;
    expect(Math.abs(fused - truth.auroc.fused)).toBeLessThan(0.025); // four standard errors of 3,000 against 3,000
    truth.states.forEach((state) => {
      expect(Math.abs((auroc(column(state, 1), target.labels) as number) - truth.auroc.single)).toBeLessThan(0.03);
      expect(Math.abs((auroc(column(state, 0), target.labels) as number) - 0.5)).toBeLessThan(0.03);
    });
    if (options.interplay === 0) expect(truth.auroc.fused).toBeCloseTo(0.8413, 4); // Φ(1)
    if (options.interplay === 1) expect(truth.auroc.fused).toBe(1);
  });

  test('shows its states in the informative features along the loadings, and in no others', () => {
    const { cohort, truth } = simulateInterplay({ ...small, subjects: 4000, informative: 0.25, loading: 2 });
    cohort.blocks.forEach(({ values }, m) => {
      const weights = truth.loadings[m].data; // [features, 2]
      const loaded = Array.from({ length: 12 }, (_, j) => j).filter((j) => weights[2 * j] !== 0);
      expect(loaded).toHaveLength(3);
      for (let j = 0; j < 12; j++) {
        const state = truth.states[m].data;
        let product = 0;
        for (let i = 0; i < 4000; i++) product += (values.data[i * 12 + j] * state[2 * i]) / 4000;
        // slope on a standard normal state; six standard errors
        const spread = Math.sqrt((1 + 2 * weights[2 * j] ** 2 + weights[2 * j + 1] ** 2) / 4000);
        expect(Math.abs(product - weights[2 * j])).toBeLessThan(6 * spread);
      }
    });
  });

  test('refuses options that are unknown or out of range, by name', () => {
    const refused = (more: object) => () => simulateInterplay({ ...small, ...more });
    expect(refused({ shared: 1 })).toThrow(
      'simulateInterplay: shared: unknown option, expected an option of simulateInterplay, got shared',
    );
    expect(refused({ subjects: 1 })).toThrow('subjects: not a count, expected a whole number of at least 2, got 1');
    expect(refused({ features: 0 })).toThrow('features: not a count, expected a whole number of at least 1, got 0');
    expect(refused({ interplay: 1.5 })).toThrow('interplay: out of range, expected a number from 0 to 1, got 1.5');
    expect(refused({ own: -1 })).toThrow('own: out of range, expected a finite number of at least 0, got -1');
    expect(refused({ informative: 2 })).toThrow('informative: out of range');
    expect(refused({ loading: Number.NaN })).toThrow('loading: out of range');
  });
});

import { describe, expect, test } from 'vitest';
import type { Matrix } from '../../src/array/matrix.ts';
import { classCounts } from '../../src/describe/target.ts';
import { auroc } from '../../src/score/auroc.ts';
import { type Interplay, type InterplayOptions, simulateInterplay } from '../../src/simulate/interplay.ts';
import { interplayLogOdds } from '../../src/simulate/interplay-posterior.ts';
import { expectTrueOdds, standardError } from './calibration.ts';

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

  test.each([
    { own: 0, interplay: 1 },
    { own: 0.8, interplay: 0.5 },
    { own: 1, interplay: 0, loading: 0.5 },
  ])('says what the noisy features tell at best: own $own, interplay $interplay', (options) => {
    const { truth, target } = simulateInterplay({ ...small, informative: 0.5, ...options, subjects: 6000 });
    expectTrueOdds(truth.logOdds, target.labels, truth.auroc.measured);
    expect(truth.auroc.measured).toBeLessThan(truth.auroc.fused);
    expect(truth.auroc.measured).toBeGreaterThan(0.6);
  });

  test('has the log-odds that adding up over all states says', () => {
    const { cohort, truth } = simulateInterplay({ subjects: 4, seed: 6, features: 3, informative: 1, own: 0.9 });
    const values = cohort.blocks.map((block) => block.values);
    const found = interplayLogOdds(values, truth.loadings, { own: 0.9, interplay: 0.6 });
    for (let i = 0; i < 4; i++) {
      // [modality][class][sign]: likelihood on a grid of both states
      const likelihood = values.map(({ data }, m) =>
        [0, 1].map((label) => {
          const sums = [0, 0];
          for (let a = -6.975; a < 7; a += 0.05) {
            for (let b = -7; b < 7; b += 0.05) {
              let square = a * a + (b - (label - 0.5) * 0.9) ** 2;
              for (let j = 0; j < 3; j++) {
                const [onA, onB] = truth.loadings[m].data.subarray(2 * j, 2 * j + 2);
                square += (data[3 * i + j] - onA * a - onB * b) ** 2;
              }
              sums[a > 0 ? 1 : 0] += Math.exp(-square / 2);
            }
          }
          return sums;
        }),
      );
      const [class0, class1] = [0, 1].map((label) => {
        const [one, two] = likelihood.map((of) => of[label]);
        const same = one[0] * two[0] + one[1] * two[1];
        const opposite = one[0] * two[1] + one[1] * two[0];
        return label === 1 ? 0.8 * opposite + 0.2 * same : 0.8 * same + 0.2 * opposite;
      });
      expect(found[i]).toBeCloseTo(Math.log(class1 / class0), 3);
    }
  });

  test('is, of 2,000 subjects and with larger loadings on more features, told above .97 by both and by neither alone', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const made = simulateInterplay({ subjects: 2000, seed, loading: 2, informative: 0.4 });
      expect(made.truth.auroc.measured).toBeGreaterThan(0.97);
      for (const { values } of made.cohort.blocks) {
        for (let j = 0; j < 50; j += 7) {
          const area = auroc(column(values, j), made.target.labels) as number;
          expect(Math.abs(area - 0.5)).toBeLessThan(4 * standardError(2000));
        }
      }
    }
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

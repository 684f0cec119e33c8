import { describe, expect, test } from 'vitest';
import type { Matrix } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { classCounts } from '../../src/describe/target.ts';
import { auroc } from '../../src/score/auroc.ts';
import { type PointingOptions, simulatePointing } from '../../src/simulate/pointing.ts';
import { pointingLogOdds } from '../../src/simulate/pointing-posterior.ts';
import { expectTrueOdds, standardError } from './calibration.ts';

const small: PointingOptions = { subjects: 60, seed: 1, tokens: 5 };

const column = ({ shape: [rows, width], data }: Matrix, j: number) =>
  Float64Array.from({ length: rows }, (_, i) => data[i * width + j]);

describe('a simulated pointing of one modality at a token of another', () => {
  test('has the same bytes for the same seed and others for another', () => {
    const values = (seed: number) => simulatePointing({ ...small, seed }).cohort.blocks.map((block) => block.values);
    expect(values(1)).toEqual(values(1));
    expect(values(1)).not.toEqual(values(2));
  });

  test('names by a nominal column of K levels which column of the bank decides', () => {
    const { cohort, target, truth } = simulatePointing({ ...small, subjects: 61, distractors: 2 });
    const [pointer, bank] = cohort.blocks;
    expect(pointer.modality.features).toEqual([
      { name: 'named', scale: 'nominal', levels: ['token1', 'token2', 'token3', 'token4', 'token5'] },
      { name: 'distractor1', scale: 'interval' },
      { name: 'distractor2', scale: 'interval' },
    ]);
    expect(bank.modality.features.map(({ name }) => name)).toEqual(['token1', 'token2', 'token3', 'token4', 'token5']);
    expect(bank.modality.groups).toBeUndefined();
    expect([...classCounts(target)]).toEqual([31, 30]);
    expect([...column(pointer.values, 0)]).toEqual([...truth.named]);
    target.labels.forEach((label, i) => {
      expect(truth.activity.data[5 * i + truth.named[i]] > 0).toBe(label === 1);
    });
  });

  test('moves nothing else by its distractors', () => {
    const [plain, more] = [0, 3].map((distractors) => simulatePointing({ ...small, distractors }));
    expect(more.truth).toEqual(plain.truth);
    expect(more.cohort.blocks[1]).toEqual(plain.cohort.blocks[1]);
    expect(column(more.cohort.blocks[0].values, 0)).toEqual(column(plain.cohort.blocks[0].values, 0));
  });

  test('tells nothing by one modality alone, and by both as much as it says', () => {
    const subjects = 6000;
    const { cohort, target, truth } = simulatePointing({ subjects, seed: 3 });
    const [pointer, bank] = cohort.blocks.map((block) => block.values);
    const near = (score: ArrayLike<number>) => Math.abs((auroc(score, target.labels) as number) - 0.5);
    const still = 4 * standardError(subjects);
    for (let k = 0; k < 12; k++) {
      expect(near(column(pointer, 0).map((named) => (named === k ? 1 : 0)))).toBeLessThan(still);
      expect(near(column(bank, k))).toBeLessThan(still);
    }
    const rows = Array.from({ length: subjects }, (_, i) => Array.from(bank.data.subarray(12 * i, 12 * i + 12)));
    expect(near(rows.map((row) => row.reduce((a, b) => a + b)))).toBeLessThan(still); // all of the bank
    expect(near(rows.map((row) => row.filter((x) => x > 0).length))).toBeLessThan(still); // its positive tokens
    expect(near(rows.map((row) => Math.max(...row)))).toBeLessThan(still);
    expect(truth.auroc.single).toBe(0.5);
    expectTrueOdds(truth.logOdds, target.labels, truth.auroc.measured);
    const named = auroc(
      Float64Array.from(truth.named, (k, i) => rows[i][k]),
      target.labels,
    ) as number;
    expect(named).toBeGreaterThan(0.96);
    expect(truth.auroc.measured).toBeGreaterThan(named - 0.005);
  });

  test('gives no score that adds what each modality says more than its sampling error', () => {
    const subjects = 6000;
    const { cohort, target } = simulatePointing({ subjects, seed: 4 });
    const [pointer, bank] = cohort.blocks.map((block) => block.values);
    const draw = random(6);
    for (let trial = 0; trial < 20; trial++) {
      const weights = Float64Array.from({ length: 24 }, () => draw.normal()); // of the 12 levels, then of the 12 tokens
      const score = Float64Array.from({ length: subjects }, (_, i) => {
        let sum = weights[pointer.data[i]];
        for (let k = 0; k < 12; k++) sum += weights[12 + k] * bank.data[12 * i + k];
        return sum;
      });
      expect(Math.abs((auroc(score, target.labels) as number) - 0.5)).toBeLessThan(4 * standardError(subjects));
    }
  });

  test('makes the named token as large as the others, and names each as often', () => {
    const subjects = 6000;
    const { truth } = simulatePointing({ ...small, subjects });
    const size = [0, 0];
    const counts = new Float64Array(5);
    truth.named.forEach((named, i) => {
      counts[named]++;
      for (let k = 0; k < 5; k++) size[k === named ? 0 : 1] += truth.activity.data[5 * i + k] ** 2;
    });
    expect(Math.abs(size[0] / subjects - 1)).toBeLessThan(4 * Math.sqrt(2 / subjects));
    expect(Math.abs(size[1] / (4 * subjects) - 1)).toBeLessThan(4 * Math.sqrt(2 / (4 * subjects)));
    for (const count of counts) expect(Math.abs(count - 1200)).toBeLessThan(4 * Math.sqrt(1200 * 0.8));
  });

  test('leans by the tokens that are not named the other way, by 1 / (K − 1) of a sign', () => {
    const subjects = 6000;
    const { target, truth } = simulatePointing({ ...small, subjects });
    let sum = 0;
    truth.named.forEach((named, i) => {
      for (let k = 0; k < 5; k++) {
        if (k !== named) sum += Math.sign(truth.activity.data[5 * i + k]) * (2 * target.labels[i] - 1);
      }
    });
    expect(Math.abs(sum / (4 * subjects) + 1 / 4)).toBeLessThan(4 / Math.sqrt(4 * subjects));
  });

  test('names by a noisy code if asked to, the named column being higher by the strength', () => {
    const subjects = 6000;
    const { cohort, target, truth } = simulatePointing({ ...small, subjects, naming: 'code', strength: 2.5 });
    const [pointer] = cohort.blocks;
    expect(pointer.modality.features.map(({ name }) => name)).toEqual(['code1', 'code2', 'code3', 'code4', 'code5']);
    const mean = [0, 0];
    truth.named.forEach((named, i) => {
      for (let k = 0; k < 5; k++) mean[k === named ? 1 : 0] += pointer.values.data[5 * i + k];
    });
    expect(Math.abs(mean[1] / subjects - 2.5)).toBeLessThan(4 / Math.sqrt(subjects));
    expect(Math.abs(mean[0] / (4 * subjects))).toBeLessThan(2 / Math.sqrt(subjects));
    expectTrueOdds(truth.logOdds, target.labels, truth.auroc.measured);
  });

  test('reads a token by a group of features that say it better together', () => {
    const made = simulatePointing({ ...small, subjects: 4000, featuresPerToken: 4, noise: 1 });
    const { modality, values } = made.cohort.blocks[1];
    expect(modality.groups?.[1]).toEqual({
      name: 'token2',
      features: ['token2.1', 'token2.2', 'token2.3', 'token2.4'],
    });
    expect(modality.groups?.flatMap(({ features }) => features)).toEqual(modality.features.map(({ name }) => name));
    let square = 0;
    for (let at = 0; at < values.data.length; at++) {
      square += (values.data[at] - made.truth.activity.data[Math.floor(at / 4)]) ** 2;
    }
    expect(square / values.data.length).toBeCloseTo(1, 1);
    const alike = simulatePointing({ ...small, subjects: 4000, noise: 0.5 }); // noise 1 / √4
    expect(Math.abs(made.truth.auroc.measured - alike.truth.auroc.measured)).toBeLessThan(0.01);
    expectTrueOdds(made.truth.logOdds, made.target.labels, made.truth.auroc.measured);
  });

  test('is certain without noise, and says nothing by a code of no strength', () => {
    expect(simulatePointing({ ...small, noise: 0 }).truth.auroc.measured).toBe(1);
    const silent = simulatePointing({ ...small, subjects: 2000, naming: 'code', strength: 0 }).truth.logOdds;
    for (const odds of silent) expect(odds).toBeCloseTo(0, 10);
  });

  test('has the log-odds that all patterns of signs, counted one by one, say', () => {
    const draw = random(9);
    const shape = [1, 4] as const;
    const readings: Matrix = { shape, data: Float64Array.from({ length: 4 }, () => draw.normal()) };
    const code: Matrix = { shape, data: Float64Array.from({ length: 4 }, () => draw.normal()) };
    const noise = 0.8;
    // P(z > 0 | reading) by adding up its density times that of z on a grid
    const above = Array.from(readings.data, (reading) => {
      const sums = [0, 0];
      for (let z = -9.9995; z < 10; z += 0.001) {
        sums[z > 0 ? 1 : 0] += Math.exp(-z * z * 0.5 - ((reading - z) / noise) ** 2 * 0.5);
      }
      return sums[1] / (sums[0] + sums[1]);
    });
    const brute = (weight: (k: number) => number) => {
      const classes = [0, 0];
      for (let pattern = 1; pattern < 15; pattern++) {
        const positive = [0, 1, 2, 3].map((k) => (pattern >> k) & 1);
        const chance = positive.reduce((product, sign, k) => product * (sign ? above[k] : 1 - above[k]), 1);
        for (let k = 0; k < 4; k++) {
          const alike = positive.filter((sign) => sign === positive[k]).length;
          classes[positive[k]] += (weight(k) * chance) / alike;
        }
      }
      return Math.log(classes[1] / classes[0]);
    };
    const [byLevel] = pointingLogOdds({ named: Int32Array.of(2) }, readings, noise);
    expect(byLevel).toBeCloseTo(
      brute((k) => (k === 2 ? 1 : 0)),
      6,
    );
    const [byCode] = pointingLogOdds({ code, strength: 1.5 }, readings, noise);
    // the ratio of normal densities with and without the strength
    expect(byCode).toBeCloseTo(
      brute((k) => Math.exp((code.data[k] ** 2 - (code.data[k] - 1.5) ** 2) / 2)),
      6,
    );
  });

  test('refuses options that are unknown or out of range, by name', () => {
    const refused = (more: object) => () => simulatePointing({ ...small, ...more } as PointingOptions);
    expect(refused({ token: 3 })).toThrow(
      'simulatePointing: token: unknown option, expected an option of simulatePointing, got token',
    );
    expect(refused({ tokens: 1 })).toThrow('tokens: not a count, expected a whole number of at least 2, got 1');
    expect(refused({ subjects: 1 })).toThrow('subjects: not a count, expected a whole number of at least 2, got 1');
    expect(refused({ featuresPerToken: 0 })).toThrow('featuresPerToken: not a count');
    expect(refused({ distractors: -1 })).toThrow('distractors: not a count');
    expect(refused({ noise: -1 })).toThrow('noise: out of range, expected a finite number of at least 0, got -1');
    expect(refused({ strength: Number.NaN })).toThrow('strength: out of range');
    expect(refused({ naming: 'number' })).toThrow('naming: unknown naming, expected one of level, code, got number');
  });
});

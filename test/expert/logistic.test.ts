import { describe, expect, it } from 'vitest';
import { type Matrix, matrix, takeColumns } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { crossFitLogistic, logistic, openLogistic } from '../../src/expert/logistic.ts';
import { stratifiedFolds } from '../../src/split/folds.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

interface Case {
  readonly name: string;
  readonly shape: [number, number];
  readonly classes: number;
  readonly x: number[];
  readonly y: number[];
  readonly fits: readonly {
    readonly C: number;
    readonly coef: number[][] | number[];
    readonly intercept: number[];
    readonly probability: number[][] | number[];
  }[];
}

const { cases } = fixture<{ cases: Case[] }>('logistic-regression');

/** Softmax coefficients are compared as they are: scikit-learn's penalty makes them sum to zero over classes, as ours does. */
describe('ridge-penalized logistic regression agrees with scikit-learn', () => {
  for (const { name, shape, classes, x, y, fits } of cases) {
    for (const { C, coef, intercept, probability } of fits) {
      it(`${name}, C = ${C}: coefficients, intercepts and probabilities to 1e-6`, async () => {
        const values = matrix(shape[0], shape[1], Float32Array.from(x));
        const { fitted } = await fitAt([values], y, classes, 1 / C);
        coef.flat().forEach((expected, at) => {
          const k = Math.floor(at / shape[1]);
          const j = at % shape[1];
          expectClose(fitted.weights[0][k * shape[1] + j], expected, 1e-6, `coefficient ${j} of ${k}`, 1e-6);
        });
        intercept.forEach((expected, k) => expectClose(fitted.intercepts[k], expected, 1e-6, `intercept ${k}`, 1e-6));
        const said = await fitted.apply([values]);
        probability
          .flat()
          .forEach((expected, at) => expectClose(said.data[at], expected, 1e-6, `probability ${at}`, 1e-6));
      });
    }
  }
});

async function fitAt(blocks: readonly Matrix[], y: readonly number[], classes: number, penalty: number) {
  const rows = Int32Array.from(y, (_, i) => i);
  const options = { penalties: [penalty], tolerance: 1e-11 };
  return crossFitLogistic({ blocks, rows }, Int32Array.from(y), classes, options, { seed: 0 });
}

describe('logistic regression', () => {
  const generator = random(4);
  const wide = matrix(
    40,
    90,
    Float64Array.from({ length: 40 * 90 }, () => generator.normal()),
  );
  const y = Array.from({ length: 40 }, (_, i) => (wide.data[i * 90] + generator.normal() > 0 ? 1 : 0));

  it('is the same model from the Gram matrix of many features as from the features', async () => {
    const narrow = takeColumns(
      wide,
      Array.from({ length: 30 }, (_, j) => j),
    );
    const padded = takeColumns(
      wide,
      Array.from({ length: 60 }, (_, j) => j % 30),
    ); // each feature twice: 60 > 40, so dual
    const primal = await fitAt([narrow], y, 2, 5);
    const dual = await fitAt([padded], y, 2, 10); // a doubled feature shares its weight: half the weight, twice the penalty
    primal.fitted.weights[0].forEach((weight, j) =>
      expectClose(2 * dual.fitted.weights[0][j], weight, 1e-6, `weight ${j}`, 1e-7),
    );
  });

  it('of several blocks is the model of their columns side by side', async () => {
    const left = takeColumns(
      wide,
      Array.from({ length: 50 }, (_, j) => j),
    );
    const right = takeColumns(
      wide,
      Array.from({ length: 40 }, (_, j) => 50 + j),
    );
    const whole = await fitAt([wide], y, 2, 3);
    const parts = await fitAt([left, right], y, 2, 3);
    [...parts.fitted.weights[0], ...parts.fitted.weights[1]].forEach((weight, j) =>
      expectClose(weight, whole.fitted.weights[0][j], 1e-6, `weight ${j}`, 1e-8),
    );
  });

  it('predicts each training subject out of fold by a model that had not seen it', async () => {
    const rows = Int32Array.from(y, (_, i) => i);
    const inner = stratifiedFolds(Int32Array.from(y), { folds: 4, seed: 1 });
    const options = { penalties: [20] };
    const straight = await crossFitLogistic({ blocks: [wide], rows }, Int32Array.from(y), 2, options, {
      seed: 0,
      inner,
    });
    const flipped = y.map((label, i) => (inner[i] === 2 ? 1 - label : label)); // another truth in fold 2 only
    const other = await crossFitLogistic({ blocks: [wide], rows }, Int32Array.from(flipped), 2, options, {
      seed: 0,
      inner,
    });
    const changed = (i: number) => straight.outOfFold.data[2 * i] !== other.outOfFold.data[2 * i];
    rows.forEach((i) => expect(changed(i)).toBe(inner[i] !== 2));
  });

  it('chooses the penalty with the least inner log loss of those offered', async () => {
    const rows = Int32Array.from(y, (_, i) => i);
    const inner = stratifiedFolds(Int32Array.from(y), { folds: 4, seed: 1 });
    const losses = new Map<number, number>();
    for (const penalty of [1, 10, 100, 1000]) {
      const { innerLoss } = await crossFitLogistic(
        { blocks: [wide], rows },
        Int32Array.from(y),
        2,
        { penalties: [penalty] },
        { seed: 0, inner },
      );
      losses.set(penalty, innerLoss);
    }
    const { fitted } = await crossFitLogistic(
      { blocks: [wide], rows },
      Int32Array.from(y),
      2,
      { penalties: [1, 10, 100, 1000] },
      { seed: 0, inner },
    );
    const [best] = [...losses].sort((a, b) => a[1] - b[1])[0];
    expect(fitted.penalty).toBe(best);
  });

  it('says the same for everyone where training holds one class only, and warns', async () => {
    const { fitted, warnings } = await fitAt([wide], new Array(40).fill(1), 2, 1);
    const { data } = await fitted.apply([wide]);
    expect(data[1]).toBeGreaterThan(0.9);
    expect(new Set(data).size).toBe(2);
    expect(warnings).toEqual(['logistic: fewer than two classes in training, so it says the same for everyone']);
  });

  it('leaves a class that training lacks a small share, so that no log loss is infinite', async () => {
    const three = y.map((label) => 2 * label); // classes 0 and 2 of three
    const { fitted } = await fitAt([wide], three, 3, 1);
    const { data } = await fitted.apply([wide]);
    for (let i = 0; i < 40; i++) {
      expect(data[3 * i + 1]).toBeCloseTo(1 / 43, 12);
      expect(data[3 * i] + data[3 * i + 1] + data[3 * i + 2]).toBeCloseTo(1, 12);
    }
  });

  it('balances classes by weighting their losses, as repeating subjects would', async () => {
    const few = [...y.keys()].filter((i) => y[i] === 1).slice(0, 5);
    const many = [...y.keys()].filter((i) => y[i] === 0).slice(0, 15);
    const rows = Int32Array.from([...few, ...many]);
    const thrice = Int32Array.from([...few, ...few, ...few, ...many]);
    const fitOn = (which: Int32Array, penalty: number, classWeight: 'none' | 'balanced') =>
      crossFitLogistic(
        { blocks: [wide], rows: which },
        Int32Array.from(y),
        2,
        { penalties: [penalty], classWeight, tolerance: 1e-11 },
        { seed: 0 },
      );
    const balanced = await fitOn(rows, 2, 'balanced'); // weights 2 and 2/3: repeating thrice, on 2/3 of the scale
    const repeated = await fitOn(thrice, 3, 'none');
    balanced.fitted.weights[0].forEach((weight, j) =>
      expectClose(weight, repeated.fitted.weights[0][j], 1e-6, `weight ${j}`, 1e-8),
    );
  });

  it('is an estimator of its own, given classes', async () => {
    const labels = Int32Array.from(y);
    const target = { kind: 'classes', name: 'y', classes: ['no', 'yes'], labels } as const;
    const fitted = await logistic({ penalties: [3] }).fit([wide], target, { seed: 0 });
    const same = await fitAt([wide], y, 2, 3);
    fitted.weights[0].forEach((weight, j) => expectClose(weight, same.fitted.weights[0][j], 1e-6, `weight ${j}`, 1e-8));
    expect(fitted.penalty).toBe(3);
    expect((await fitted.apply([wide])).shape).toEqual([40, 2]);
  });

  it('is the same after saving and opening', async () => {
    const { fitted } = await fitAt([wide], y, 2, 3);
    const opened = openLogistic(fitted.save());
    expect([...(await opened.apply([wide])).data]).toEqual([...(await fitted.apply([wide])).data]);
  });

  it('refuses penalties that are not positive', async () => {
    await expect(fitAt([wide], y, 2, -1)).rejects.toThrow(
      'logistic: penalties: unusable, expected positive numbers, got -1',
    );
  });

  it('refuses a damaged saved model', async () => {
    const { fitted } = await fitAt([wide], y, 2, 3);
    const saved = fitted.save();
    const blobs = { ...saved.blobs, 'weights.0': saved.blobs['weights.0'].slice(0, 100) };
    expect(() => openLogistic({ ...saved, blobs })).toThrow(
      'logistic: weights 0: damaged or missing part of a saved model, expected 720 bytes, got 100',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { type Matrix, matrix, takeColumns } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { crossFitRidge, openRidge, ridge } from '../../src/expert/ridge.ts';
import { meanAbsoluteError, rootMeanSquaredError, rSquared } from '../../src/score/regression.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

interface Case {
  readonly name: string;
  readonly shape: [number, number];
  readonly x: number[];
  readonly y: number[];
  readonly fits: readonly {
    readonly penalty: number;
    readonly coef: number[];
    readonly intercept: number;
    readonly predicted: number[];
    readonly r2: number;
    readonly mae: number;
    readonly rmse: number;
  }[];
}

const { cases } = fixture<{ cases: Case[] }>('ridge-regression');

describe('ridge regression agrees with scikit-learn', () => {
  for (const { name, shape, x, y, fits } of cases) {
    it.each(fits)(`${name}, penalty $penalty: coefficients, predictions and scores to 1e-6`, async (expected) => {
      const block = matrix(shape[0], shape[1], Float64Array.from(x));
      const fitted = await ridge({ penalties: [expected.penalty] }).fit([block], Float64Array.from(y), { seed: 0 });
      expected.coef.forEach((value, j) => expectClose(fitted.weights[0][j], value, 1e-6, `coefficient ${j}`, 1e-8));
      expectClose(fitted.intercept, expected.intercept, 1e-6, 'intercept');
      const predicted = await fitted.apply([block]);
      expected.predicted.forEach((value, i) => expectClose(predicted[i], value, 1e-6, `value ${i}`, 1e-8));
      expectClose(rSquared(y, predicted) as number, expected.r2, 1e-6, 'R2');
      expectClose(meanAbsoluteError(y, predicted) as number, expected.mae, 1e-6, 'MAE');
      expectClose(rootMeanSquaredError(y, predicted) as number, expected.rmse, 1e-6, 'RMSE');
    });
  }
});

const generator = random(9);
const wide = matrix(
  40,
  70,
  Float64Array.from({ length: 40 * 70 }, () => 5 + generator.normal()),
);
const values = Float64Array.from({ length: 40 }, (_, i) => 10 + 2 * wide.data[i * 70] + generator.normal());
const everyone = Int32Array.from(values.keys());
const inner = everyone.map((i) => i % 4);
const fitAt = (blocks: readonly Matrix[], y: Float64Array, penalty: number) =>
  ridge({ penalties: [penalty] }).fit(blocks, y, { seed: 0 });
const columns = (from: number, to: number) => Array.from({ length: to - from }, (_, j) => from + j);

describe('ridge regression', () => {
  it('of several blocks is the model of their columns side by side', async () => {
    const whole = await fitAt([wide], values, 6);
    const parts = await fitAt([takeColumns(wide, columns(0, 30)), takeColumns(wide, columns(30, 70))], values, 6);
    expectClose(parts.intercept, whole.intercept, 1e-8, 'intercept');
    [...parts.weights[0], ...parts.weights[1]].forEach((weight, j) =>
      expectClose(weight, whole.weights[0][j], 1e-7, `weight ${j}`, 1e-9),
    );
  });

  it('follows values that are shifted, by the intercept alone', async () => {
    const fitted = await fitAt([wide], values, 6);
    const shifted = await fitAt(
      [wide],
      values.map((value) => value + 1000),
      6,
    );
    expectClose(shifted.intercept - fitted.intercept, 1000, 1e-9, 'intercept');
    fitted.weights[0].forEach((weight, j) => expectClose(shifted.weights[0][j], weight, 1e-6, `weight ${j}`, 1e-9));
  });

  it('chooses the penalty with the least inner squared error of those offered', async () => {
    const at = (penalties: readonly number[]) =>
      crossFitRidge({ blocks: [wide], rows: everyone }, values, { penalties }, { seed: 0, inner });
    const penalties = [1, 10, 100, 1000];
    const alone = await Promise.all(penalties.map((penalty) => at([penalty])));
    const [best] = alone.sort((a, b) => a.innerLoss - b.innerLoss);
    const chosen = await at(penalties);
    expect(chosen.fitted.penalty).toBe(best.fitted.penalty);
    expect(chosen.innerLoss).toBe(best.innerLoss);
    const errors = chosen.outOfFold.map((predicted, i) => (predicted - values[i]) ** 2);
    expectClose(errors.reduce((a, b) => a + b) / 40, chosen.innerLoss, 1e-12, 'inner loss');
  });

  it('predicts each training subject out of fold by a model that had not seen it', async () => {
    const design = { blocks: [wide], rows: everyone };
    const straight = await crossFitRidge(design, values, { penalties: [9] }, { seed: 0, inner });
    const raised = values.map((value, i) => (inner[i] === 2 ? value + i + 1 : value)); // another truth in fold 2 only
    const other = await crossFitRidge(design, raised, { penalties: [9] }, { seed: 0, inner });
    everyone.forEach((i) => expect(straight.outOfFold[i] !== other.outOfFold[i]).toBe(inner[i] !== 2));
  });

  it('says the value that all have, where all have one', async () => {
    const fitted = await ridge().fit([wide], new Float64Array(40).fill(7), { seed: 0 });
    (await fitted.apply([wide])).forEach((value) => expect(value).toBeCloseTo(7, 12));
  });

  it('is the same after saving and opening', async () => {
    const fitted = await fitAt([wide], values, 6);
    expect([...(await openRidge(fitted.save()).apply([wide]))]).toEqual([...(await fitted.apply([wide]))]);
  });
});

describe('ridge regression refuses', () => {
  it('a value that is missing, and a single subject', async () => {
    const holed = values.map((value, i) => (i === 5 ? Number.NaN : value));
    await expect(fitAt([wide], holed, 1)).rejects.toThrow(
      'ridge: value 5: missing or infinite, expected a finite number, got NaN',
    );
    const one = matrix(1, 2, Float64Array.of(1, 2));
    await expect(fitAt([one], Float64Array.of(3), 1)).rejects.toThrow(
      'ridge: too few subjects, expected at least 2, got 1',
    );
  });

  it('columns that it has not learned from, and a penalty that is not positive', async () => {
    const fitted = await fitAt([wide], values, 6);
    await expect(fitted.apply([wide, wide])).rejects.toThrow(
      'ridge: other columns than in training, expected blocks of 70, got 70, 70',
    );
    await expect(fitAt([wide], values, -1)).rejects.toThrow(
      'ridge: penalties: unusable, expected positive numbers, got -1',
    );
  });
});

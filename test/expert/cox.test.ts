import { describe, expect, it } from 'vitest';
import { type Matrix, matrix, takeColumns, takeRows } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { cox, crossFitCox, openCox } from '../../src/expert/cox.ts';
import { coxLoss, coxNegativeLogLikelihood } from '../../src/expert/cox-likelihood.ts';
import { coxRidge } from '../../src/expert/cox-ridge.ts';
import type { SurvivalTimes } from '../../src/score/survival-times.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

interface Case {
  readonly name: string;
  readonly shape: [number, number];
  readonly x: number[];
  readonly timeDays: number[];
  readonly event: number[];
  readonly fits: readonly {
    readonly penalty: number;
    readonly coef: number[];
    readonly lifelines: number[];
    readonly objective: number;
    readonly atDays: number[];
    readonly survival: number[][];
  }[];
}

const { cases } = fixture<{ cases: Case[] }>('cox');
const timesOf = ({ timeDays, event }: { timeDays: readonly number[]; event: readonly number[] }): SurvivalTimes => ({
  timeDays: Float64Array.from(timeDays),
  event: Uint8Array.from(event),
});

describe('ridge-penalized Cox regression agrees with scikit-survival and lifelines', () => {
  for (const { name, shape, x, fits, ...rest } of cases) {
    const times = timesOf(rest);
    const block = matrix(shape[0], shape[1], Float64Array.from(x));
    it.each(fits)(`${name}, penalty $penalty: coefficients, likelihood and survival to 1e-6`, async (expected) => {
      const { penalty, coef, lifelines, objective, atDays, survival } = expected;
      const fitted = await cox({ penalties: [penalty], tolerance: 1e-11 }).fit([block], times, { seed: 0 });
      coef.forEach((value, j) => expectClose(fitted.weights[0][j], value, 1e-6, `coefficient ${j}`, 1e-6));
      lifelines.forEach((value, j) => expectClose(fitted.weights[0][j], value, 1e-6, `of lifelines ${j}`, 1e-6));
      const loss = coxNegativeLogLikelihood(times, await fitted.apply([block]));
      const ridge = 0.5 * penalty * fitted.weights[0].reduce((sum, w) => sum + w * w, 0);
      expectClose(loss + ridge, objective, 1e-9, 'objective');
      const few = takeRows(block, [0, 1, 2, 3, 4, 5]);
      const said = await fitted.survival([few], atDays);
      survival.flat().forEach((value, at) => expectClose(said.data[at], value, 1e-6, `survival ${at}`));
    });
  }
});

const generator = random(8);
const draw = (n: number, p: number) =>
  matrix(
    n,
    p,
    Float64Array.from({ length: n * p }, () => generator.normal()),
  );
const wide = draw(60, 90);
const times: SurvivalTimes = {
  timeDays: Float64Array.from({ length: 60 }, (_, i) =>
    Math.ceil(20 * Math.exp(-wide.data[i * 90]) * -Math.log(1 - generator.uniform())),
  ),
  event: Uint8Array.from({ length: 60 }, () => (generator.uniform() < 0.7 ? 1 : 0)),
};
const everyone = Int32Array.from({ length: 60 }, (_, i) => i);
const inner = everyone.map((i) => i % 4);
const fitAt = (blocks: readonly Matrix[], penalty: number) =>
  cox({ penalties: [penalty], tolerance: 1e-11 }).fit(blocks, times, { seed: 0 });
const columns = (from: number, to: number) => Array.from({ length: to - from }, (_, j) => from + j);

describe('the partial likelihood', () => {
  const scores = Float64Array.from(everyone, () => generator.normal());
  const moved = (at: number, by: number) => scores.map((value, i) => (i === at ? value + by : value));

  it('has the derivatives that central differences show', () => {
    const loss = coxLoss(times);
    const residuals = new Float64Array(60);
    const there = new Float64Array(60);
    const direction = Float64Array.from(everyone, () => generator.normal());
    loss.evaluate(scores, residuals);
    const curved = direction.slice();
    loss.curve(curved);
    const step = 1e-5;
    for (const i of [0, 17, 41]) {
      const slope = (loss.evaluate(moved(i, step), there) - loss.evaluate(moved(i, -step), there)) / (2 * step);
      expectClose(residuals[i], slope, 1e-5, `first derivative ${i}`, 1e-8);
    }
    const ahead = new Float64Array(60);
    const behind = new Float64Array(60);
    loss.evaluate(
      scores.map((s, i) => s + step * direction[i]),
      ahead,
    );
    loss.evaluate(
      scores.map((s, i) => s - step * direction[i]),
      behind,
    );
    curved.forEach((value, i) =>
      expectClose(value, (ahead[i] - behind[i]) / (2 * step), 1e-5, `second derivative ${i}`, 1e-7),
    );
  });

  it('does not change when all scores rise alike, even far', () => {
    const raised = coxNegativeLogLikelihood(
      times,
      scores.map((s) => s + 2000),
    );
    expectClose(raised, coxNegativeLogLikelihood(times, scores), 1e-9, 'loss');
  });

  it('counts who is censored at the time of an event as still at risk', () => {
    const loss = (censoredAt: number) =>
      coxNegativeLogLikelihood(timesOf({ timeDays: [5, censoredAt], event: [1, 0] }), new Float64Array(2));
    expect(loss(5)).toBeCloseTo(Math.log(2), 12);
    expect(loss(4)).toBe(0);
  });
});

describe('Cox regression', () => {
  it('reaches the same weights from the start of another penalty', () => {
    const x = takeColumns(wide, columns(0, 10));
    const near = coxRidge(x, times, { penalty: 5 });
    const warm = coxRidge(x, times, { penalty: 2, tolerance: 1e-11, start: near.weights });
    const cold = coxRidge(x, times, { penalty: 2, tolerance: 1e-11 });
    expect(warm.converged && cold.converged).toBe(true);
    warm.weights.forEach((weight, j) => expectClose(weight, cold.weights[j], 1e-7, `weight ${j}`, 1e-9));
  });

  it('is the same model from the Gram matrix of many features as from the features', async () => {
    const narrow = takeColumns(wide, columns(0, 40));
    const doubled = takeColumns(
      wide,
      columns(0, 80).map((j) => j % 40),
    ); // 80 > 60, so dual; a doubled feature shares its weight: half the weight, twice the penalty
    const primal = await fitAt([narrow], 4);
    const dual = await fitAt([doubled], 8);
    primal.weights[0].forEach((weight, j) => expectClose(2 * dual.weights[0][j], weight, 1e-6, `weight ${j}`, 1e-8));
  });

  it('of several blocks is the model of their columns side by side', async () => {
    const whole = await fitAt([wide], 6);
    const parts = await fitAt([takeColumns(wide, columns(0, 50)), takeColumns(wide, columns(50, 90))], 6);
    [...parts.weights[0], ...parts.weights[1]].forEach((weight, j) =>
      expectClose(weight, whole.weights[0][j], 1e-6, `weight ${j}`, 1e-8),
    );
  });

  it('says 0 of the mean training subject, however far features lie from 0', async () => {
    const x = takeColumns(wide, columns(0, 10));
    const shifted = matrix(
      60,
      10,
      x.data.map((value) => value + 100),
    );
    const plain = await (await fitAt([x], 2)).apply([x]);
    const far = await (await fitAt([shifted], 2)).apply([shifted]);
    far.forEach((value, i) => expectClose(value, plain[i], 1e-6, `linear predictor ${i}`, 1e-7));
    expect(plain.reduce((a, b) => a + b)).toBeCloseTo(0, 9);
  });

  it('chooses the penalty with the greatest cross-validated partial likelihood of those offered', async () => {
    const penalties = [10, 100, 1000, 10000];
    const at = async (offered: readonly number[]) =>
      crossFitCox({ blocks: [wide], rows: everyone }, times, { penalties: offered }, { seed: 0, inner });
    const alone = await Promise.all(penalties.map((penalty) => at([penalty])));
    const [best] = alone.sort((a, b) => b.crossValidated - a.crossValidated);
    const chosen = await at(penalties);
    expect(chosen.fitted.penalty).toBe(best.fitted.penalty);
    expectClose(chosen.crossValidated, best.crossValidated, 1e-3, 'cross-validated likelihood');
  });

  it('cross-validates as l(all) - l(without the fold), summed over folds', async () => {
    const x = takeColumns(wide, columns(0, 8));
    const { crossValidated } = await crossFitCox(
      { blocks: [x], rows: everyone },
      times,
      { penalties: [3] },
      { seed: 0, inner },
    );
    let expected = 0;
    for (let fold = 0; fold < 4; fold++) {
      const train = everyone.filter((i) => inner[i] !== fold);
      const own = timesOf({
        timeDays: [...train].map((i) => times.timeDays[i]),
        event: [...train].map((i) => times.event[i]),
      });
      const fitted = await cox({ penalties: [3] }).fit([takeRows(x, train)], own, { seed: 0 });
      const all = coxNegativeLogLikelihood(times, await fitted.apply([x]));
      const without = coxNegativeLogLikelihood(own, await fitted.apply([takeRows(x, train)]));
      expected += without - all;
    }
    expectClose(crossValidated, expected, 1e-4, 'cross-validated likelihood');
  });

  it('predicts each training subject out of fold by a model that had not seen it', async () => {
    const design = { blocks: [wide], rows: everyone };
    const options = { penalties: [20] };
    const straight = await crossFitCox(design, times, options, { seed: 0, inner });
    const later = times.timeDays.map((t, i) => (inner[i] === 2 ? t + 50 : t)); // another truth in fold 2 only
    const other = await crossFitCox(design, { ...times, timeDays: later }, options, { seed: 0, inner });
    everyone.forEach((i) => expect(straight.outOfFold[i] !== other.outOfFold[i]).toBe(inner[i] !== 2));
  });

  it('fits the rows of its design and no others', async () => {
    const rows = everyone.filter((i) => i % 3 > 0);
    const x = takeColumns(wide, columns(0, 8));
    const { fitted } = await crossFitCox({ blocks: [x], rows }, times, { penalties: [3] }, { seed: 0 });
    const own = timesOf({
      timeDays: [...rows].map((i) => times.timeDays[i]),
      event: [...rows].map((i) => times.event[i]),
    });
    const alone = await cox({ penalties: [3] }).fit([takeRows(x, rows)], own, { seed: 0 });
    expect([...fitted.weights[0]]).toEqual([...alone.weights[0]]);
  });

  it('holds with an inner fold that has all events, and warns of nothing', async () => {
    const few = { ...times, event: times.event.map((_, i) => (i === 0 || i === 4 ? 1 : 0)) }; // both in fold 0
    const { fitted, warnings } = await crossFitCox({ blocks: [wide], rows: everyone }, few, {}, { seed: 0, inner });
    expect(fitted.weights[0].every(Number.isFinite)).toBe(true);
    expect(warnings).toEqual([]);
  });

  it('gives survival that starts at 1, steps down at event times and stays after the last', async () => {
    const fitted = await fitAt([wide], 6);
    const [first] = fitted.baseline.timesDays;
    const last = fitted.baseline.timesDays.at(-1) as number;
    const { data } = await fitted.survival([takeRows(wide, [0])], [first / 2, first, last, 10 * last]);
    expect(data[0]).toBe(1);
    expect(data[1]).toBeLessThan(1);
    expect(data[2]).toBeLessThan(data[1]);
    expect(data[3]).toBe(data[2]);
  });

  it('is the same after saving and opening, and the same bytes when fitted again', async () => {
    const fitted = await fitAt([wide], 6);
    const opened = openCox(fitted.save());
    expect([...(await opened.apply([wide]))]).toEqual([...(await fitted.apply([wide]))]);
    expect([...(await opened.survival([wide], [10, 20])).data]).toEqual([
      ...(await fitted.survival([wide], [10, 20])).data,
    ]);
    expect((await fitAt([wide], 6)).save()).toEqual(fitted.save());
  });
});

describe('Cox regression refuses', () => {
  const fitWith = (changed: Partial<SurvivalTimes>, blocks: readonly Matrix[] = [wide], penalty = 1) =>
    cox({ penalties: [penalty] }).fit(blocks, { ...times, ...changed }, { seed: 0 });
  const withTime = (value: number) => ({ timeDays: times.timeDays.map((t, i) => (i === 3 ? value : t)) });

  it.each([0, -5, Number.NaN, Number.POSITIVE_INFINITY])('a time of %d', async (value) => {
    await expect(fitWith(withTime(value))).rejects.toThrow(
      `cox: timeDays[3]: not a survival time, expected a finite number above 0, got ${value}`,
    );
  });

  it('a cohort without an event', async () => {
    await expect(fitWith({ event: new Uint8Array(60) })).rejects.toThrow(
      'cox: nobody had the event, expected at least one event, got 60 censored subjects',
    );
  });

  it('an event that is neither 0 nor 1, and events of other subjects', async () => {
    await expect(fitWith({ event: times.event.map((e, i) => (i === 2 ? 2 : e)) })).rejects.toThrow(
      'cox: event[2]: neither event nor censoring, expected 1 or 0, got 2',
    );
    await expect(fitWith({ event: times.event.slice(1) })).rejects.toThrow(
      'cox: times and events of different subjects, expected 60 events, got 59',
    );
  });

  it('a missing value, rows of other subjects, and no block at all', async () => {
    const holed = matrix(60, 90, wide.data.slice());
    holed.data[90 * 4 + 7] = Number.NaN;
    await expect(fitWith({}, [wide, holed])).rejects.toThrow(
      'cox: block 1, row 4, column 7: missing or infinite, expected a finite number (impute first), got NaN',
    );
    await expect(fitWith({}, [takeRows(wide, [0, 1])])).rejects.toThrow(
      'cox: block 0: other subjects than the target, expected 60 rows, got 2',
    );
    await expect(fitWith({}, [])).rejects.toThrow('cox: nothing to learn from, expected at least one block');
  });

  it('a penalty that is not positive', async () => {
    await expect(fitWith({}, [wide], 0)).rejects.toThrow('cox: penalties: unusable, expected positive numbers, got 0');
  });

  it('columns that it has not learned from, and a damaged saved model', async () => {
    const fitted = await fitAt([wide], 6);
    await expect(fitted.apply([takeColumns(wide, columns(0, 80))])).rejects.toThrow(
      'cox: other columns than in training, expected blocks of 90, got 80',
    );
    const saved = fitted.save();
    const blobs = { ...saved.blobs, timesDays: saved.blobs.timesDays.slice(0, 16) };
    expect(() => openCox({ ...saved, blobs })).toThrow('cox: event times: damaged or missing part of a saved model');
  });
});

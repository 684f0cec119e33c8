import { describe, expect, it } from 'vitest';
import { type Matrix, matrix, takeColumns } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { crossFitCox, openCox } from '../../src/expert/cox.ts';
import { crossFitLogistic, openLogistic } from '../../src/expert/logistic.ts';
import { crossFitRidge, openRidge } from '../../src/expert/ridge.ts';
import type { SurvivalTimes } from '../../src/score/survival-times.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

interface Case {
  readonly name: string;
  readonly l1Ratio: number;
  readonly shape: [number, number];
  readonly x: number[];
  readonly label: number[];
  readonly third: number[];
  readonly value: number[];
  readonly time: number[];
  readonly fits: readonly {
    readonly kind: 'binary' | 'softmax' | 'values' | 'survival';
    readonly penalty: number;
    readonly coef: number[];
    readonly intercept: number[];
    readonly objective: number;
  }[];
}

/** Slopes of the loss by each weight [outputs][features] and intercept, from the definition, one subject at a time. */
type Slopes = (x: Matrix, scores: readonly (readonly number[])[]) => { loss: number; byScore: number[][] };

const classLoss =
  (labels: readonly number[], classes: number): Slopes =>
  (_, scores) => {
    let loss = 0;
    const byScore = scores.map((own, i) => {
      const all = classes === 2 ? [0, ...own] : own;
      const total = all.reduce((sum, score) => sum + Math.exp(score), 0);
      loss += Math.log(total) - all[labels[i]];
      const residuals = all.map((score, k) => Math.exp(score) / total - (labels[i] === k ? 1 : 0));
      return classes === 2 ? residuals.slice(1) : residuals;
    });
    return { loss, byScore };
  };

const squaredLoss =
  (values: Float64Array): Slopes =>
  (_, scores) => ({
    loss: scores.reduce((sum, [score], i) => sum + 0.5 * (score - values[i]) ** 2, 0),
    byScore: scores.map(([score], i) => [score - values[i]]),
  });

/** Efron's: at an event time, the l-th of d deaths leaves the risk set with l / d of each of the dying gone. */
const survivalLoss =
  ({ timeDays, event }: SurvivalTimes): Slopes =>
  (_, scores) => {
    let loss = 0;
    const byScore = scores.map(() => [0]);
    for (const time of new Set([...timeDays].filter((_, i) => event[i]))) {
      const dying = [...timeDays.keys()].filter((i) => timeDays[i] === time && event[i]);
      const atRisk = [...timeDays.keys()].filter((i) => timeDays[i] >= time);
      dying.forEach((one, l) => {
        const share = (i: number) => (dying.includes(i) ? 1 - l / dying.length : 1);
        const total = atRisk.reduce((sum, i) => sum + share(i) * Math.exp(scores[i][0]), 0);
        loss += Math.log(total) - scores[one][0];
        byScore[one][0] -= 1;
        for (const i of atRisk) byScore[i][0] += (share(i) * Math.exp(scores[i][0])) / total;
      });
    }
    return { loss, byScore };
  };

interface Model {
  readonly weights: readonly Float64Array[];
  readonly intercepts: ArrayLike<number>;
}

/** The objective, and how far the subgradient nearest to zero is from it in any weight or intercept. */
function optimality(
  blocks: readonly Matrix[],
  { weights, intercepts }: Model,
  slopes: Slopes,
  penalty: number,
  l1Ratio: number,
) {
  const n = blocks[0].shape[0];
  const outputs = Math.max(1, intercepts.length);
  const scores = Array.from({ length: n }, (_, i) =>
    Array.from({ length: outputs }, (_, k) => {
      let score = intercepts[k] ?? 0;
      blocks.forEach(({ data, shape: [, p] }, b) => {
        for (let j = 0; j < p; j++) score += data[i * p + j] * weights[b][k * p + j];
      });
      return score;
    }),
  );
  const { loss, byScore } = slopes(blocks[0], scores);
  let objective = loss;
  let gap = 0;
  let kept = 0;
  const pull = penalty * l1Ratio;
  blocks.forEach(({ data, shape: [, p] }, b) => {
    for (let k = 0; k < outputs; k++) {
      for (let j = 0; j < p; j++) {
        const w = weights[b][k * p + j];
        let slope = 0;
        for (let i = 0; i < n; i++) slope += data[i * p + j] * byScore[i][k];
        objective += penalty * (((1 - l1Ratio) / 2) * w * w + l1Ratio * Math.abs(w));
        if (w !== 0) kept++;
        const own =
          w === 0 ? Math.abs(slope) - pull : Math.abs(slope + penalty * (1 - l1Ratio) * w + pull * Math.sign(w));
        gap = Math.max(gap, own);
      }
    }
  });
  for (let k = 0; k < intercepts.length; k++) {
    gap = Math.max(gap, Math.abs(byScore.reduce((sum, own) => sum + own[k], 0)));
  }
  return { objective, gap, kept };
}

const run = { seed: 0 };
const rowsOf = (n: number) => Int32Array.from({ length: n }, (_, i) => i);
const noIntercept = new Float64Array(0);

/** A model of each kind at one penalty: its weights, intercepts and the loss that it should minimize. */
const kinds = {
  binary: async (
    blocks: readonly Matrix[],
    labels: readonly number[],
    options: { penalties: number[]; l1Ratio: number },
  ) => {
    const design = { blocks, rows: rowsOf(labels.length) };
    const tight = { ...options, tolerance: 1e-11 };
    const { fitted, warnings } = await crossFitLogistic(design, Int32Array.from(labels), 2, tight, run);
    return { model: fitted, warnings, slopes: classLoss(labels, 2) };
  },
  softmax: async (
    blocks: readonly Matrix[],
    labels: readonly number[],
    options: { penalties: number[]; l1Ratio: number },
  ) => {
    const design = { blocks, rows: rowsOf(labels.length) };
    const tight = { ...options, tolerance: 1e-11 };
    const { fitted, warnings } = await crossFitLogistic(design, Int32Array.from(labels), 3, tight, run);
    return { model: fitted, warnings, slopes: classLoss(labels, 3) };
  },
  values: async (
    blocks: readonly Matrix[],
    values: readonly number[],
    options: { penalties: number[]; l1Ratio: number },
  ) => {
    const y = Float64Array.from(values);
    const { fitted, warnings } = await crossFitRidge({ blocks, rows: rowsOf(y.length) }, y, options, run);
    return { model: { ...fitted, intercepts: [fitted.intercept] }, warnings, slopes: squaredLoss(y) };
  },
  /** A negative time is of a censored subject. */
  survival: async (
    blocks: readonly Matrix[],
    time: readonly number[],
    options: { penalties: number[]; l1Ratio: number },
  ) => {
    const times = { timeDays: Float64Array.from(time, Math.abs), event: Uint8Array.from(time, (t) => (t > 0 ? 1 : 0)) };
    const tight = { ...options, tolerance: 1e-11 };
    const { fitted, warnings } = await crossFitCox({ blocks, rows: rowsOf(time.length) }, times, tight, run);
    return { model: { ...fitted, intercepts: noIntercept }, warnings, slopes: survivalLoss(times) };
  },
} as const;

const targetOf = { binary: 'label', softmax: 'third', values: 'value', survival: 'time' } as const;

describe('the elastic net agrees with scikit-learn and scikit-survival', () => {
  for (const { name, l1Ratio, shape, x, fits, ...targets } of fixture<{ cases: Case[] }>('elastic-net').cases) {
    it.each(fits)(`${name}, l1Ratio ${l1Ratio}: $kind, penalty $penalty`, async (expected) => {
      const { kind, penalty } = expected;
      const block = matrix(shape[0], shape[1], Float64Array.from(x));
      const { model, slopes, warnings } = await kinds[kind]([block], targets[targetOf[kind]], {
        penalties: [penalty],
        l1Ratio,
      });
      expect(warnings).toEqual([]);
      expectClose(
        optimality([block], model, slopes, penalty, l1Ratio).objective,
        expected.objective,
        1e-10,
        'objective',
      );
      expected.coef.forEach((value, j) => expectClose(model.weights[0][j], value, 1e-6, `weight ${j}`, 1e-7));
      expected.intercept.forEach((value, k) => expectClose(model.intercepts[k], value, 1e-6, `intercept ${k}`, 1e-7));
    });
  }
});

/** Correlated columns of any mean and scale in two blocks, and targets that a few of them make. */
function world(seed: number, n: number, p: number) {
  const generator = random(seed);
  const shared = Float64Array.from({ length: n }, () => generator.normal());
  const scale = Float64Array.from({ length: p }, () => Math.exp(generator.normal() / 2));
  const x = matrix(n, p, new Float32Array(n * p));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) x.data[i * p + j] = 3 * (j % 4) + scale[j] * (shared[i] + generator.normal());
  }
  const score = Array.from(
    { length: n },
    (_, i) => x.data[i * p] - x.data[i * p + 1] + 3 + x.data[i * p + 2] - 6 + generator.normal(),
  );
  const split = Math.floor(p / 3);
  const columns = (from: number, to: number) => Array.from({ length: to - from }, (_, j) => from + j);
  return {
    whole: x,
    blocks: [takeColumns(x, columns(0, split)), takeColumns(x, columns(split, p))],
    targets: {
      binary: score.map((value) => (value > 0 ? 1 : 0)),
      softmax: score.map((value) => (value > 1 ? 2 : value > -1 ? 1 : 0)),
      values: score.map((value) => 100 + 5 * value),
      // tied times, about a third of them censored
      survival: score.map((value) => Math.ceil(20 * Math.exp(-value / 3)) * (generator.uniform() < 0.3 ? -1 : 1)),
    },
  };
}

describe('a fit of the elastic net is at its optimum: no weight has a slope that its penalty does not hold', () => {
  const worlds = [
    { name: 'fewer features than subjects', ...world(1, 70, 9) },
    { name: 'more features than subjects', ...world(2, 36, 90) },
  ];
  for (const { name, blocks, targets } of worlds) {
    for (const kind of ['binary', 'softmax', 'values', 'survival'] as const) {
      it.each([0.15, 0.7, 1])(`${kind}, ${name}, l1Ratio %d`, async (l1Ratio) => {
        const none = await kinds[kind](blocks, targets[kind], { penalties: [1e9], l1Ratio });
        const empty = optimality(blocks, none.model, none.slopes, 0, l1Ratio);
        expect(empty.kept).toBe(0);
        const top = empty.gap / l1Ratio; // the largest slope without features: the weakest penalty that keeps none
        for (const share of [1.0001, 0.9, 0.3, 0.03]) {
          const penalty = top * share;
          const { model, slopes, warnings } = await kinds[kind](blocks, targets[kind], {
            penalties: [penalty],
            l1Ratio,
          });
          const { gap, kept } = optimality(blocks, model, slopes, penalty, l1Ratio);
          expect(gap / empty.gap).toBeLessThan(kind === 'values' ? 2e-8 : 1e-9);
          if (share > 1) expect(kept).toBe(0);
          else expect(kept).toBeGreaterThan(0);
          expect(warnings.length).toBe(share > 1 ? 1 : 0);
        }
      });
    }
  }
});

const { whole, targets } = world(3, 60, 40);
const labels = Int32Array.from(targets.binary);
const values = Float64Array.from(targets.values);
const times = {
  timeDays: Float64Array.from(targets.survival, Math.abs),
  event: Uint8Array.from(targets.survival, (time) => (time > 0 ? 1 : 0)),
};
const design = { blocks: [whole], rows: rowsOf(60) };
const inner = rowsOf(60).map((i) => i % 5);
const folded = { seed: 0, inner };
const keptOf = (weights: readonly Float64Array[]) => [...weights[0].keys()].filter((j) => weights[0][j] !== 0);

describe('the elastic net', () => {
  it('is the ridge model where l1Ratio is 0, to the byte', async () => {
    for (const l1Ratio of [0, [0]]) {
      const logistic = await crossFitLogistic(design, labels, 2, { l1Ratio }, folded);
      expect(logistic.fitted.save()).toEqual((await crossFitLogistic(design, labels, 2, {}, folded)).fitted.save());
      const cox = await crossFitCox(design, times, { l1Ratio }, folded);
      expect(cox.fitted.save()).toEqual((await crossFitCox(design, times, {}, folded)).fitted.save());
      const ridge = await crossFitRidge(design, values, { l1Ratio }, folded);
      expect(ridge.fitted.save()).toEqual((await crossFitRidge(design, values, {}, folded)).fitted.save());
      expect([logistic.fitted.l1Ratio, cox.fitted.l1Ratio, ridge.fitted.l1Ratio]).toEqual([0, 0, 0]);
    }
  });

  it('nears the ridge model as l1Ratio nears 0', async () => {
    const near = { penalties: [20], l1Ratio: 1e-9 };
    const pairs = [
      [
        (await crossFitLogistic(design, labels, 2, near, folded)).fitted,
        (await crossFitLogistic(design, labels, 2, { penalties: [20] }, folded)).fitted,
      ],
      [
        (await crossFitCox(design, times, near, folded)).fitted,
        (await crossFitCox(design, times, { penalties: [20] }, folded)).fitted,
      ],
      [
        (await crossFitRidge(design, values, near, folded)).fitted,
        (await crossFitRidge(design, values, { penalties: [20] }, folded)).fitted,
      ],
    ];
    for (const [sparse, ridge] of pairs) {
      ridge.weights[0].forEach((weight, j) => expectClose(sparse.weights[0][j], weight, 1e-4, `weight ${j}`, 1e-6));
    }
  });

  it('chooses by itself a penalty that keeps some features and drops others', async () => {
    const options = { l1Ratio: 0.9 };
    for (const { weights } of [
      (await crossFitLogistic(design, labels, 2, options, folded)).fitted,
      (await crossFitCox(design, times, options, folded)).fitted,
      (await crossFitRidge(design, values, options, folded)).fitted,
    ]) {
      const kept = keptOf(weights);
      expect(kept).toContain(0); // of the three that made the targets
      expect(kept.length).toBeLessThan(35);
    }
  });

  it('chooses the l1Ratio with the least inner loss of those offered, ridge among them', async () => {
    const offered = [0, 0.3, 1];
    const fitAll = {
      logistic: async (l1Ratio: number | readonly number[]) => {
        const { fitted, innerLoss, outOfFold } = await crossFitLogistic(design, labels, 2, { l1Ratio }, folded);
        return { fitted, innerLoss, outOfFold: outOfFold.data };
      },
      cox: async (l1Ratio: number | readonly number[]) => {
        const { fitted, crossValidated, outOfFold } = await crossFitCox(design, times, { l1Ratio }, folded);
        return { fitted, innerLoss: -crossValidated, outOfFold };
      },
      ridge: (l1Ratio: number | readonly number[]) => crossFitRidge(design, values, { l1Ratio }, folded),
    };
    for (const fitOne of Object.values(fitAll)) {
      const alone = await Promise.all(offered.map((ratio) => fitOne(ratio)));
      const [best] = [...alone].sort((a, b) => a.innerLoss - b.innerLoss);
      const chosen = await fitOne(offered);
      expect(chosen.fitted.l1Ratio).toBe(best.fitted.l1Ratio);
      expect(chosen.fitted.penalty).toBe(best.fitted.penalty);
      expect(chosen.fitted.weights).toEqual(best.fitted.weights);
      expect(chosen.innerLoss).toBe(best.innerLoss);
      expect(chosen.outOfFold).toEqual(best.outOfFold);
    }
    const noisy = matrix(
      60,
      40,
      Float64Array.from({ length: 2400 }, (_, at) => Math.sin(at * at)),
    );
    const all = noisy.data.reduce((sums, value, at) => {
      sums[Math.floor(at / 40)] += value;
      return sums;
    }, new Float64Array(60)); // every feature counts the same: ridge's world
    const dense = await crossFitRidge({ blocks: [noisy], rows: rowsOf(60) }, all, { l1Ratio: offered }, folded);
    const few = await crossFitRidge(design, values, { l1Ratio: offered }, folded);
    expect([dense.fitted.l1Ratio, few.fitted.l1Ratio]).toEqual([0, 1]);
  });

  it('predicts each training subject out of fold by a model that had not seen it', async () => {
    const options = { penalties: [3], l1Ratio: 0.5 };
    const swap = <T extends Float64Array | Int32Array | Uint8Array>(target: T): T =>
      target.map((value, i) => (inner[i] === 2 ? (value === 0 ? 1 : value === 1 ? 0 : value + 7) : value)) as T;
    const event = swap(times.event);
    const pairs = [
      [
        await crossFitLogistic(design, labels, 2, options, folded),
        await crossFitLogistic(design, swap(labels), 2, options, folded),
      ],
      [
        await crossFitRidge(design, values, options, folded),
        await crossFitRidge(design, swap(values), options, folded),
      ],
      [
        await crossFitCox(design, times, options, folded),
        await crossFitCox(design, { ...times, event }, options, folded),
      ],
    ].map((pair) => pair.map(({ outOfFold }) => ('data' in outOfFold ? outOfFold.data : outOfFold)));
    for (const [straight, other] of pairs) {
      const width = straight.length / 60;
      rowsOf(60).forEach((i) => expect(straight[i * width] !== other[i * width]).toBe(inner[i] !== 2));
    }
  });

  it('of several blocks is the model of their columns side by side', async () => {
    const options = { penalties: [2], l1Ratio: 0.5, tolerance: 1e-11 };
    const columns = [...Array(40).keys()];
    const blocks = [takeColumns(whole, columns.slice(0, 25)), takeColumns(whole, columns.slice(25))];
    const alone = await crossFitLogistic(design, labels, 2, options, folded);
    const parts = await crossFitLogistic({ ...design, blocks }, labels, 2, options, folded);
    [...parts.fitted.weights[0], ...parts.fitted.weights[1]].forEach((weight, j) =>
      expectClose(weight, alone.fitted.weights[0][j], 1e-7, `weight ${j}`, 1e-9),
    );
    expectClose(parts.innerLoss, alone.innerLoss, 1e-12, 'inner loss');
  });

  it('counts classes the same where they are balanced, as repeated subjects would', async () => {
    const few = [...labels.keys()].filter((i) => labels[i] === 1).slice(0, 6);
    const many = [...labels.keys()].filter((i) => labels[i] === 0).slice(0, 18);
    const options = { l1Ratio: 0.6, tolerance: 1e-11 };
    const balanced = await crossFitLogistic(
      { blocks: [whole], rows: Int32Array.from([...few, ...many]) },
      labels,
      2,
      { ...options, penalties: [2], classWeight: 'balanced' },
      run,
    );
    const thrice = Int32Array.from([...few, ...few, ...few, ...many]);
    const repeated = await crossFitLogistic(
      { blocks: [whole], rows: thrice },
      labels,
      2,
      { ...options, penalties: [3] },
      run,
    );
    balanced.fitted.weights[0].forEach((weight, j) =>
      expectClose(weight, repeated.fitted.weights[0][j], 1e-6, `weight ${j}`, 1e-8),
    );
  });

  it('says so where no feature is worth its penalty', async () => {
    const options = { penalties: [1e6], l1Ratio: 0.5 };
    const said = (where: string) => [
      `${where}: no feature was kept at penalty 1000000, so it says the same for everyone`,
    ];
    expect((await crossFitLogistic(design, labels, 2, options, folded)).warnings).toEqual(said('logistic'));
    expect((await crossFitCox(design, times, options, folded)).warnings).toEqual(said('cox'));
    const ridge = await crossFitRidge(design, values, options, folded);
    expect(ridge.warnings).toEqual(said('ridge'));
    expectClose(ridge.fitted.intercept, values.reduce((a, b) => a + b) / 60, 1e-12, 'the mean');
  });

  it('says the value that all have, where all have one', async () => {
    const { fitted } = await crossFitRidge(design, new Float64Array(60).fill(7), { l1Ratio: 1 }, folded);
    (await fitted.apply([whole])).forEach((value) => expect(value).toBeCloseTo(7, 12));
  });

  it('is the same after saving and opening, and a model saved without an l1Ratio opens as ridge', async () => {
    const options = { penalties: [3], l1Ratio: 0.5 };
    const logistic = (await crossFitLogistic(design, labels, 2, options, folded)).fitted;
    const cox = (await crossFitCox(design, times, options, folded)).fitted;
    const ridge = (await crossFitRidge(design, values, options, folded)).fitted;
    const opened = [openLogistic(logistic.save()), openCox(cox.save()), openRidge(ridge.save())];
    expect(opened.map(({ l1Ratio }) => l1Ratio)).toEqual([0.5, 0.5, 0.5]);
    expect(await opened[0].apply([whole])).toEqual(await logistic.apply([whole]));
    expect(await opened[1].apply([whole])).toEqual(await cox.apply([whole]));
    expect(await opened[2].apply([whole])).toEqual(await ridge.apply([whole]));
    const before = [logistic, cox, ridge].map((model) => {
      const { l1Ratio: _, ...state } = model.save().state;
      return { ...model.save(), state };
    });
    expect([openLogistic(before[0]), openCox(before[1]), openRidge(before[2])].map(({ l1Ratio }) => l1Ratio)).toEqual([
      0, 0, 0,
    ]);
  });

  it('refuses an l1Ratio outside 0 .. 1, and an empty choice', async () => {
    const wanted = 'l1Ratio: unusable, expected numbers from 0 (ridge) to 1 (lasso), got';
    await expect(crossFitLogistic(design, labels, 2, { l1Ratio: 1.5 }, folded)).rejects.toThrow(
      `logistic: ${wanted} 1.5`,
    );
    await expect(crossFitCox(design, times, { l1Ratio: [0.5, -0.1] }, folded)).rejects.toThrow(`cox: ${wanted} -0.1`);
    await expect(crossFitRidge(design, values, { l1Ratio: [] }, folded)).rejects.toThrow(`ridge: ${wanted} none`);
    await expect(crossFitRidge(design, values, { l1Ratio: Number.NaN }, folded)).rejects.toThrow(
      `ridge: ${wanted} NaN`,
    );
  });
});

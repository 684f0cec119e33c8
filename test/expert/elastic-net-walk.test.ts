import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { blockColumns } from '../../src/expert/block-columns.ts';
import { coxModel } from '../../src/expert/cox-elastic-net.ts';
import { elasticNetWalk } from '../../src/expert/elastic-net.ts';
import { logisticModel } from '../../src/expert/logistic-elastic-net.ts';
import { type SparseModel, type SparseSolution, solveWithin } from '../../src/expert/proximal-newton.ts';
import { squaredModel } from '../../src/expert/ridge-elastic-net.ts';

/** Features with a common part: the share of the variance that all of them have. */
function world(seed: number, n: number, p: number, common = 0) {
  const generator = random(seed);
  const x = matrix(n, p, new Float64Array(n * p));
  for (let i = 0; i < n; i++) {
    const shared = Math.sqrt(common) * generator.normal();
    for (let j = 0; j < p; j++) x.data[i * p + j] = shared + Math.sqrt(1 - common) * generator.normal();
  }
  const score = Float64Array.from(
    { length: n },
    (_, i) => x.data[i * p] - x.data[i * p + 1] + 0.3 * generator.normal(),
  );
  const columns = blockColumns({ blocks: [x], rows: Int32Array.from({ length: n }, (_, i) => i) });
  return { columns, score, generator };
}

/** How far any weight's slope is from being held by its penalty, all features looked at. */
function gapOf(
  { columns, model }: { columns: ReturnType<typeof blockColumns>; model: SparseModel },
  solution: SparseSolution,
  penalty: number,
  l1Ratio: number,
): number {
  const { subjects, features } = columns;
  const { outputs } = model;
  const all = columns.gather([...Array(features).keys()]); // [features, subjects]
  const scores = new Float64Array(subjects * outputs).map((_, at) => solution.intercepts[at % outputs]);
  const weights = new Float64Array(features * outputs);
  solution.kept.forEach((feature, a) => {
    weights.set(solution.weights.subarray(a * outputs, (a + 1) * outputs), feature * outputs);
  });
  for (let c = 0; c < weights.length; c++) {
    const from = Math.floor(c / outputs) * subjects;
    for (let i = 0; i < subjects; i++) scores[i * outputs + (c % outputs)] += weights[c] * all[from + i];
  }
  const residuals = new Float64Array(scores.length);
  model.loss.evaluate(scores, residuals);
  let largest = 0;
  weights.forEach((w, c) => {
    let slope = penalty * (1 - l1Ratio) * w;
    const from = Math.floor(c / outputs) * subjects;
    for (let i = 0; i < subjects; i++) slope += all[from + i] * residuals[i * outputs + (c % outputs)];
    const pull = penalty * l1Ratio;
    largest = Math.max(largest, w === 0 ? Math.abs(slope) - pull : Math.abs(slope + pull * Math.sign(w)));
  });
  return largest;
}

describe('a walk along penalties', () => {
  // of these worlds the strong rule drops features that are needed, three times and three times
  it.each([9, 10])('takes back in what the strong rule was wrong to drop, world %d', (seed) => {
    const { columns, score } = world(seed, 24, 30);
    const model = squaredModel(score);
    const walk = elasticNetWalk(columns, model, 1);
    for (let share = 0.97; share > 0.001; share *= 0.97) {
      const penalty = share * walk.steepest;
      const solution = walk.to(penalty, 1e-9 * walk.steepest);
      expect(gapOf({ columns, model }, solution, penalty, 1) / walk.steepest).toBeLessThan(2e-9);
    }
  });

  it.each([0.2, 1])('of near copies ends at its optimum, from afar as step by step, l1Ratio %d', (l1Ratio) => {
    const { columns, score, generator } = world(4, 80, 120, 0.95);
    const times = {
      timeDays: score.map((value) => Math.ceil(30 * Math.exp(-value))),
      event: Uint8Array.from(score, () => (generator.uniform() < 0.7 ? 1 : 0)),
    };
    const models = [
      logisticModel(
        Int32Array.from(score, (value) => (value > 0 ? 1 : 0)),
        2,
        'none',
      ),
      logisticModel(
        Int32Array.from(score, (value) => (value > 0.2 ? 2 : value > -0.2 ? 1 : 0)),
        3,
        'balanced',
      ),
      coxModel(times),
      squaredModel(score),
    ];
    for (const model of models) {
      const far = elasticNetWalk(columns, model, l1Ratio);
      const near = elasticNetWalk(columns, model, l1Ratio);
      const penalty = (0.02 * far.steepest) / l1Ratio;
      const enough = 1e-10 * far.steepest;
      for (let step = 0; step < 20; step++) near.to((far.steepest / l1Ratio) * 0.02 ** (step / 20), enough);
      const solutions = [far.to(penalty, enough), near.to(penalty, enough)];
      for (const solution of solutions) {
        expect(solution.converged).toBe(true);
        expect(gapOf({ columns, model }, solution, penalty, l1Ratio) / far.steepest).toBeLessThan(2e-10);
      }
      expect(solutions[0].loss).toBeCloseTo(solutions[1].loss, 6);
    }
  });

  it('keeps nothing at the penalty that its steepest slope names, and something just below', () => {
    const { columns, score } = world(5, 40, 10);
    const walk = elasticNetWalk(columns, squaredModel(score), 0.5);
    const top = walk.steepest / 0.5;
    expect(walk.to(top, 0).kept).toEqual([]);
    expect(walk.to(top * 0.999, 1e-9).kept.length).toBe(1);
  });
});

describe('a fit among chosen features', () => {
  it('finds its way back from a start where the full step would only rise', () => {
    const { columns, score } = world(6, 60, 5);
    const model = logisticModel(
      Int32Array.from(score, (value) => (value > 0 ? 1 : 0)),
      2,
      'none',
    );
    const shrinkage = { l1: 2, l2: 2 };
    const problem = { columns, model, chosen: [0, 1, 2, 3, 4], shrinkage, enough: 1e-9 };
    const none = { kept: [], weights: new Float64Array(0), loss: 0, converged: true };
    const [near, far] = [0, 9].map((intercept) =>
      solveWithin(problem, { ...none, intercepts: Float64Array.of(intercept) }, new Float64Array(60)),
    );
    expect(far.converged).toBe(true);
    far.weights.forEach((weight, at) => expect(weight).toBeCloseTo(near.weights[at], 8));
    expect(gapOf({ columns, model }, far, 4, 0.5)).toBeLessThan(2e-9);
  });
});

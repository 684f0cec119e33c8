import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { type Random, random } from '../../src/array/random.ts';
import type { Target } from '../../src/describe/target.ts';
import { coxNegativeLogLikelihood } from '../../src/expert/cox-likelihood.ts';
import type { Training } from '../../src/fuse/combine/combiner.ts';
import { convex, convexWeights } from '../../src/fuse/combine/convex.ts';
import { minimizeOnSimplex, onSimplex } from '../../src/fuse/combine/simplex.ts';
import { taskOf } from '../../src/fuse/task/tasks.ts';

const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));

/** Experts who see a truth through noise of their own; none of it where `noise` is infinite. */
function heard(
  kind: Target['kind'],
  noise: readonly number[],
  { subjects = 300, seed = 1, absent = 0 }: { subjects?: number; seed?: number; absent?: number } = {},
): Training {
  const generator = random(seed);
  const truth = Float64Array.from({ length: subjects }, () => generator.normal());
  const target = targetOf(kind, truth, generator);
  const said = noise.map((sd) => {
    const seen = truth.map((value) => (Number.isFinite(sd) ? value + sd * generator.normal() : generator.normal()));
    if (kind !== 'classes') return matrix(subjects, 1, seen);
    return matrix(subjects, 2, Float64Array.from([...seen].flatMap((value) => [1 - sigmoid(value), sigmoid(value)])));
  });
  const present = Uint8Array.from({ length: subjects * noise.length }, () => (generator.uniform() < absent ? 0 : 1));
  return { opinions: { said, present }, target, task: taskOf(target), run: { seed: 0 } };
}

function targetOf(kind: Target['kind'], truth: Float64Array, generator: Random): Target {
  switch (kind) {
    case 'classes': {
      const labels = Int32Array.from(truth, (value) => (generator.uniform() < sigmoid(1.5 * value) ? 1 : 0));
      return { kind, name: 't', classes: ['no', 'yes'], labels };
    }
    case 'value':
      return { kind, name: 't', unit: 'mmHg', values: truth.map((value) => value + 0.3 * generator.normal()) };
    case 'survival':
      return {
        kind,
        name: 't',
        timeDays: truth.map((value) => 1 + -Math.log(1 - generator.uniform()) * 500 * Math.exp(-value)),
        event: Uint8Array.from(truth, () => (generator.uniform() < 0.7 ? 1 : 0)),
      };
  }
}

/** The loss with one subject more told right by each expert alone. */
function lossWithPrior(training: Training, weights: readonly number[]): number {
  const { said, present } = training.opinions;
  const many = said.length;
  const heard = Array.from(said[0].data, (_, i) => present.subarray(i * many, (i + 1) * many).includes(1));
  const equal = said.map(() => 1 / many);
  const nat = training.target.kind === 'value' ? (2 * lossOf(training, equal)) / heard.filter(Boolean).length : 1;
  return weights.reduce((sum, weight) => sum - nat * Math.log(weight), lossOf(training, weights));
}

/** The loss of weights, written anew: subjects one by one, the Cox slope by a search of its own. */
function lossOf({ opinions, target }: Training, weights: readonly number[]): number {
  const { said, present } = opinions;
  const [n, width] = said[0].shape;
  const rows: number[] = [];
  const pooled: number[][] = [];
  for (let i = 0; i < n; i++) {
    const there = said.map((_, m) => m).filter((m) => present[i * said.length + m] === 1);
    const total = there.reduce((sum, m) => sum + weights[m], 0);
    if (there.length === 0) continue;
    rows.push(i);
    pooled.push(
      Array.from({ length: width }, (_, k) =>
        there.reduce(
          (sum, m) => sum + (total > 0 ? weights[m] / total : 1 / there.length) * said[m].data[i * width + k],
          0,
        ),
      ),
    );
  }
  if (target.kind === 'classes') return -pooled.reduce((sum, p, i) => sum + Math.log(p[target.labels[rows[i]]]), 0);
  if (target.kind === 'value') return pooled.reduce((sum, [v], i) => sum + (v - target.values[rows[i]]) ** 2, 0);
  const times = {
    timeDays: Float64Array.from(rows, (row) => target.timeDays[row]),
    event: Uint8Array.from(rows, (row) => target.event[row]),
  };
  const at = (slope: number) =>
    coxNegativeLogLikelihood(
      times,
      Float64Array.from(pooled, ([v]) => slope * v),
    ) +
    0.5e-3 * slope * slope;
  let [low, high] = [0, 20];
  for (let cut = 0; cut < 40; cut++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (at(a) < at(b)) high = b;
    else low = a;
  }
  return at((low + high) / 2);
}

/** Every point of a grid on the simplex. */
function grid(many: number, parts: number): number[][] {
  if (many === 1) return [[1]];
  const points: number[][] = [];
  const fill = (taken: number[], left: number) => {
    if (taken.length === many - 1) points.push([...taken, left].map((part) => part / parts));
    else for (let part = 0; part <= left; part++) fill([...taken, part], left - part);
  };
  fill([], parts);
  return points;
}

describe('convex weights', () => {
  for (const kind of ['classes', 'value', 'survival'] as const) {
    for (const absent of [0, 0.3]) {
      it(`of ${kind}${absent ? ' with opinions missing' : ''} are those a grid over all weights finds`, () => {
        const cases = [
          { noise: [0.5, 1], parts: 100 },
          { noise: [0.7, 0.8, 1.5], parts: kind === 'survival' ? 20 : 40 },
        ];
        for (const { noise, parts } of cases) {
          const training = heard(kind, noise, { absent, subjects: 200 });
          const weights = convexWeights(training);
          const found = grid(noise.length, parts).map((point) => ({ point, loss: lossWithPrior(training, point) }));
          const best = found.reduce((a, b) => (b.loss < a.loss ? b : a));
          expect(lossWithPrior(training, weights)).toBeLessThanOrEqual(best.loss + 1e-6);
          weights.forEach((weight, m) => {
            expect(Math.abs(weight - best.point[m])).toBeLessThan(1.5 / parts);
          });
        }
      });
    }

    it(`of ${kind} leave nothing to an expert who knows nothing, and are on the simplex`, () => {
      const weights = convexWeights(heard(kind, [0.1, Number.POSITIVE_INFINITY, 0.1], { subjects: 5000, seed: 4 }));
      expect(weights[1]).toBeLessThan(0.03);
      expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
      expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      expect(weights[0]).toBeGreaterThan(0.35);
    });

    it(`of ${kind} are equal where nobody was heard, and 1 of one expert`, () => {
      expect(convexWeights(heard(kind, [1, 1], { absent: 1 }))).toEqual([0.5, 0.5]);
      expect(convexWeights(heard(kind, [1]))).toEqual([1]);
    });
  }

  it('of survival turn from an expert who has the risks upside down', () => {
    const training = heard('survival', [1, 0.2], { subjects: 400 });
    const [right, wrong] = training.opinions.said;
    const turned = { ...wrong, data: wrong.data.map((risk) => -risk) };
    const weights = convexWeights({ ...training, opinions: { ...training.opinions, said: [right, turned] } });
    expect(weights[1]).toBeLessThan(0.05);
  });

  it('are equal where the target tells nothing: no event, one value', () => {
    const survival = heard('survival', [1, 2]);
    if (survival.target.kind !== 'survival') return;
    const target = { ...survival.target, event: new Uint8Array(300) };
    expect(convexWeights({ ...survival, target })).toEqual([0.5, 0.5]);
    const value = heard('value', [1, 2]);
    expect(
      convexWeights({
        ...value,
        target: { kind: 'value', name: 't', values: new Float64Array(300).fill(4) } as Target,
      }),
    ).toEqual([0.5, 0.5]);
  });

  it('lean to the expert who names it more surely where there is one class', () => {
    const labels = new Int32Array(10);
    const target = { kind: 'classes', name: 't', classes: ['no', 'yes'], labels } as const;
    const sure = (p: number) =>
      matrix(
        10,
        2,
        Float64Array.from({ length: 20 }, (_, at) => (at % 2 ? 1 - p : p)),
      );
    const training = {
      opinions: { said: [sure(0.6), sure(0.9)], present: new Uint8Array(20).fill(1) },
      target,
      task: taskOf(target),
      run: { seed: 0 },
    };
    const [, surer] = convexWeights(training);
    expect(surer).toBeGreaterThan(0.7); // of ten subjects and one more for each
  });

  it('settle on somebody where two experts were never heard of the same subject', () => {
    const training = heard('classes', [0.5, 0.5]);
    training.opinions.present.forEach((_, at, all) => {
      all[at] = at % 2 === (at >> 1) % 2 ? 1 : 0;
    });
    const weights = convexWeights(training);
    expect(weights).toEqual([0.5, 0.5]); // every pool is one expert alone, whatever the weights
  });

  it('are told, and average those who are there', async () => {
    const { combiner } = await convex.train(heard('classes', [0.5, 1]));
    const [a, b] = combiner.tell?.values ?? [];
    expect(combiner.tell?.what).toBe('weight');
    const said = [0.9, 0.4].map((p) => matrix(1, 2, Float64Array.of(1 - p, p)));
    expect((await combiner.combine({ said, present: Uint8Array.of(1, 1) })).data[1]).toBeCloseTo(0.9 * a + 0.4 * b, 12);
    expect((await combiner.combine({ said, present: Uint8Array.of(0, 1) })).data[1]).toBeCloseTo(0.4, 12);
    const opened = convex.open(JSON.parse(JSON.stringify(combiner.save().state)), {}, Float64Array.of(0.5, 0.5));
    expect(opened.tell).toEqual(combiner.tell);
  });
});

describe('minimizing on the simplex', () => {
  it('projects onto the nearest point', () => {
    expect([...onSimplex(Float64Array.of(0.2, 0.3, 0.5))]).toEqual([0.2, 0.3, 0.5].map((w) => expect.closeTo(w, 12)));
    expect([...onSimplex(Float64Array.of(2, 0, -1))]).toEqual([1, 0, 0]);
    expect([...onSimplex(Float64Array.of(1, 1))]).toEqual([0.5, 0.5]);
    const [a, b] = onSimplex(Float64Array.of(5, 0), 0.1);
    expect([a, b]).toEqual([expect.closeTo(0.9, 12), expect.closeTo(0.1, 12)]);
  });

  it('finds the smallest of a quadratic whose axes differ a million-fold', () => {
    const aim = [0.2, 0.5, 0.3];
    const bends = [1e-3, 1, 1e3];
    const found = minimizeOnSimplex(3, (w) => ({
      value: w.reduce((sum, value, m) => sum + 0.5 * bends[m] * (value - aim[m]) ** 2, 0),
      gradient: w.map((value, m) => bends[m] * (value - aim[m])),
    }));
    found.forEach((weight, m) => {
      expect(weight).toBeCloseTo(aim[m], 3);
    });
  });
});

import { describe, expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import { takeSubjects, withOnly } from '../../src/describe/cohort.ts';
import { type SurvivalTarget, type Target, takeTarget, type ValueTarget } from '../../src/describe/target.ts';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import type { Runtime } from '../../src/engine/session/runtime.ts';
import { CancelledError } from '../../src/errors.ts';
import { designOf, encodersOf, preparedBlocks, rowsWithAny } from '../../src/fuse/intermediate/design.ts';
import { hidden } from '../../src/fuse/intermediate/hide.ts';
import { intermediate, openIntermediate } from '../../src/fuse/intermediate/intermediate.ts';
import { objectiveOf } from '../../src/fuse/intermediate/objective.ts';
import { type IntermediateOptions, networkOptions } from '../../src/fuse/intermediate/options.ts';
import { learningProblem } from '../../src/fuse/intermediate/problem.ts';
import { initialState, SharedTrainer } from '../../src/fuse/intermediate/shared-trainer.ts';
import { late } from '../../src/fuse/late.ts';
import {
  type ClassPrediction,
  opinionIn,
  type SurvivalPrediction,
  type ValuePrediction,
} from '../../src/fuse/prediction.ts';
import { prepareModality } from '../../src/harmonize/prepare.ts';
import { auroc } from '../../src/score/auroc.ts';
import { harrellC } from '../../src/score/concordance.ts';
import { rSquared } from '../../src/score/regression.ts';
import { simulateInterplay } from '../../src/simulate/interplay.ts';
import { stratifiedFolds } from '../../src/split/folds.ts';
import { targetOf, world } from '../contract/cohorts.ts';

const small: IntermediateOptions = { width: 8, heads: 2, epochs: 3, patience: 2, members: 1, batchSize: 32 };

/** The runtime of Node, counting the sessions that are open. */
async function counting() {
  const node = await nodeRuntime();
  const count = { open: 0, opened: 0 };
  const runtime: Runtime = {
    name: node.name,
    async open(onnx, options) {
      const session = await node.open(onnx, options);
      count.open++;
      count.opened++;
      const close = async () => {
        count.open--;
        await session.close();
      };
      return { run: session.run, close };
    },
  };
  return { count, runtime: async () => runtime };
}

describe('intermediate fusion', () => {
  it('learns what no modality tells alone, where late fusion has nothing to go by', async () => {
    const { cohort, target } = simulateInterplay({ subjects: 600, seed: 4, features: 8, informative: 1, loading: 2 });
    const places = Array.from(cohort.subjects.keys());
    const [train, test] = [0, 1].map((part) => Int32Array.from(places.filter((i) => (i % 3 === 0 ? 1 : 0) === part)));
    const scoreOf = async (fusion: ReturnType<typeof late>) => {
      const taught = takeTarget(target, train);
      const inner = stratifiedFolds(taught.labels, { folds: 3, seed: 1 });
      const fitted = await fusion.fit(takeSubjects(cohort, train), taught, { seed: 1, inner });
      const { probability } = (await fitted.apply(takeSubjects(cohort, test))) as ClassPrediction;
      const event = Float64Array.from(test, (_, i) => probability.data[2 * i + 1]);
      return auroc(event, takeTarget(target, test).labels) as number;
    };
    // 200 held-out subjects: the standard error of an AUROC of 0.5 is 0.041.
    expect(Math.abs((await scoreOf(late())) - 0.5)).toBeLessThan(0.13);
    const options = { width: 16, heads: 2, learningRate: 0.003, epochs: 60, patience: 30, members: 1 };
    expect(await scoreOf(intermediate(options))).toBeGreaterThan(0.8);
  });

  it('tells values and risks of subjects it has not seen, whatever modalities they have', async () => {
    const made = world({ subjects: 240, signal: 1 });
    const [train, test] = [0, 1].map((part) =>
      Int32Array.from(made.x.subjects.keys()).filter((i) => (i % 6 < 4 ? 0 : 1) === part),
    );
    const options = { width: 16, heads: 2, learningRate: 0.003, epochs: 30, patience: 4, members: 1 };
    const predictionOf = async (target: Target) => {
      const fitted = await intermediate(options).fit(takeSubjects(made.x, train), takeTarget(target, train), {
        seed: 1,
      });
      return { truth: takeTarget(target, test), said: await fitted.apply(takeSubjects(made.x, test)) };
    };
    const value = await predictionOf(targetOf(made, 'value'));
    const { value: told, low, high } = value.said as ValuePrediction;
    const { values } = value.truth as ValueTarget;
    const inside = values.filter((v, i) => v >= low[i] && v <= high[i]).length / values.length;
    const r2 = rSquared(values, told);
    const survival = await predictionOf(targetOf(made, 'survival'));
    const c = harrellC(survival.truth as SurvivalTarget, (survival.said as SurvivalPrediction).risk);
    expect(r2).toBeGreaterThan(0.2);
    expect(inside).toBeGreaterThan(0.78); // 80 subjects at 0.9: four standard errors are 0.13
    expect(c).toBeGreaterThan(0.55);
  });

  it('releases every session: after a fit, after a prediction, and when it is stopped', async () => {
    const { x, target } = world();
    const { count, runtime } = await counting();
    const fitted = await intermediate(small, { runtime }).fit(x, target, { seed: 1 });
    expect(count.opened).toBeGreaterThan(0);
    expect(count.open).toBe(0);
    await fitted.apply(x, { explain: true });
    expect(count.open).toBe(0);
    const opened = count.opened;
    let asked = 0;
    const stopped = () => ++asked > 8;
    await expect(intermediate(small, { runtime }).fit(x, target, { seed: 2, stopped })).rejects.toThrow(CancelledError);
    expect(count.opened).toBeGreaterThan(opened);
    expect(count.open).toBe(0);
  });

  it('says the same whatever stands in cells that were not measured', async () => {
    const { x, target } = world({ absent: 0 });
    const fitted = await intermediate(small).fit(x, target, { seed: 1 });
    const masked = withOnly(x, ['assay2', 'clinical']);
    const garbage = {
      ...masked,
      blocks: masked.blocks.map((block, b) => (b === 0 ? { ...block, values: x.blocks[0].values } : block)),
    };
    expect([...opinionIn(await fitted.apply(garbage)).data]).toEqual([...opinionIn(await fitted.apply(masked)).data]);
  });

  it('keeps the networks that its options ask for, in the bytes of the model', async () => {
    const { x, target } = world();
    const saved = (await intermediate({ ...small, members: 2 }).fit(x, target, { seed: 1 })).save();
    expect(Object.keys(saved.blobs).filter((name) => /^ensemble\/member/.test(name))).toEqual([
      'ensemble/member 0',
      'ensemble/member 1',
    ]);
    const cut = { ...saved.blobs, 'ensemble/member 1': saved.blobs['ensemble/member 1'].slice(4) };
    const newer = structuredClone(saved) as unknown as { state: { ensemble: { version: number } } } & typeof saved;
    newer.state.ensemble.version = 2;
    expect(() => openIntermediate(newer)).toThrow(
      'model: intermediate: networks from a newer consilience, expected ensemble, version 1, got ensemble, version 2',
    );
    expect(() => openIntermediate({ ...saved, blobs: cut })).toThrow(
      'model: intermediate: member 1: damaged or missing part of a saved model',
    );
  });

  it('prepares anew within inner folds what reads the target', async () => {
    // Noise: features selected on all subjects would seem to tell of those held out.
    const { x, target } = world({ features: [400], clinical: false, signal: 0 });
    const steps = [
      { kind: 'impute' },
      { kind: 'univariate-selection', options: { most: 8 } },
      { kind: 'standardize' },
    ] as const;
    const options = { ...small, learningRate: 0.02, batchSize: 16, epochs: 25, patience: 10 };
    const fitted = await intermediate({ ...options, prepare: { assay1: steps } }).fit(x, target, { seed: 1 });
    expect(fitted.notes.figures['loss over inner folds']).toBeGreaterThan(0.65); // ln 2 = 0.69 says nothing
    const { probability } = (await fitted.apply(x)) as ClassPrediction;
    expect(probability.data.every(Number.isFinite)).toBe(true);
  });

  it('does without dropout, hidden modalities and heads of single ones', async () => {
    const { x, target } = world();
    const plain = { ...small, dropout: 0, inputDropout: 0, modalityDropout: 0, auxiliary: 0, layers: 2 };
    const fitted = await intermediate(plain).fit(x, target, { seed: 1 });
    const { probability } = (await fitted.apply(x)) as ClassPrediction;
    expect(new Set(probability.data).size).toBeGreaterThan(100);
  });

  it('falls back on what is usual in training where there is nothing to learn', async () => {
    const { x, target } = world({ subjects: 6, classes: 2 });
    const rows = Int32Array.of(0, 2, 4);
    const fitted = await intermediate(small).fit(takeSubjects(x, rows), takeTarget(target, rows), { seed: 1 });
    expect(fitted.notes.remarks).toEqual(['intermediate: fewer than 4 subjects in training']);
    expect([...(await fitted.apply(x)).fromPrior]).toEqual(new Array(6).fill(1));
    expect([...(await openIntermediate(fitted.save()).apply(x)).fromPrior]).toEqual(new Array(6).fill(1));
  });

  it('refuses unknown options, and numbers out of their range', () => {
    const refused = (options: object) => () => intermediate(options as IntermediateOptions);
    expect(refused({ depth: 3 })).toThrow('intermediate: depth: unknown option');
    expect(refused({ width: 1.5 })).toThrow(
      'intermediate: width: not a count, expected a positive whole number, got 1.5',
    );
    expect(refused({ dropout: 1 })).toThrow('intermediate: dropout: out of range, expected 0 <= ... < 1, got 1');
    expect(refused({ learningRate: 0 })).toThrow('intermediate: learningRate: out of range, expected above 0, got 0');
    expect(refused({ auxiliary: -1 })).toThrow('intermediate: auxiliary: out of range, expected at least 0, got -1');
    expect(refused({ heads: 3 })).toThrow('intermediate: heads: 3 heads of width 32, expected a divisor, got 3');
    expect(refused({ layers: 100000 })).toThrow('intermediate: layers: too many, expected 16 at most, got 100000');
    expect(refused({ weightDecay: 500 })).toThrow(
      'intermediate: weightDecay: with this learning rate no weight would be left, expected below 500, got 500',
    );
    expect(refused({ epochs: '3' })).toThrow('intermediate: epochs: not a number, expected a finite number, got "3"');
  });
});

it('networks that take turns at one training step learn as if each were alone', async () => {
  const { x, target } = world();
  const options = networkOptions({ ...small, layers: 2 });
  const modalities = x.blocks.map(({ modality }) => modality.name);
  const prepared = await Promise.all(
    modalities.map((name) => prepareModality(x, name, undefined, target, { seed: 1 })),
  );
  const blocks = await preparedBlocks(
    x,
    modalities,
    prepared.map(({ fitted }) => fitted),
  );
  const encoders = encodersOf(blocks, options);
  const design = designOf(x, modalities, blocks, encoders);
  const rows = rowsWithAny(design);
  const problem = learningProblem(encoders, design, objectiveOf(target, rows), options);
  const train = async (seeds: readonly number[]) => {
    const shared = await SharedTrainer.open(problem, await nodeRuntime());
    try {
      let states = seeds.map((seed) => initialState(problem, rows, seed));
      for (let epoch = 0; epoch < 3; epoch++) {
        const next = [];
        for (const state of states) next.push(await shared.epoch(state, {}));
        states = next;
      }
      return states.map(({ state }) => state);
    } finally {
      await shared.close();
    }
  };
  const [one, other] = await train([1, 2]);
  expect(await train([1])).toEqual([one]);
  expect(await train([2])).toEqual([other]);
  expect(one).not.toEqual(other);
});

describe('modalities hidden in training', () => {
  const rows = 4000;
  const present = Float32Array.from({ length: 3 * rows }, (_, at) => (at % 3 === 2 ? 0 : 1)); // [rows, modalities]
  const after = hidden({ present: { shape: [rows, 3], data: present } }, 3, 0.4, random(1)).present.data;

  it('leave every subject one that it has, and never add one', () => {
    for (let i = 0; i < rows; i++) {
      expect(after[3 * i] + after[3 * i + 1]).toBeGreaterThan(0);
      expect(after[3 * i + 2]).toBe(0);
    }
  });

  it('are as many as asked for', () => {
    // Each of two is hidden with 0.4, but with 0.16 / 2 is the one spared: 0.32.
    const shown = [...after].reduce((a, b) => a + b, 0) / (2 * rows);
    expect(Math.abs(1 - shown - 0.32)).toBeLessThan(4 * Math.sqrt((0.32 * 0.68) / (2 * rows)));
  });
});

import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { logGamma } from '../../src/array/special.ts';
import { blockOf, type Cohort, withOnly } from '../../src/describe/cohort.ts';
import type { Target } from '../../src/describe/target.ts';
import { compile } from '../../src/engine/compile/compile.ts';
import { mul } from '../../src/engine/ops/arithmetic.ts';
import { sum } from '../../src/engine/ops/reduction.ts';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import type { NamedValues } from '../../src/engine/session/runtime.ts';
import { Session } from '../../src/engine/session/session.ts';
import { input } from '../../src/engine/tensor.ts';
import { type CountProfile, countProfile } from '../../src/fuse/intermediate/count-profile.ts';
import { feedOf, preparedBlocks, rowsOf } from '../../src/fuse/intermediate/design.ts';
import { problemOf } from '../../src/fuse/intermediate/inner.ts';
import { intermediate, openIntermediate } from '../../src/fuse/intermediate/intermediate.ts';
import { keptFor, network } from '../../src/fuse/intermediate/network.ts';
import { type Objective, objectiveOf } from '../../src/fuse/intermediate/objective.ts';
import { type IntermediateOptions, networkOptions } from '../../src/fuse/intermediate/options.ts';
import { architectureOf, type LearningProblem, learningProblem } from '../../src/fuse/intermediate/problem.ts';
import { mostTold, type Reconstruction, reconstructionOf } from '../../src/fuse/intermediate/reconstruction.ts';
import { initialState, type NetworkState, SharedTrainer } from '../../src/fuse/intermediate/shared-trainer.ts';
import { opinionIn } from '../../src/fuse/prediction.ts';
import { prepareModality, type Step } from '../../src/harmonize/prepare.ts';
import { targetOf, world } from '../contract/cohorts.ts';
import { countsWorld } from './intermediate-counts-world.ts';

const small: IntermediateOptions = { width: 8, heads: 2, epochs: 3, patience: 2, members: 1, batchSize: 32 };
const holed = { subjects: 60, genes: 20, seed: 1, holes: 0.1, absent: 0.2 };
const names = ['rna', 'clinical'];
const rna: readonly Step[] = [
  { kind: 'size-factors', options: { positiveIn: 0.5 } },
  { kind: 'log1p' },
  { kind: 'impute' },
  { kind: 'variance-filter' },
  { kind: 'standardize' },
];

const profileOf = (x: Cohort) => countProfile(blockOf(x, 'rna'), mostTold) as CountProfile;

/** A learning problem with an objective that teaches nothing, so that only the counts do. */
async function problemWith(options: IntermediateOptions, { x, target }: { x: Cohort; target: Target }) {
  const own = networkOptions({ dropout: 0, inputDropout: 0, modalityDropout: 0, ...options });
  const fitted = await Promise.all(
    names.map(async (name) => {
      const steps = name === 'rna' ? rna : undefined;
      return (await prepareModality(x, name, steps, target, { seed: 1 })).fitted;
    }),
  );
  const { encoders, design } = problemOf(x, target, names, await preparedBlocks(x, names, fitted), own);
  const flat: Objective = {
    ...objectiveOf(target, rowsOf(design)),
    loss: (said) => mul(sum(said), 0),
    feed: () => ({}),
  };
  const told = own.reconstruction > 0 ? reconstructionOf(x, names) : undefined;
  return learningProblem(encoders, design, flat, own, told);
}

async function trained(problem: LearningProblem, epochs: number) {
  await using shared = await SharedTrainer.open(problem, await nodeRuntime());
  const states = [initialState(problem, rowsOf(problem.design), 1)];
  for (let epoch = 0; epoch < epochs; epoch++) states.push(await shared.epoch(states[epoch], {}));
  return states;
}

/** The parameters of a state by name, those of the reconstruction too. */
function valuesOf({ step }: LearningProblem, { state }: NetworkState): Record<string, Float32Array> {
  const values: Record<string, Float32Array> = {};
  for (const { name, kind, holds } of step.state) {
    if (kind !== 'weight') continue;
    for (const { name: own, offset, shape } of holds) {
      values[own] = state.arrays[name].slice(offset, offset + shape.reduce((a, b) => a * b, 1));
    }
  }
  return values;
}

/** The reconstruction loss with some parameters, over all subjects of a cohort; nothing dropped. */
async function lossAt(all: Record<string, Float32Array>, problem: LearningProblem, x: Cohort): Promise<number> {
  const { encoders, design, options, objective, feed } = problem;
  const told = reconstructionOf(x, names) as Reconstruction;
  const { tokens } = network(encoders, architectureOf(options, objective.outputs), 'training');
  const program = compile({ loss: told.loss(tokens) });
  const rows = rowsOf(design);
  const offered = {
    ...feedOf(design, rows),
    ...keptFor(encoders, options.width, rows.length, 0, random(1)),
    ...feed(rows),
  };
  const values = Object.fromEntries(program.parameters.map(({ name }) => [name, all[name]]));
  await using session = await Session.open(program, await nodeRuntime(), { values });
  const asked: NamedValues = Object.fromEntries(program.inputs.map(({ name }) => [name, offered[name]]));
  return (await session.run(asked)).loss.data[0];
}

/** The reconstruction loss at the start, tokens being of no effect then. */
async function lossAtStart(x: Cohort, rows: Int32Array): Promise<number> {
  const told = reconstructionOf(x, names) as Reconstruction;
  const { logInverseDispersion } = profileOf(x);
  const tokens = input('tokens', ['batch', 1, 3]);
  const program = compile({ loss: told.loss([tokens, tokens]) });
  const first = Object.fromEntries(
    program.parameters.map(({ name, shape }) => {
      const length = shape.reduce<number>((a, b) => a * Number(b), 1);
      return [name, name.endsWith('dispersion') ? logInverseDispersion : new Float32Array(length)];
    }),
  );
  const some = Float32Array.from({ length: rows.length * 3 }, (_, at) => Math.sin(at));
  await using session = await Session.open(program, await nodeRuntime(), { values: first });
  return (await session.run({ ...told.feed(rows), tokens: { shape: [rows.length, 1, 3], data: some } })).loss.data[0];
}

describe('the profile of counts', () => {
  it('has the share of each feature, and the dispersion that counts were drawn with', () => {
    // θ = 5 about shares that are the same in all subjects.
    const { x } = countsWorld({ subjects: 600, genes: 30, seed: 2, loaded: 0 });
    const { logShare, logInverseDispersion } = profileOf(x);
    const shares = [...logShare].map(Math.exp);
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 2);
    const found = [...logInverseDispersion].sort((a, b) => a - b)[15];
    expect(Math.exp(found)).toBeGreaterThan(4);
    expect(Math.exp(found)).toBeLessThan(6.5);
  });

  it('tells the most variable features where there are more than it may, and none that nobody has a count of', () => {
    const loud = countsWorld({ subjects: 100, genes: 30, seed: 2, loaded: 0 });
    const block = blockOf(loud.x, 'rna');
    const data = Float32Array.from(block.values.data, (count, at) => {
      if (at % 30 === 3) return 0;
      return at % 30 === 7 ? (Math.floor(at / 30) % 2) * 1000 : count;
    });
    const changed = { ...block, values: matrix(100, 30, data) };
    expect([...(countProfile(changed, 1)?.columns ?? [])]).toEqual([7]);
    const all = countProfile(changed, 2000)?.columns as Int32Array;
    expect([...all]).toEqual(Array.from({ length: 30 }, (_, j) => j).filter((j) => j !== 3));
    expect(countProfile({ ...changed, values: matrix(100, 30, new Float32Array(3000)) }, 2000)).toBeUndefined();
  });
});

describe('the reconstruction of counts', () => {
  it('starts at the negative binomial of the profile, over measured counts of subjects who have them', async () => {
    const { x } = countsWorld(holed);
    const block = blockOf(x, 'rna');
    const { columns, logShare, logInverseDispersion } = profileOf(x);
    let loss = 0;
    let cells = 0;
    for (let i = 0; i < 60; i++) {
      const seen = [...columns.keys()].filter((k) => block.observed[i * 20 + columns[k]]);
      const counts = seen.map((k) => block.values.data[i * 20 + columns[k]]);
      const total = counts.reduce((a, b) => a + b, 0);
      const there = seen.reduce((all, k) => all + Math.exp(logShare[k]), 0);
      seen.forEach((k, at) => {
        const mean = (total * Math.exp(logShare[k])) / there;
        const theta = Math.exp(logInverseDispersion[k]);
        const n = counts[at];
        loss -= logGamma(n + theta) - logGamma(theta) - logGamma(n + 1);
        loss -= theta * Math.log(theta / (theta + mean)) + n * Math.log(mean / (theta + mean));
        cells++;
      });
    }
    expect(cells).toBeLessThan(60 * 20 * 0.85);
    const rows = Int32Array.from({ length: 60 }, (_, i) => i);
    expect(await lossAtStart(x, rows)).toBeCloseTo(loss / cells, 3);
    const without = Int32Array.from(rows).filter((i) => !block.present[i]);
    expect(without.length).toBeGreaterThan(3);
    expect(await lossAtStart(x, without)).toBe(0);
  });

  it('is learned: its loss falls, by its own parameters and by those of the encoder of counts', async () => {
    const data = countsWorld({ subjects: 120, genes: 60, seed: 3 });
    const problem = await problemWith({ ...small, auxiliary: 0, weightDecay: 0, reconstruction: 1 }, data);
    const losses: number[] = [];
    const states = await trained(problem, 40);
    for (const state of [states[0], states[10], states[40]])
      losses.push(await lossAt(valuesOf(problem, state), problem, data.x));
    // Programs move gene shares by a factor of about e^0.5; against θ = 5 that is some hundredths of a nat a count.
    expect(losses[1]).toBeLessThan(losses[0] - 0.005);
    expect(losses[2]).toBeLessThan(losses[1] - 0.02);
    const [before, after] = [states[0], states[40]].map((state) => valuesOf(problem, state));
    const deaf = { ...after, 'reconstruction 0/weight': before['reconstruction 0/weight'] };
    expect(losses[2]).toBeLessThan((await lossAt(deaf, problem, data.x)) - 0.02); // the tokens tell, not the biases
    expect(after['modality 0/weight']).not.toEqual(before['modality 0/weight']);
    expect(after['reconstruction 0/log inverse dispersion']).not.toEqual(
      before['reconstruction 0/log inverse dispersion'],
    );
    const others = Object.keys(before).filter((name) => name.startsWith('modality 1/'));
    expect(others.length).toBeGreaterThan(1);
    for (const name of others) expect(after[name]).toEqual(before[name]);
  });

  it('is what moves the encoder: without it an objective that teaches nothing leaves all as it was', async () => {
    const problem = await problemWith({ ...small, auxiliary: 0, weightDecay: 0 }, countsWorld(holed));
    const states = await trained(problem, 2);
    expect(valuesOf(problem, states[2])).toEqual(valuesOf(problem, states[0]));
  });

  it('is not in the program for prediction', async () => {
    const problem = await problemWith({ ...small, reconstruction: 1 }, countsWorld(holed));
    const decoding = (given: readonly { readonly name: string }[]) =>
      given.map(({ name }) => name).filter((name) => /reconstruction|^counts/.test(name));
    expect(decoding(problem.forward.parameters)).toEqual([]);
    expect(decoding(problem.forward.inputs)).toEqual([]);
    expect(decoding(problem.step.inputs)).toEqual(['counts 0']);
    expect(
      Object.keys(valuesOf(problem, initialState(problem, Int32Array.of(0), 1)))
        .filter((name) => /reconstr/.test(name))
        .sort(),
    ).toEqual(['reconstruction 0/bias', 'reconstruction 0/log inverse dispersion', 'reconstruction 0/weight']);
  });
});

describe('intermediate fusion with reconstruction', () => {
  it.each(['classes', 'survival', 'value'] as const)(
    'of %s is fitted with holes in counts, is the same for the same seed, and the same after saving and opening',
    async (kind) => {
      const fitOn = async (options: IntermediateOptions) => {
        const { x, target } = countsWorld(holed);
        return { x, fitted: await intermediate(options).fit(x, targetOf({ x, target }, kind), { seed: 1 }) };
      };
      const options = { ...small, prepare: { rna }, reconstruction: 1 };
      const [{ x, fitted }, again, plain] = [
        await fitOn(options),
        await fitOn(options),
        await fitOn({ ...options, reconstruction: 0 }),
      ];
      const saved = fitted.save();
      expect(saved).toEqual(again.fitted.save());
      const bytes = (blobs: Readonly<Record<string, Uint8Array>>) => blobs['ensemble/member 0'];
      expect(bytes(saved.blobs)).toHaveLength(bytes(plain.fitted.save().blobs).length);
      expect(bytes(saved.blobs)).not.toEqual(bytes(plain.fitted.save().blobs));
      const said = opinionIn(await fitted.apply(x));
      expect(said.data.every(Number.isFinite)).toBe(true);
      expect(opinionIn(await openIntermediate(structuredClone(saved)).apply(x))).toEqual(said);
    },
  );

  it('has a token of library size where it is asked for', async () => {
    const { x, target } = countsWorld(holed);
    const tokensWith = async (options: IntermediateOptions) => {
      const { reader } = await intermediate({ ...small, prepare: { rna }, ...options }).fit(x, target, { seed: 1 });
      const { tokens } = (await reader?.conversation(x)) ?? { tokens: [] };
      return tokens.filter(({ modality }) => modality === 'rna').map(({ name }) => name);
    };
    expect(await tokensWith({ librarySize: true })).toEqual(['1', '2', '3', '4', 'library size']);
    expect(await tokensWith({})).toEqual(['1', '2', '3', '4']);
  });

  it('is refused where no modality is of counts, unless nobody in training has the one that is', async () => {
    const { x, target } = world();
    const fusion = (modalities?: readonly string[]) =>
      intermediate({ ...small, reconstruction: 0.5, ...(modalities && { modalities }) });
    await expect(fusion().fit(x, target, { seed: 1 })).rejects.toThrow(
      'intermediate: reconstruction: no modality of counts, expected a modality whose features are all of the scale count, or 0, got assay1, assay2, clinical',
    );
    const counted = countsWorld(holed);
    await expect(fusion(['clinical']).fit(counted.x, counted.target, { seed: 1 })).rejects.toThrow(
      'no modality of counts',
    );
    const without = withOnly(counted.x, ['clinical']);
    const fitted = await fusion().fit(without, counted.target, { seed: 1 });
    expect(fitted.modalities).toEqual(['clinical']);
  });

  it('refuses a negative weight, and an answer that is neither yes nor no', () => {
    expect(() => intermediate({ librarySize: 1 } as unknown as IntermediateOptions)).toThrow(
      'intermediate: librarySize: neither true nor false, expected true or false, got 1',
    );
    expect(() => intermediate({ reconstruction: -1 })).toThrow(
      'intermediate: reconstruction: out of range, expected at least 0, got -1',
    );
  });
});

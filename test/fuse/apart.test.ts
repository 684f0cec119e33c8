import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import type { Runtime } from '../../src/engine/session/runtime.ts';
import { CancelledError } from '../../src/errors.ts';
import { encodersApart } from '../../src/fuse/intermediate/apart.ts';
import { preparedBlocks, rowsWithAny } from '../../src/fuse/intermediate/design.ts';
import { problemOf } from '../../src/fuse/intermediate/inner.ts';
import { intermediate, openIntermediate } from '../../src/fuse/intermediate/intermediate.ts';
import { type IntermediateOptions, networkOptions } from '../../src/fuse/intermediate/options.ts';
import { initialState, SharedTrainer } from '../../src/fuse/intermediate/shared-trainer.ts';
import { prepareModality } from '../../src/harmonize/prepare.ts';
import { world } from '../contract/cohorts.ts';

const small: IntermediateOptions = { width: 8, heads: 2, epochs: 3, patience: 2, members: 2, batchSize: 32 };

/** A runtime that counts its sessions. */
async function counting() {
  const inner = await nodeRuntime();
  const count = { opened: 0, open: 0 };
  const runtime = async (): Promise<Runtime> => ({
    ...inner,
    async open(...args) {
      const session = await inner.open(...args);
      count.opened++;
      count.open++;
      return {
        run: (...given) => session.run(...given),
        close: async () => {
          count.open--;
          await session.close();
        },
      };
    },
  });
  return { count, runtime };
}

/** A network of two modalities whose encoders learned apart, before its first epoch and after two. */
async function learnedApart() {
  const { x, target } = world();
  const own = networkOptions(small);
  const modalities = ['assay1', 'assay2'];
  const run = { seed: 1 };
  const preparations = [];
  for (const name of modalities) preparations.push((await prepareModality(x, name, undefined, target, run)).fitted);
  const blocks = await preparedBlocks(x, modalities, preparations);
  const problem = problemOf(x, target, modalities, blocks, own, { frozen: true });
  const rows = rowsWithAny(problem.design);
  const runtime = await nodeRuntime();
  await using apart = await encodersApart(
    x,
    target,
    { modalities, preparations, blocks, rows, options: small },
    own,
    runtime,
    run,
  );
  const start = await apart.startOf(rows, 5);
  await using shared = await SharedTrainer.open(problem, runtime);
  let now = initialState(problem, rows, 5, start);
  for (let epoch = 0; epoch < 2; epoch++) now = await shared.epoch(now, {});
  return { problem, start, again: await apart.startOf(rows, 5), after: shared.values() };
}

describe('encoders that learn apart', () => {
  it('are kept as they were learned while all else learns', async () => {
    const { problem, start, after, again } = await learnedApart();
    const ofEncoders = Object.keys(after).filter((name) => /^modality \d\//.test(name));
    expect(ofEncoders.length).toBeGreaterThan(0);
    expect(Object.keys(start).sort()).toEqual(ofEncoders.sort());
    for (const name of ofEncoders) expect(after[name]).toEqual(start[name]);
    const untaught = initialState(problem, Int32Array.of(0), 5);
    expect(untaught.state.arrays).not.toEqual(initialState(problem, Int32Array.of(0), 5, start).state.arrays);
    expect(after['head/hidden/weight'].some((weight) => weight !== 0)).toBe(true);
    expect(after['head/out/weight'].some((weight) => weight !== 0)).toBe(true); // 0 at first
    expect(again).toEqual(start);
  });

  it('give the same bytes for the same seed, others than encoders learned with the rest, and a model that opens', async () => {
    const { x, target } = world();
    const fitWith = (encoders: 'joint' | 'frozen') => intermediate(small, { encoders }).fit(x, target, { seed: 1 });
    const [one, other, joint] = [await fitWith('frozen'), await fitWith('frozen'), await fitWith('joint')];
    expect(one.save()).toEqual(other.save());
    expect(one.save().blobs).not.toEqual(joint.save().blobs);
    expect(await openIntermediate(one.save()).apply(x)).toEqual(await one.apply(x));
  });

  it('release every session, also when the fit is stopped', async () => {
    const { x, target } = world();
    const { count, runtime } = await counting();
    const fusion = intermediate(small, { runtime, encoders: 'frozen' });
    await fusion.fit(x, target, { seed: 1 });
    expect(count.opened).toBeGreaterThan(6); // two of each modality alone, two of all
    expect(count.open).toBe(0);
    let asked = 0;
    const stopped = () => ++asked > 12;
    await expect(fusion.fit(x, target, { seed: 2, stopped })).rejects.toThrow(CancelledError);
    expect(count.open).toBe(0);
  });

  it('are refused where a step reads the target, since labels held out would come in through it', async () => {
    const { x, target } = world();
    const prepare = { assay1: [{ kind: 'univariate-selection' as const, options: { most: 3 } }] };
    await expect(
      intermediate({ ...small, prepare }, { encoders: 'frozen' }).fit(x, target, { seed: 1 }),
    ).rejects.toThrow('intermediate: assay1: a step reads the target, so that encoders cannot learn apart');
  });
});

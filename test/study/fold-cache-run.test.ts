/** Folds run with a cache: stopped, resumed, damaged, and the same as without. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CancelledError } from '../../src/errors.ts';
import { defaultMetric } from '../../src/evaluate/compare.ts';
import type { FoldOutcome } from '../../src/evaluate/fold.ts';
import { modalitySubsets } from '../../src/evaluate/grid.ts';
import { planFolds } from '../../src/evaluate/protocol.ts';
import type { FoldCacheStatus } from '../../src/study/fold-cache.node.ts';
import { loadStudy } from '../../src/study/load.node.ts';
import { type FoldRunner, runFolds } from '../../src/study/run-folds.node.ts';
import { strategiesOf } from '../../src/study/strategies.ts';
import { folderWith, smallFiles } from './small-study.ts';

/** The small study on five folds: what runs them, and the folder to keep them in. */
async function prepared() {
  const root = folderWith(smallFiles());
  const { study, cohort, target } = await loadStudy(join(root, 'study.yaml'));
  const names = cohort.blocks.map(({ modality }) => modality.name);
  const strategies = strategiesOf(study, names, defaultMetric(target));
  const folds = planFolds(target, { kind: 'cross-validation', folds: 5, repeats: 1 }, { seed: 3, inner: 3 });
  const run = (runner: Omit<FoldRunner, 'jobs'>) =>
    runFolds(cohort, target, strategies, folds, modalitySubsets(names), { jobs: 1, ...runner });
  return { run, folder: join(root, '.consilience'), fits: folds.length * strategies.length, one: strategies.length };
}

const withoutTimes = (outcomes: readonly FoldOutcome[]) =>
  outcomes.map(({ strategies, ...outcome }) => ({
    ...outcome,
    strategies: strategies.map(({ fitMs: _, predictMs: __, ...said }) => said),
  }));

describe('a run of folds with a cache', () => {
  it('goes on where it was stopped, and gives what a run without cache gives', async () => {
    const { run, folder, fits, one } = await prepared();
    const plain = await run({});
    const stop = new AbortController();
    const halted = run({
      signal: stop.signal,
      cache: { folder, status: ({ kept }) => kept === 2 && stop.abort() },
    });
    await expect(halted).rejects.toThrow(CancelledError);
    expect(readdirSync(folder)).toHaveLength(2);

    const told: FoldCacheStatus[] = [];
    const done: number[] = [];
    const resumed = await run({
      progress: (now) => done.push(now),
      cache: { folder, status: (status) => told.push(status) },
    });
    expect(told[0]).toEqual({ folds: 5, resumed: 2, kept: 2 });
    expect(told.at(-1)).toEqual({ folds: 5, resumed: 2, kept: 5 });
    expect([done[0], done.at(-1)]).toEqual([2 * one, fits]);
    expect(withoutTimes(resumed)).toStrictEqual(withoutTimes(plain));
    expect(readdirSync(folder)).toHaveLength(5);
  });

  it('takes all of a finished run from the cache, times included', async () => {
    const { run, folder } = await prepared();
    const first = await run({ cache: { folder } });
    const told: FoldCacheStatus[] = [];
    expect(await run({ cache: { folder, status: (status) => told.push(status) } })).toStrictEqual(first);
    expect(told).toEqual([{ folds: 5, resumed: 5, kept: 5 }]);
  });

  it('computes a damaged fold again', async () => {
    const { run, folder } = await prepared();
    const first = await run({ cache: { folder } });
    const [damaged] = readdirSync(folder);
    writeFileSync(join(folder, damaged), 'not a fold');
    const told: FoldCacheStatus[] = [];
    const again = await run({ cache: { folder, status: (status) => told.push(status) } });
    expect(withoutTimes(again)).toStrictEqual(withoutTimes(first));
    expect(told[0].trouble).toMatch(/^1 kept fold is damaged/);
    expect(told.at(-1)).toEqual({ folds: 5, resumed: 4, kept: 5 });
  });

  it('is cancelled also where nothing is left to run', async () => {
    const { run, folder } = await prepared();
    await run({ cache: { folder } });
    await expect(run({ cache: { folder }, signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
  });
});

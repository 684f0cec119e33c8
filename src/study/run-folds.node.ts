/** Folds spread over worker threads. Their number changes no figure: seeds come from the fold, outcomes return in order. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { Piscina } from 'piscina';
import type { Floats } from '../array/matrix.ts';
import type { Block, Cohort } from '../describe/cohort.ts';
import type { Target } from '../describe/target.ts';
import { CancelledError, InputError } from '../errors.ts';
import { evaluateFold, type FoldOutcome } from '../evaluate/fold.ts';
import type { Fold } from '../evaluate/protocol.ts';
import { type FoldCacheOptions, openFoldCache } from './fold-cache.node.ts';
import { foldKeys } from './fold-key.node.ts';
import type { FoldAnswer, FoldTask, FoldWork } from './fold-worker.node.ts';
import { buildStrategies, type StrategySpec } from './strategies.ts';

export interface FoldRunner {
  readonly jobs: number;
  readonly signal?: AbortSignal;
  /** Told how many (fold, strategy) fits are done of how many. */
  readonly progress?: (done: number, total: number) => void;
  /** Where finished folds are kept, and looked for before they are run. Default: nowhere. */
  readonly cache?: FoldCacheOptions & { readonly folder: string };
}

const tick = 150; // ms between looks at the board

export async function runFolds(
  cohort: Cohort,
  target: Target,
  strategies: readonly StrategySpec[],
  folds: readonly Fold[],
  grid: readonly (readonly string[])[],
  { jobs, signal, progress, cache }: FoldRunner,
): Promise<FoldOutcome[]> {
  const keys = cache ? foldKeys({ cohort, target, strategies, grid }, folds) : [];
  const kept = cache && (await openFoldCache(cache.folder, keys, cache));
  const outcomes: (FoldOutcome | undefined)[] = folds.map((_, at) => kept?.outcomes[at]);
  const left = [...folds.keys()].filter((at) => !outcomes[at]);
  const total = folds.length * strategies.length;
  const board = new Int32Array(new SharedArrayBuffer(8)); // [stop, finished]
  Atomics.store(board, 1, total - left.length * strategies.length);
  const stop = () => Atomics.store(board, 0, 1);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  let running = true;
  const watching = (async () => {
    while (running) {
      progress?.(Atomics.load(board, 1), total);
      await sleep(tick);
    }
  })();
  try {
    const file = workerFile();
    const threads = Math.min(jobs, left.length);
    if (signal?.aborted) throw new CancelledError('compare');
    if (threads > 1 && file) await inWorkers(file, threads);
    else await here();
    await kept?.sweep();
    progress?.(total, total);
    return outcomes as FoldOutcome[];
  } catch (error) {
    // An error that crossed from a worker has lost its class.
    if (signal?.aborted) throw new CancelledError('compare');
    throw error;
  } finally {
    await kept?.settled();
    running = false;
    signal?.removeEventListener('abort', stop);
    await watching;
  }

  async function here(): Promise<void> {
    const built = buildStrategies(strategies);
    for (const at of left) {
      const outcome = await evaluateFold(cohort, target, folds[at], built, grid, {
        stopped: () => Atomics.load(board, 0) !== 0,
        done: () => Atomics.add(board, 1, 1),
      });
      outcomes[at] = outcome;
      await kept?.keep(at, outcome);
      await sleep(0); // let a signal in
    }
  }

  async function inWorkers(filename: string, threads: number): Promise<void> {
    const workerData: FoldWork = { cohort: shared(cohort), target, strategies, board };
    const pool = new Piscina({ filename, workerData, minThreads: threads, maxThreads: threads });
    try {
      const ask = async (at: number): Promise<void> => {
        const answer: FoldAnswer = await pool.run({ fold: folds[at], grid } satisfies FoldTask);
        if ('refused' in answer) throw new InputError(answer.refused);
        outcomes[at] = answer.outcome;
        await kept?.keep(at, answer.outcome);
      };
      await Promise.all(left.map(ask));
    } catch (error) {
      stop(); // the others finish their step and return; nothing is terminated in the middle
      throw error;
    } finally {
      await pool.close({ force: true });
    }
  }
}

/** The built worker; absent when the toolkit runs from its sources without a build. */
function workerFile(): string | undefined {
  const file = createRequire(import.meta.url).resolve('#fold-worker');
  return existsSync(file) ? file : undefined;
}

/** The cohort with its arrays in shared memory, so that workers read it without a copy each. */
function shared(x: Cohort): Cohort {
  return { subjects: x.subjects, blocks: x.blocks.map(sharedBlock) };
}

function sharedBlock(block: Block): Block {
  const { values, observed } = block;
  const data = values.data as Floats;
  const floats = data instanceof Float32Array ? new Float32Array(memory(data)) : new Float64Array(memory(data));
  floats.set(data);
  const mask = new Uint8Array(memory(observed));
  mask.set(observed);
  return {
    ...block,
    values: { shape: values.shape, data: floats as unknown as Floats },
    observed: mask as unknown as Uint8Array,
  };
}

function memory({ byteLength }: { readonly byteLength: number }): SharedArrayBuffer {
  return new SharedArrayBuffer(byteLength);
}

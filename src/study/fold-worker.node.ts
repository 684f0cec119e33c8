/** The worker's side of a comparison: runs one fold at a time on a cohort it shares with the others. */
import { workerData } from 'node:worker_threads';
import type { Cohort } from '../describe/cohort.ts';
import type { Target } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import { evaluateFold, type FoldOutcome } from '../evaluate/fold.ts';
import type { Fold } from '../evaluate/protocol.ts';
import { buildStrategies, type StrategySpec } from './strategies.ts';

/** What every worker is given once. The two numbers of `board` are a stop flag and the strategies finished so far. */
export interface FoldWork {
  readonly cohort: Cohort;
  readonly target: Target;
  readonly strategies: readonly StrategySpec[];
  readonly board: Int32Array; // [stop, finished], shared
}

export interface FoldTask {
  readonly fold: Fold;
  readonly grid: readonly (readonly string[])[];
}

/** An error that crosses from a worker loses its class, so what the user is to be told travels as data. */
export type FoldAnswer =
  | { readonly outcome: FoldOutcome }
  | { readonly refused: ConstructorParameters<typeof InputError>[0] };

export default async function runFold({ fold, grid }: FoldTask): Promise<FoldAnswer> {
  const { cohort, target, strategies, board } = givenWork();
  try {
    const outcome = await evaluateFold(cohort, target, fold, buildStrategies(strategies), grid, {
      stopped: () => Atomics.load(board, 0) !== 0,
      done: () => Atomics.add(board, 1, 1),
    });
    return { outcome };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { where, what, expected, got } = error;
    return { refused: { where, what, ...(expected !== undefined && { expected }), ...(got !== undefined && { got }) } };
  }
}

/** Piscina hands its own port beside the data it was given. */
function givenWork(): FoldWork {
  return (Array.isArray(workerData) ? workerData[1] : workerData) as FoldWork;
}

/**
 * How long to train, and opinions out of fold. A network for each inner fold is trained on the others, all of them epoch by
 * epoch side by side; the number of epochs is that with the smallest mean loss over all subjects (of survival: over all
 * events), each judged by the network that had not seen it. The opinions at that epoch are the ones out of fold: what was
 * chosen on them is one number, where no more than one network is tried.
 */
import { type Matrix, zeros } from '../../array/matrix.ts';
import { deriveSeed } from '../../array/random.ts';
import type { Runtime } from '../../engine/session/runtime.ts';
import { checkStopped, type Run } from '../../estimator.ts';
import { told } from './objective.ts';
import type { LearningProblem } from './problem.ts';
import { initialState, type NetworkState, SharedTrainer, type StartOf } from './shared-trainer.ts';

/** An inner fold: rows of the cohort to train on and to judge by; the problem was prepared on the former or on all. */
export interface Part {
  readonly problem: LearningProblem;
  readonly train: Int32Array;
  readonly held: Int32Array;
}

export interface CrossFit {
  readonly epochs: number;
  /** Mean loss over the held-out subjects at that epoch. */
  readonly loss: number;
  /** Opinions on all of the cohort; 0 for subjects in no part. */
  readonly outOfFold: Matrix<Float64Array>; // [subjects, outputs]
}

/** @param open a shared of the problem that most parts share; it stays open */
export async function crossFit(
  parts: readonly Part[],
  subjects: number,
  open: SharedTrainer,
  runtime: Runtime,
  run: Run,
  startOf?: StartOf,
): Promise<CrossFit> {
  const trainers = new Map<LearningProblem, SharedTrainer>([[open.problem, open]]);
  try {
    for (const { problem } of parts)
      if (!trainers.has(problem)) trainers.set(problem, await SharedTrainer.open(problem, runtime));
    return await bestEpoch(parts, ({ problem }) => trainers.get(problem) as SharedTrainer, subjects, run, startOf);
  } finally {
    for (const shared of trainers.values()) if (shared !== open) await shared.close();
  }
}

async function bestEpoch(
  parts: readonly Part[],
  trainerOf: (part: Part) => SharedTrainer,
  subjects: number,
  run: Run,
  startOf?: StartOf,
): Promise<CrossFit> {
  const { options, objective } = parts[0].problem;
  const states: NetworkState[] = [];
  for (const [fold, { problem, train }] of parts.entries()) {
    const seed = deriveSeed(run.seed, 'inner fold', fold);
    states.push(initialState(problem, train, seed, await startOf?.(train, seed)));
  }
  let best: CrossFit | undefined;
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    if (best && epoch - best.epochs > options.patience) break;
    const outOfFold = zeros(subjects, objective.outputs);
    let sum = 0;
    let count = 0;
    for (const [fold, part] of parts.entries()) {
      checkStopped(run, 'intermediate');
      const shared = trainerOf(part);
      const { judge, telling } = part.problem.objective;
      states[fold] = await shared.epoch(states[fold], run);
      const said = await shared.said(part.held);
      const judged = judge(said, part.held);
      sum += judged.sum;
      count += judged.count;
      place(told(telling, said), await zeroOf(shared, part.train), part.held, outOfFold);
    }
    const loss = sum / Math.max(1, count);
    if (!best || loss < best.loss) best = { epochs: epoch, loss, outOfFold };
  }
  return best as CrossFit;
}

function place(from: Matrix<Float64Array>, zero: number, rows: Int32Array, to: Matrix<Float64Array>): void {
  const width = to.shape[1];
  rows.forEach((row, i) => {
    for (let k = 0; k < width; k++) to.data[row * width + k] = from.data[i * width + k] - zero;
  });
}

/**
 * What is taken off what a network says: a linear predictor has no zero of its own, so that of each is its mean over the
 * subjects it learned from; else 0.
 */
export async function zeroOf(shared: SharedTrainer, rows: Int32Array): Promise<number> {
  if (shared.problem.objective.telling.kind !== 'risk') return 0;
  const { data } = await shared.said(rows);
  return data.reduce((sum, value) => sum + value, 0) / rows.length;
}

/** The networks that are kept: from several seeds, on all training subjects, for as many epochs as were best. */
import { type Matrix, matrix } from '../../array/matrix.ts';
import { deriveSeed } from '../../array/random.ts';
import { checkStopped, type Run } from '../../estimator.ts';
import { type CrossFit, zeroOf } from './cross-fit.ts';
import { type Ensemble, ensemble } from './ensemble.ts';
import type { Member } from './members.ts';
import { told } from './objective.ts';
import { architectureOf } from './problem.ts';
import { initialState, type SharedTrainer, type StartOf } from './shared-trainer.ts';

export interface FinalFit {
  readonly trained: Ensemble;
  /** The opinions out of fold on the scale of those of the networks kept. */
  readonly outOfFold: Matrix<Float64Array>; // [subjects, outputs]
}

/** @param rows the training subjects who have a modality */
export async function finalFit(
  shared: SharedTrainer,
  rows: Int32Array,
  { epochs, outOfFold }: CrossFit,
  run: Run,
  startOf?: StartOf,
): Promise<FinalFit> {
  const { problem } = shared;
  const { options, objective, encoders } = problem;
  const { telling, outputs } = objective;
  const members: Member[] = [];
  const zeros: number[] = [];
  const own = new Float64Array(rows.length * outputs); // [rows, outputs]
  for (let k = 0; k < options.members; k++) {
    const seed = deriveSeed(run.seed, 'member', k);
    let now = initialState(problem, rows, seed, await startOf?.(rows, seed));
    while (now.epoch < epochs) {
      checkStopped(run, 'intermediate');
      now = await shared.epoch(now, run);
    }
    const zero = await zeroOf(shared, rows);
    const { data } = told(telling, await shared.said(rows));
    for (let at = 0; at < data.length; at++) own[at] += (data[at] - zero) / options.members;
    zeros.push(zero);
    members.push(shared.values());
  }
  const heldOut = Float64Array.from(rows, (row) => outOfFold.data[row]);
  // The larger spread, as of Cox experts (`task/survival.ts`).
  const scale = telling.kind === 'risk' ? Math.max(spread(heldOut), spread(own)) || 1 : 1;
  const scaled = outOfFold.data.map((value) => value / scale);
  return {
    trained: ensemble(encoders, members, { architecture: architectureOf(options, outputs), telling, zeros, scale }),
    outOfFold: matrix(outOfFold.shape[0], outputs, scaled),
  };
}

function spread(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

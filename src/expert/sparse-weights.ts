/** From the few weights of a sparse solution, of centred columns, to scores of subjects and weights of blocks as they are. */
import type { Columns } from './block-columns.ts';
import type { Design } from './design.ts';
import type { SparseSolution } from './proximal-newton.ts';

export interface BlockWeights {
  readonly weights: readonly Float64Array[]; // per block [outputs, features]
  readonly intercepts: Float64Array; // [outputs]
}

/** @param columns what the solution was found on, for the means */
export function blockWeights({ blocks }: Design, { means }: Columns, solution: SparseSolution): BlockWeights {
  const { kept, intercepts } = solution;
  const outputs = intercepts.length;
  const uncentred = intercepts.slice();
  const weights = blocks.map(({ shape }) => new Float64Array(outputs * shape[1]));
  let b = 0;
  let left = 0;
  kept.forEach((feature, a) => {
    while (feature >= left + blocks[b].shape[1]) left += blocks[b++].shape[1];
    for (let k = 0; k < outputs; k++) {
      const weight = solution.weights[a * outputs + k];
      weights[b][k * blocks[b].shape[1] + feature - left] = weight;
      uncentred[k] -= weight * means[feature];
    }
  });
  return { weights, intercepts: uncentred };
}

/** Scores [rows, outputs] of other rows of the blocks, reading the kept columns only. */
export function sparseScores(
  blocks: Design['blocks'],
  rows: Int32Array,
  { means }: Columns,
  solution: SparseSolution,
): Float64Array {
  const { kept, weights, intercepts } = solution;
  const outputs = intercepts.length;
  const scores = new Float64Array(rows.length * outputs);
  for (let at = 0; at < scores.length; at++) scores[at] = intercepts[at % outputs];
  let b = 0;
  let left = 0;
  kept.forEach((feature, a) => {
    while (feature >= left + blocks[b].shape[1]) left += blocks[b++].shape[1];
    const { data, shape } = blocks[b];
    for (let i = 0; i < rows.length; i++) {
      const value = data[rows[i] * shape[1] + feature - left] - means[feature];
      for (let k = 0; k < outputs; k++) scores[i * outputs + k] += value * weights[a * outputs + k];
    }
  });
  return scores;
}

import { type Matrix, zeros } from '../../array/matrix.ts';
import { forEachOpinion, skillWeights } from './average.ts';
import { type Opinions, simpleCombiner } from './combiner.ts';

/** Majority vote: each expert present names its most probable class; the share of votes is the probability. */
export const vote = simpleCombiner(undefined, () => [], ballot);

/** The same with votes weighted by what each expert explains out of fold. */
export const weightedVote = simpleCombiner('weight', skillWeights, ballot);

function ballot(opinions: Opinions, weights: readonly number[]): Matrix<Float64Array> {
  const [n, classes] = opinions.said[0].shape;
  const out = zeros(n, classes); // [subjects, classes]
  forEachOpinion(opinions, weights, (said, share, i) => {
    out.data[i * classes + said.indexOf(said.reduce((a, b) => Math.max(a, b)))] += share;
  });
  return out;
}

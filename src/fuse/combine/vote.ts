import { type Matrix, zeros } from '../../array/matrix.ts';
import { sharesOf, skillWeights } from './average.ts';
import { type Opinions, simpleCombiner } from './combiner.ts';

/** Majority vote: each expert present names its most probable class; the share of votes is the probability. */
export const vote = simpleCombiner(undefined, () => [], ballot);

/** The same with votes weighted by what each expert explains out of fold. */
export const weightedVote = simpleCombiner('weight', skillWeights, ballot);

function ballot({ probabilities, present }: Opinions, weights: readonly number[]): Matrix<Float64Array> {
  const [n, classes] = probabilities[0].shape;
  const many = probabilities.length;
  const out = zeros(n, classes); // [subjects, classes]
  for (let i = 0; i < n; i++) {
    const shares = sharesOf(present.subarray(i * many, (i + 1) * many), weights);
    for (let m = 0; m < many; m++) {
      if (shares[m] === 0) continue;
      const row = probabilities[m].data.subarray(i * classes, (i + 1) * classes);
      out.data[i * classes + row.indexOf(row.reduce((a, b) => Math.max(a, b)))] += shares[m];
    }
  }
  return out;
}

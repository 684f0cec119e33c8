import { type Matrix, zeros } from '../../array/matrix.ts';
import { type Opinions, simpleCombiner, type Training } from './combiner.ts';

/** The plain average of the opinions of the experts present: probabilities, standardized risks, values. */
export const mean = simpleCombiner(undefined, () => [], average);

/**
 * The average weighted by each expert's skill out of fold (see `Task`), on the training subjects who have its modality;
 * none below 0.
 */
export const weighted = simpleCombiner('weight', skillWeights, average);

export function skillWeights({ opinions, task }: Training): number[] {
  const { said, present } = opinions;
  const many = said.length;
  const skills = said.map((own, m) => {
    const rows = Int32Array.from({ length: own.shape[0] }, (_, i) => i).filter((i) => present[i * many + m] === 1);
    return Math.max(0, task.skill(own, rows) ?? 0);
  });
  const total = skills.reduce((a, b) => a + b, 0);
  return skills.map((skill) => (total > 0 ? skill / total : 1 / many));
}

/** Over the modalities present; where no weight is left, all count alike. */
export function average(opinions: Opinions, weights: readonly number[]): Matrix<Float64Array> {
  const [n, width] = opinions.said[0].shape;
  const out = zeros(n, width); // [subjects, width]
  forEachOpinion(opinions, weights, (said, share, i) => {
    for (let k = 0; k < width; k++) out.data[i * width + k] += share * said[k];
  });
  return out;
}

/** Calls with the opinion of each expert heard on each subject, and the share of its voice among them. */
export function forEachOpinion(
  { said, present }: Opinions,
  weights: readonly number[],
  use: (opinion: Float64Array, share: number, subject: number) => void,
): void {
  const [n, width] = said[0].shape;
  const many = said.length;
  for (let i = 0; i < n; i++) {
    const shares = sharesOf(present.subarray(i * many, (i + 1) * many), weights);
    said.forEach(({ data }, m) => {
      if (shares[m] > 0) use(data.subarray(i * width, (i + 1) * width), shares[m], i);
    });
  }
}

/** The weights of those who are there, summing to 1; no weights at all count alike. */
function sharesOf(there: Uint8Array, weights: readonly number[]): Float64Array {
  const raw = Float64Array.from(there, (one, m) => one * (weights[m] ?? 1));
  const total = raw.reduce((a, b) => a + b, 0);
  if (total > 0) return raw.map((value) => value / total);
  const count = there.reduce((a, b) => a + b, 0);
  return Float64Array.from(there, (one) => (count > 0 ? one / count : 0));
}

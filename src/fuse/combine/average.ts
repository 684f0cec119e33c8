import { type Matrix, zeros } from '../../array/matrix.ts';
import { type Opinions, simpleCombiner, type Training } from './combiner.ts';

/** The plain average of the probabilities of the experts present. */
export const mean = simpleCombiner(undefined, () => [], average);

/**
 * The average weighted by what each expert explains out of fold: 1 − its log loss over that of the class shares, on the
 * training subjects who have its modality; none below 0.
 */
export const weighted = simpleCombiner('weight', skillWeights, average);

export function skillWeights({ opinions, target, prior }: Training): number[] {
  const { probabilities, present } = opinions;
  const many = probabilities.length;
  const skills = probabilities.map(({ data, shape }, m) => {
    let loss = 0;
    let reference = 0;
    target.labels.forEach((label, i) => {
      if (!present[i * many + m]) return;
      loss -= Math.log(Math.max(data[i * shape[1] + label], 1e-15));
      reference -= Math.log(prior[label]);
    });
    return reference > 0 ? Math.max(0, 1 - loss / reference) : 0;
  });
  const total = skills.reduce((a, b) => a + b, 0);
  return skills.map((skill) => (total > 0 ? skill / total : 1 / many));
}

/** Over the modalities present; where no weight is left, all count alike. */
function average(opinions: Opinions, weights: readonly number[]): Matrix<Float64Array> {
  const [n, classes] = opinions.probabilities[0].shape;
  const out = zeros(n, classes); // [subjects, classes]
  forEachOpinion(opinions, weights, (said, share, i) => {
    for (let k = 0; k < classes; k++) out.data[i * classes + k] += share * said[k];
  });
  return out;
}

/** Calls with the probabilities of each expert heard on each subject, and the share of its voice among them. */
export function forEachOpinion(
  { probabilities, present }: Opinions,
  weights: readonly number[],
  use: (said: Float64Array, share: number, subject: number) => void,
): void {
  const [n, classes] = probabilities[0].shape;
  const many = probabilities.length;
  for (let i = 0; i < n; i++) {
    const shares = sharesOf(present.subarray(i * many, (i + 1) * many), weights);
    probabilities.forEach(({ data }, m) => {
      if (shares[m] > 0) use(data.subarray(i * classes, (i + 1) * classes), shares[m], i);
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

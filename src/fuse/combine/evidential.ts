import { type Matrix, zeros } from '../../array/matrix.ts';
import { classesIn, type Opinions, simpleCombiner, type Training } from './combiner.ts';

/**
 * Evidence theory (Dempster 1968; Shafer 1976, chapters 3 and 11): each expert puts r·p(class) on each class and leaves
 * 1 − r undecided, r being how reliable it is; Dempster's rule combines, what stays undecided goes to the class shares.
 * A sure but unreliable expert is outvoted where plain averaging would follow it.
 */
export const evidential = simpleCombiner('reliability', reliabilities, combined);

const most = 0.99; // no expert may silence the others

/**
 * The reliability under which an expert's out-of-fold opinion, diluted with the class shares, makes the training classes
 * most likely: maximizes Σ log(r p + (1 − r) prior), which is concave in r, by bisection of its slope.
 */
function reliabilities(training: Training): number[] {
  const { said, present } = training.opinions;
  const { labels } = classesIn(training);
  const { prior } = training.task;
  const many = said.length;
  return said.map(({ data, shape }, m) => {
    const slope = (r: number) => {
      let sum = 0;
      labels.forEach((label, i) => {
        if (!present[i * many + m]) return;
        const p = data[i * shape[1] + label];
        sum += (p - prior[label]) / (r * p + (1 - r) * prior[label]);
      });
      return sum;
    };
    if (slope(0) <= 0) return 0;
    if (slope(most) >= 0) return most;
    let low = 0;
    let high = most;
    for (let halving = 0; halving < 40; halving++) {
      const middle = (low + high) / 2;
      if (slope(middle) > 0) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  });
}

function combined(
  { said, present }: Opinions,
  reliability: readonly number[],
  prior: Float64Array,
): Matrix<Float64Array> {
  const [n, classes] = said[0].shape;
  const many = said.length;
  const out = zeros(n, classes); // [subjects, classes]
  for (let i = 0; i < n; i++) {
    let undecided = 1;
    let heard = false;
    const belief = new Float64Array(classes).fill(1); // Π (r p + 1 − r), of which the undecided part is taken off below
    for (let m = 0; m < many; m++) {
      if (!present[i * many + m]) continue;
      heard = true;
      const r = reliability[m];
      undecided *= 1 - r;
      for (let k = 0; k < classes; k++) belief[k] *= r * said[m].data[i * classes + k] + 1 - r;
    }
    if (!heard) continue;
    const agreed = belief.reduce((sum, value) => sum + value - undecided, undecided); // 1 − conflict
    for (let k = 0; k < classes; k++) {
      out.data[i * classes + k] = (belief[k] - undecided + undecided * prior[k]) / agreed;
    }
  }
  return out;
}

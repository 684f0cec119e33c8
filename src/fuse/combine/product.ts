import { type Matrix, zeros } from '../../array/matrix.ts';
import { type Opinions, simpleCombiner } from './combiner.ts';

/**
 * The log-opinion pool, or product of experts: naive Bayes across modalities. If the modalities are independent given the
 * class, log p(class | all) = Σ log p(class | modality) − (modalities − 1) log p(class) + constant: the prior, which every
 * expert has counted, is taken out once for each but one. Where they are not independent it is overconfident.
 */
export const product = simpleCombiner(undefined, () => [], pool);

function pool({ said, present }: Opinions, _: readonly number[], prior: Float64Array): Matrix<Float64Array> {
  const [n, classes] = said[0].shape;
  const many = said.length;
  const out = zeros(n, classes); // [subjects, classes]
  const logs = new Float64Array(classes);
  for (let i = 0; i < n; i++) {
    let heard = 0;
    for (let k = 0; k < classes; k++) logs[k] = Math.log(prior[k]);
    for (let m = 0; m < many; m++) {
      if (!present[i * many + m]) continue;
      heard++;
      for (let k = 0; k < classes; k++) {
        logs[k] += Math.log(Math.max(said[m].data[i * classes + k], 1e-12)) - Math.log(prior[k]);
      }
    }
    if (heard === 0) continue;
    const top = logs.reduce((a, b) => Math.max(a, b));
    let total = 0;
    for (let k = 0; k < classes; k++) total += out.data[i * classes + k] = Math.exp(logs[k] - top);
    for (let k = 0; k < classes; k++) out.data[i * classes + k] /= total;
  }
  return out;
}

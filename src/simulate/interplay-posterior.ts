/**
 * What the measurements of `simulateInterplay` say about the class, by the true loadings.
 *
 * In modality m, x = Λ u + ε with u = (whose sign counts, own), given class y normal around μ_y = (0, (y − ½) own) with
 * unit covariance. So u given x and y is normal with covariance V = (I + ΛᵀΛ)⁻¹ and mean V b, b = μ_y + Λᵀ x, and x has
 * the likelihood exp(½ bᵀ V b) but for what y does not change; the first state is positive with chance Φ(mean₁ / √V₁₁),
 * independently over modalities but for the rule: signs differ with chance h = (1 + interplay) / 2 in class 1, and agree
 * with that chance in class 0.
 */
import { normalLower, normalUpper } from '../array/distributions.ts';
import type { Matrix } from '../array/matrix.ts';
import { sufficient } from './loaded.ts';

/** ln P(class 1 | measurements) − ln P(class 0 | measurements) of each subject. [subjects] */
export function interplayLogOdds(
  values: readonly Matrix[],
  loadings: readonly Matrix[],
  { own, interplay }: { readonly own: number; readonly interplay: number },
): Float64Array {
  const tellers = values.map((one, m) => teller(one, loadings[m], own));
  const ruled = (1 + interplay) / 2;
  return Float64Array.from({ length: values[0].shape[0] }, (_, i) => {
    const [class0, class1] = [0, 1].map((label) => {
      const [a, b] = tellers.map((tell) => tell(i, label));
      const same = a.positive * b.positive + a.negative * b.negative;
      const opposite = a.positive * b.negative + a.negative * b.positive;
      const signs = label === 1 ? ruled * opposite + (1 - ruled) * same : ruled * same + (1 - ruled) * opposite;
      return a.logLikelihood + b.logLikelihood + Math.log(Math.max(signs, Number.MIN_VALUE));
    });
    return class1 - class0;
  });
}

/** Of one modality: subject, class -> likelihood of what was measured, and chances of the sign. */
function teller(values: Matrix, loadings: Matrix, own: number) {
  const sums = sufficient(values, loadings).data; // [subjects, 2]
  let [aa, ab, bb] = [1, 0, 1]; // I + ΛᵀΛ
  for (let j = 0; j < loadings.shape[0]; j++) {
    const [a, b] = [loadings.data[2 * j], loadings.data[2 * j + 1]];
    aa += a * a;
    ab += a * b;
    bb += b * b;
  }
  const determinant = aa * bb - ab * ab;
  const sd = Math.sqrt(bb / determinant);
  return (i: number, label: number) => {
    const first = sums[2 * i];
    const second = sums[2 * i + 1] + (label - 0.5) * own;
    const t = (bb * first - ab * second) / determinant / sd;
    return {
      logLikelihood: (bb * first ** 2 - 2 * ab * first * second + aa * second ** 2) / (2 * determinant),
      positive: normalLower(t),
      negative: normalUpper(t),
    };
  };
}

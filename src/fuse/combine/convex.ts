/**
 * The convex combination that would have served the training subjects best, judged by opinions out of fold: weights of at
 * least 0 that sum to 1 (Breiman 1996, "Stacked regressions"; van der Laan, Polley and Hubbard 2007, "Super learner"), over
 * the experts present. Of classes they make the true ones most likely (the linear pool); of values they have the smallest
 * squared error; of survival the largest partial likelihood, the risk times a slope of its own.
 * Each expert is given one subject more whom it alone told right (a Dirichlet prior of 2 each), so that a slight lead among
 * few subjects does not take all.
 */
import { average } from './average.ts';
import { type Opinions, simpleCombiner, type Training } from './combiner.ts';
import { type PoolLoss, poolLoss } from './pool-loss.ts';
import { minimizeOnSimplex, type Objective } from './simplex.ts';

export const convex = simpleCombiner('weight', convexWeights, average);

// No weight is quite 0: of subjects whom only experts of next to no weight know, the ratio of these counts.
const floor = 1e-4;

/** Equal weights where nobody was heard, or the target tells nothing. */
export function convexWeights({ opinions, target }: Training): number[] {
  const { said, present } = opinions;
  const many = said.length;
  const everyone = Int32Array.from({ length: said[0].shape[0] }, (_, i) => i);
  const rows = everyone.filter((i) => present.subarray(i * many, (i + 1) * many).includes(1));
  const loss = many > 1 ? poolLoss(target, rows) : undefined;
  if (!loss) return Array.from(said, () => 1 / many);
  const pooled = pooledLoss(opinions, rows, loss);
  const nat = loss.nat(pooled(new Float64Array(many).fill(1 / many)).value);
  return [...minimizeOnSimplex(many, withPrior(pooled, nat), { least: Math.min(floor, 0.1 / many) })];
}

/** −Σ log w_m added, in the unit of the loss. */
function withPrior(loss: Objective, nat: number): Objective {
  return (weights) => {
    const { value, gradient } = loss(weights);
    return {
      value: weights.reduce((sum, weight) => sum - nat * Math.log(weight), value),
      gradient: gradient.map((slope, m) => slope - nat / weights[m]),
    };
  };
}

/** The loss of the pool f_i = Σ w_m s_im / W_i, W_i = Σ w_m, over the experts m heard on subject i. */
function pooledLoss({ said, present }: Opinions, rows: Int32Array, loss: PoolLoss): Objective {
  const many = said.length;
  const numbers = said.map((opinion) => loss.numbersOf(opinion)); // experts x [rows]
  const heard = said.map((_, m) => Uint8Array.from(rows, (row) => present[row * many + m])); // experts x [rows]
  return (weights) => {
    const pooled = new Float64Array(rows.length);
    const totals = new Float64Array(rows.length); // W
    numbers.forEach((own, m) => {
      for (let i = 0; i < own.length; i++) {
        if (!heard[m][i]) continue;
        pooled[i] += weights[m] * own[i];
        totals[i] += weights[m];
      }
    });
    for (let i = 0; i < pooled.length; i++) pooled[i] /= totals[i];
    const { value, slopes } = loss.evaluate(pooled);
    const gradient = new Float64Array(many);
    numbers.forEach((own, m) => {
      for (let i = 0; i < own.length; i++)
        if (heard[m][i]) gradient[m] += (slopes[i] * (own[i] - pooled[i])) / totals[i];
    });
    return { value, gradient };
  };
}

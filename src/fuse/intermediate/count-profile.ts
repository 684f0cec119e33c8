/** What is known of a modality of counts before a network learns from it: where its reconstruction starts. */
import type { Block } from '../../describe/cohort.ts';
import { eachSubject } from '../../harmonize/counts.ts';

export interface CountProfile {
  /** The features that are told, by column of the block as measured. */
  readonly columns: Int32Array; // [told]
  /** Logarithm of the share that each has of all counts of the training subjects. */
  readonly logShare: Float32Array; // [told]
  /** Logarithm of θ, where the variance about that share of a subject's total μ is μ + μ² / θ, by moments. */
  readonly logInverseDispersion: Float32Array; // [told]
}

const thetas = [1e-2, 1e4] as const; // the least and the most that moments may say
const common = 100; // θ by which features are ranked

/**
 * Of more than `most` features the most variable ones are told: by the variance of Pearson residuals of θ = 100, held to
 * ± the square root of the number of subjects (Lause, Berens and Kobak 2021, Genome Biology 22:258). A feature that no
 * training subject has a count of is never told.
 *
 * @param block the training subjects, as measured; all features are counts
 * @returns undefined where fewer than two features have a count
 */
export function countProfile(block: Block, most: number): CountProfile | undefined {
  const many = block.values.shape[1];
  const all = Array.from({ length: many }, (_, j) => j);
  const counted = new Float64Array(many); // [features]
  const possible = new Float64Array(many); // [features]: totals of the subjects in whom it was measured
  eachSubject(block, all, 'reconstruction', ({ counts, observed, total }) => {
    for (let j = 0; j < many; j++) {
      if (!observed[j]) continue;
      counted[j] += counts[j];
      possible[j] += total;
    }
  });
  const share = counted.map((sum, j) => (possible[j] > 0 ? sum / possible[j] : 0)); // [features]
  const { spread, inverseDispersion } = about(block, all, share);
  const known = all.filter((j) => share[j] > 0);
  if (known.length < 2) return undefined;
  const columns = Int32Array.from(known.sort((a, b) => spread[b] - spread[a] || a - b).slice(0, most)).sort();
  return {
    columns,
    logShare: Float32Array.from(columns, (j) => Math.log(share[j])),
    logInverseDispersion: Float32Array.from(columns, (j) => Math.log(inverseDispersion[j])),
  };
}

/** How each feature varies about its share of the totals: the mean square of its Pearson residuals, and θ by moments. */
function about(block: Block, all: readonly number[], share: Float64Array) {
  const many = share.length;
  const limit = Math.sqrt(block.present.reduce((sum, there) => sum + there, 0));
  const squares = new Float64Array(many); // [features], of residuals
  const excess = new Float64Array(many); // [features], of squared differences over those of Poisson counts
  const means = new Float64Array(many); // [features], squared
  const measured = new Float64Array(many); // [features]
  eachSubject(block, all, 'reconstruction', ({ counts, observed, total }) => {
    let there = 0;
    for (let j = 0; j < many; j++) if (observed[j]) there += share[j];
    if (total === 0) return;
    for (let j = 0; j < many; j++) {
      if (!observed[j] || share[j] === 0) continue;
      const mean = (total * share[j]) / there;
      const off = counts[j] - mean;
      const residual = off / Math.sqrt(mean + mean ** 2 / common);
      squares[j] += Math.max(-limit, Math.min(limit, residual)) ** 2;
      excess[j] += off ** 2 - mean;
      means[j] += mean ** 2;
      measured[j]++;
    }
  });
  const [least, greatest] = thetas;
  return {
    spread: squares.map((sum, j) => sum / Math.max(1, measured[j])),
    inverseDispersion: means.map((sum, j) => Math.min(greatest, Math.max(least, sum / Math.max(excess[j], 1e-12)))),
  };
}

import { nbDispersion } from '../array/nb-dispersion.ts';
import type { Block } from '../describe/cohort.ts';
import { countFeatures, type EmptyOptions, eachSubject, rescaled, rewritten } from './counts.ts';
import { dispersionTrend } from './dispersion-trend.ts';
import { harmonizer } from './harmonizer.ts';

export interface PearsonResidualsOptions extends EmptyOptions {
  /** Residuals are held between ± this; `auto` (default): the square root of the number of training subjects. */
  readonly clip?: number | 'auto';
  /** How many features the trend of dispersion is learned from, evenly by rank of their mean. */
  readonly trendFeatures?: number;
}

/**
 * How far each count is from what depth alone would give, in standard deviations of a negative binomial: (x - μ) / √(μ + α
 * μ²), with μ = the subject's total times the feature's share of all training counts (Lause, Berens and Kobak 2021, Genome
 * Biology 22:258, equations 3 to 5). The dispersion α follows a trend over the mean, learned from maximum likelihood
 * estimates of training subjects. Steadies the variance without a logarithm.
 *
 * Depth leaves the mean (0) and the variance (1) of residuals, not their every value: counted c times as deeply with the
 * same shares, a residual keeps its sign and grows by between 1 and √c, nearly not at all where α μ is large. That is
 * information: the deeper count is surer.
 *
 * Acts on counts (see `countFeatures`), which become intervals; a feature never counted in training is 0.
 */
export const pearsonResiduals = harmonizer({
  kind: 'pearson-residuals',
  version: 1,
  learn(block, { clip = 'auto', trendFeatures = 2000, empty = 'missing' }: PearsonResidualsOptions) {
    const chosen = countFeatures(block);
    const { share, totals, subjects } = depthModel(block, chosen);
    return {
      names: block.modality.features.map(({ name }) => name),
      chosen,
      empty,
      share,
      dispersion: dispersions(block, chosen, share, totals, trendFeatures),
      limit: clip === 'auto' ? Math.sqrt(subjects) : clip,
    };
  },
  transform(block, { share, dispersion, limit, ...plan }) {
    const feature = (of: Parameters<typeof rescaled>[0]) => rescaled(of, 'interval');
    return rewritten(block, { where: 'pearsonResiduals', feature, ...plan }, ({ counts, observed, total }, out) => {
      const depth = depthOf(total, observed, share);
      if (!(depth > 0)) return false;
      for (let k = 0; k < out.length; k++) {
        const mean = depth * share[k];
        const residual = mean > 0 ? (counts[k] - mean) / Math.sqrt(mean + dispersion[k] * mean * mean) : 0;
        out[k] = Math.max(-limit, Math.min(limit, residual));
      }
      return true;
    });
  },
});

/** The total as it would be with no feature missing. */
function depthOf(total: number, observed: Uint8Array, share: Float64Array): number {
  let there = 0;
  for (let k = 0; k < share.length; k++) if (observed[k]) there += share[k];
  return there > 0 ? total / there : 0;
}

/** Each feature's share of the counts, and the depth of each subject (0: has no count). */
function depthModel(block: Block, chosen: readonly number[]) {
  const counted = new Float64Array(chosen.length); // [chosen]
  const possible = new Float64Array(chosen.length); // [chosen]: totals of the subjects in whom it was measured
  let subjects = 0;
  eachSubject(block, chosen, 'pearsonResiduals', ({ counts, observed, total }) => {
    if (total > 0) subjects++;
    for (let k = 0; k < chosen.length; k++) {
      if (!observed[k]) continue;
      counted[k] += counts[k];
      possible[k] += total;
    }
  });
  const raw = counted.map((sum, k) => (possible[k] > 0 ? sum / possible[k] : 0));
  const whole = raw.reduce((a, b) => a + b, 0);
  const share = whole > 0 ? raw.map((value) => value / whole) : raw; // [chosen]
  const totals = new Float64Array(block.present.length); // [subjects]
  eachSubject(block, chosen, 'pearsonResiduals', ({ observed, total }, i) => {
    totals[i] = depthOf(total, observed, share);
  });
  return { share, totals, subjects };
}

function dispersions(
  block: Block,
  chosen: readonly number[],
  share: Float64Array,
  totals: Float64Array,
  trendFeatures: number,
): Float64Array {
  const depths = totals.filter((depth) => depth > 0);
  const typical = depths.reduce((a, b) => a + b, 0) / depths.length;
  const counted = [...share.keys()].filter((k) => share[k] > 0).sort((a, b) => share[a] - share[b] || a - b);
  if (counted.length === 0) return new Float64Array(chosen.length);
  const many = Math.min(trendFeatures, counted.length);
  const picked = Array.from({ length: many }, (_, i) => counted[Math.floor(((i + 0.5) * counted.length) / many)]);
  const fitted = picked.map((k) => nbDispersion(...measured(block, chosen[k], share[k], totals)).dispersion);
  const trend = dispersionTrend(
    Float64Array.from(picked, (k) => share[k] * typical),
    Float64Array.from(fitted),
  );
  return share.map((part) => (part > 0 ? trend(part * typical) : 0));
}

/** The counts of a feature, and those that depth alone would give. */
function measured(block: Block, j: number, share: number, totals: Float64Array): [Float64Array, Float64Array] {
  const columns = block.values.shape[1];
  const rows = Int32Array.from(totals.keys()).filter((i) => totals[i] > 0 && block.observed[i * columns + j] === 1);
  return [
    Float64Array.from(rows, (i) => block.values.data[i * columns + j]),
    Float64Array.from(rows, (i) => totals[i] * share),
  ];
}

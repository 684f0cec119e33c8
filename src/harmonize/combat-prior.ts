/**
 * What ComBat makes of one site: its shift and its variance in each feature, drawn towards what the site does to features
 * in general (Johnson, Li and Rabinovic 2007, sections 3.2 and 3.3).
 */
import { internal } from '../errors.ts';
import { meanAndSd } from './z-score-map.ts';

/** One site's standardized values, feature by feature: how many, their mean, their summed squares about it. */
export interface SiteSummary {
  readonly counts: Float64Array; // [features]
  readonly means: Float64Array; // [features]
  readonly squares: Float64Array; // [features]
}

export interface SiteEffect {
  readonly shift: Float64Array; // [features]
  readonly variance: Float64Array; // [features]
}

export const poolings = ['parametric', 'nonparametric', 'none'] as const;
export type Pooling = (typeof poolings)[number];

/** @param scaled Features that take part; the others get shift 0 and variance 1. */
export function siteEffect(site: SiteSummary, scaled: Int32Array, pooling: Pooling, meanOnly: boolean): SiteEffect {
  const { counts, means, squares } = site;
  const shift = new Float64Array(counts.length); // [features]
  const variance = new Float64Array(counts.length).fill(1); // [features]
  const located = scaled.filter((j) => counts[j] > 0);
  const spread = scaled.filter((j) => counts[j] > 1 && squares[j] > 0);
  const naive = (j: number) => (meanOnly ? 1 : squares[j] / (counts[j] - 1));
  for (const j of located) shift[j] = means[j];
  for (const j of spread) variance[j] = naive(j);
  if (located.length === 0) return { shift, variance };

  const shifts = Float64Array.from(located, (j) => shift[j]);
  const variances = Float64Array.from(spread, naive);
  const typical = { shift: meanAndSd(shifts).mean, variance: spread.length > 0 ? meanAndSd(variances).mean : 1 };
  if (pooling === 'none') {
    // a feature that nobody at the site has, or that never varies there, gets what is typical of the site
    for (const j of scaled) if (counts[j] === 0) shift[j] = typical.shift;
    for (const j of scaled) if (!(counts[j] > 1 && squares[j] > 0)) variance[j] = typical.variance;
  } else if (pooling === 'parametric') parametric(site, scaled, shifts, variances, meanOnly, { shift, variance });
  else nonparametric(site, scaled, spread, meanOnly, { shift, variance });
  return { shift, variance };
}

/** A normal prior of shifts and an inverse gamma prior of variances, by moments; posterior means by iteration. */
function parametric(
  { counts, means, squares }: SiteSummary,
  scaled: Int32Array,
  shifts: Float64Array,
  variances: Float64Array,
  meanOnly: boolean,
  { shift, variance }: SiteEffect,
): void {
  const centre = meanAndSd(shifts).mean;
  const between = sampleVariance(shifts);
  if (meanOnly) {
    // as the authors' code: one value of variance 1 a feature, whatever the size of the site
    for (const j of scaled) shift[j] = counts[j] > 0 ? (between * means[j] + centre) / (between + 1) : centre;
    return;
  }
  const m = meanAndSd(variances).mean;
  const s2 = sampleVariance(variances);
  const alike = !(s2 > 1e-12 * m * m); // all variances the same: the prior is a point
  const a = (2 * s2 + m * m) / s2;
  const b = (m * s2 + m ** 3) / s2;
  for (const j of scaled) {
    const n = counts[j];
    let g = n > 0 ? means[j] : centre;
    let d = alike ? m : variance[j];
    for (let step = 0; ; step++) {
      const g2 = n * between + d > 0 ? (n * between * means[j] + d * centre) / (n * between + d) : centre;
      const d2 = alike ? m : (0.5 * (squares[j] + n * (means[j] - g2) ** 2) + b) / (n / 2 + a - 1);
      const moved = Math.max(Math.abs(g2 - g), Math.abs(d2 - d) / d2);
      g = g2;
      d = d2;
      if (moved < 1e-8) break;
      if (step > 10_000) throw internal('the posterior means of comBat do not settle');
    }
    shift[j] = g;
    variance[j] = d;
  }
}

/** The other features' naive estimates as the prior, each weighted by how well it explains this feature's values. */
function nonparametric(
  { counts, means, squares }: SiteSummary,
  scaled: Int32Array,
  spread: Int32Array,
  meanOnly: boolean,
  { shift, variance }: SiteEffect,
): void {
  const candidates = meanOnly ? scaled.filter((j) => counts[j] > 0) : spread;
  if (candidates.length < 2) return;
  const g = Float64Array.from(candidates, (j) => shift[j]); // [candidates]
  const d = Float64Array.from(candidates, (j) => variance[j]); // [candidates]
  const logD = d.map(Math.log);
  const fits = new Float64Array(candidates.length); // [candidates]: log likelihoods
  for (const j of scaled) {
    const n = counts[j];
    let best = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < g.length; k++) {
      fits[k] =
        candidates[k] === j
          ? Number.NEGATIVE_INFINITY
          : -0.5 * (n * logD[k] + (squares[j] + n * (means[j] - g[k]) ** 2) / d[k]);
      if (fits[k] > best) best = fits[k];
    }
    let total = 0;
    let g2 = 0;
    let d2 = 0;
    for (let k = 0; k < g.length; k++) {
      if (fits[k] < best - 50) continue; // weighs less than rounding
      const weight = Math.exp(fits[k] - best);
      total += weight;
      g2 += weight * g[k];
      d2 += weight * d[k];
    }
    shift[j] = g2 / total;
    variance[j] = d2 / total;
  }
}

/** Divided by n - 1; 0 of fewer than two. */
function sampleVariance(values: Float64Array): number {
  return values.length < 2 ? 0 : (meanAndSd(values).sd ** 2 * values.length) / (values.length - 1);
}

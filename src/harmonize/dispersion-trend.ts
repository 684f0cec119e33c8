import { meanAndSd } from './z-score-map.ts';

/**
 * Dispersions as a smooth function of the mean, since the estimate of a single feature is noisy (Hafemeister and Satija
 * 2019, Genome Biology 20:296). Smoothed is lg(1 + mean · dispersion), how far the variance is above that of Poisson, over
 * lg mean by a Gaussian kernel three times as wide as Silverman's rule (their `od_factor` and `bw_adjust`); by local lines,
 * not local means, which at either end would lean inwards.
 *
 * @param means Mean counts [fitted] of the features whose dispersion was estimated, all positive.
 * @returns the dispersion at a mean; beyond the fitted means, that of the nearest.
 */
export function dispersionTrend(means: Float64Array, dispersions: Float64Array): (mean: number) => number {
  const n = means.length;
  const x = means.map(Math.log10); // [fitted]
  const y = means.map((mean, k) => Math.log10(1 + mean * dispersions[k])); // [fitted]
  const sorted = x.slice().sort();
  const quartiles = sorted[Math.floor(0.75 * (n - 1))] - sorted[Math.floor(0.25 * (n - 1))];
  const { sd } = meanAndSd(x);
  const width = 3 * 0.9 * Math.min(sd, quartiles / 1.349 || sd) * n ** -0.2 || 1;
  return (mean) => {
    const at = Math.min(sorted[n - 1], Math.max(sorted[0], Math.log10(mean)));
    let weight = 0;
    let meanX = 0;
    let meanY = 0;
    let xx = 0;
    let xy = 0;
    for (let k = 0; k < n; k++) {
      // means and centred sums of products in one pass (Welford 1962), each term weighted
      const w = Math.exp(-0.5 * ((x[k] - at) / width) ** 2);
      if (w === 0) continue;
      weight += w;
      const step = x[k] - meanX;
      meanX += (w / weight) * step;
      meanY += (w / weight) * (y[k] - meanY);
      xx += w * step * (x[k] - meanX);
      xy += w * step * (y[k] - meanY);
    }
    const value = meanY + (xx > 1e-12 * weight ? (xy / xx) * (at - meanX) : 0);
    return Math.max(0, (10 ** value - 1) / 10 ** at);
  };
}

import type { Random } from '../../src/array/random.ts';

/** A count of mean and dispersion: Poisson of a gamma. */
export function negativeBinomial(mean: number, dispersion: number, draw: Random): number {
  return poisson(dispersion > 0 ? gamma(1 / dispersion, draw) * dispersion * mean : mean, draw);
}

/** Marsaglia and Tsang (2000), of scale 1. */
function gamma(shape: number, draw: Random): number {
  if (shape < 1) return gamma(shape + 1, draw) * draw.uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = draw.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(draw.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** By halving a large mean through its gamma waiting time (Ahrens and Dieter 1974), then by multiplication. */
function poisson(mean: number, draw: Random): number {
  if (mean > 30) {
    const m = Math.floor(0.875 * mean);
    const wait = gamma(m, draw);
    return wait > mean ? binomial(m - 1, mean / wait, draw) : m + poisson(mean - wait, draw);
  }
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = draw.uniform(); product > floor; product *= draw.uniform()) count++;
  return count;
}

/** By the middle order statistic, a beta, until few are left. */
function binomial(n: number, p: number, draw: Random): number {
  if (n < 20) {
    let count = 0;
    for (let i = 0; i < n; i++) if (draw.uniform() < p) count++;
    return count;
  }
  const a = 1 + (n >> 1);
  const b = n + 1 - a;
  const x = gamma(a, draw);
  const at = x / (x + gamma(b, draw));
  return at <= p ? a + binomial(b - 1, (p - at) / (1 - at), draw) : binomial(a - 1, p / at, draw);
}

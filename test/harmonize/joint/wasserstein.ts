/** The 1-Wasserstein distance of two samples: the mean difference of their quantiles. */
export function wassersteinBetween(a: readonly number[], b: readonly number[], quantiles = 500): number {
  const [x, y] = [a, b].map((sample) => Float64Array.from(sample).sort());
  let sum = 0;
  for (let q = 0; q < quantiles; q++) {
    const at = (q + 0.5) / quantiles;
    sum += Math.abs(x[Math.floor(at * x.length)] - y[Math.floor(at * y.length)]) / quantiles;
  }
  return sum;
}

/** Whether one number follows another over a few scans. */
export interface Dependence {
  /** Pearson's r; NaN where either does not vary. */
  readonly r: number;
  /** 95 % interval by Fisher's z (1921), which takes scans for independent; of few scans it is wide. */
  readonly low: number;
  readonly high: number;
  /**
   * Two-sided: among all turns of the scans' order, forwards and backwards, the share with as large an r. Neighbouring slices
   * are alike, and permuting them one by one would take that for evidence. Of n scans it is not below 1 / 2n.
   */
  readonly p: number;
  readonly scans: number;
}

/** Pearson's r; NaN where either does not vary. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  let [meanA, meanB] = [0, 0];
  for (let i = 0; i < n; i++) {
    meanA += a[i] / n;
    meanB += b[i] / n;
  }
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    ab += (a[i] - meanA) * (b[i] - meanB);
    aa += (a[i] - meanA) ** 2;
    bb += (b[i] - meanB) ** 2;
  }
  // What is no more than rounding does not vary. Nothing here may hang on the unit: diffusion in m²/s is 1e-9.
  const varies = aa > 1e-18 * n * meanA * meanA && bb > 1e-18 * n * meanB * meanB;
  return varies ? ab / Math.sqrt(aa * bb) : Number.NaN;
}

/** @param values in the order in which scans lie; NaN where a scan has none, which is then left out */
export function dependence(values: readonly number[], on: readonly number[]): Dependence {
  const there = [...values.keys()].filter((s) => Number.isFinite(values[s]) && Number.isFinite(on[s]));
  const [a, b] = [there.map((s) => values[s]), there.map((s) => on[s])];
  const r = correlation(a, b);
  const scans = there.length;
  if (scans < 4 || Number.isNaN(r)) return { r, low: -1, high: 1, p: 1, scans };
  const z = Math.atanh(Math.max(-0.999999, Math.min(0.999999, r)));
  const half = 1.959964 / Math.sqrt(scans - 3);
  let large = 0;
  for (const way of [a, a.toReversed()]) {
    for (let by = 0; by < scans; by++) {
      const turned = [...way.slice(by), ...way.slice(0, by)];
      if (Math.abs(correlation(turned, b)) >= Math.abs(r) - 1e-12) large++;
    }
  }
  return { r, low: Math.tanh(z - half), high: Math.tanh(z + half), p: large / (2 * scans), scans };
}

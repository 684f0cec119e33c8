/** What a harmonizing left: whether tissue follows the share of bone, and how far patients are apart. */

/**
 * Over the slices of a patient, the correlation of a tissue's median with the share of bone, with Fisher's interval; and the lean:
 * how much the line through them rises from the least to the most bone, in standard deviations of all head voxels.
 */
export function follows({ slices }, tables, tissue, sd) {
  const medians = slices.map(({ counts }, s) => medianOf(counts.ct[tissue], tables[s].ct));
  const there = slices.map((_, s) => s).filter((s) => Number.isFinite(medians[s]));
  const [values, shares] = [there.map((s) => medians[s]), there.map((s) => slices[s].boneShare)];
  const [a, b] = [mean(values), mean(shares)];
  const product = there.reduce((sum, _, i) => sum + (values[i] - a) * (shares[i] - b), 0);
  const spread = shares.reduce((sum, share) => sum + (share - b) ** 2, 0);
  const r = product / Math.sqrt(spread * values.reduce((sum, value) => sum + (value - a) ** 2, 0));
  const half = 1.959964 / Math.sqrt(there.length - 3);
  const z = Math.atanh(r);
  const lean = ((product / spread) * (Math.max(...shares) - Math.min(...shares))) / sd;
  return { r, low: Math.tanh(z - half), high: Math.tanh(z + half), lean, slices: there.length };
}

/** Standard deviation of the values of all head voxels, each patient counting alike. */
export function spreadOf(patients, tablesOf, kind) {
  let [first, second] = [0, 0];
  patients.forEach(({ slices }, p) => {
    let [n, one, two] = [0, 0, 0];
    slices.forEach(({ counts }, s) => {
      const table = tablesOf[p][s][kind];
      counts[kind].head.forEach((count, level) => {
        n += count;
        one += count * table[level];
        two += count * table[level] ** 2;
      });
    });
    first += one / n / patients.length;
    second += two / n / patients.length;
  });
  return Math.sqrt(second - first * first);
}

/**
 * The mean 1-Wasserstein distance between the values that two patients have of a tissue, over all pairs of patients.
 *
 * @param drawn slices of each patient, repeats among them
 */
export function apart(patients, tablesOf, kind, tissue, drawn = patients.map(({ slices }) => slices.map((_, s) => s))) {
  const spread = patients.map(({ slices }, p) =>
    quantilesOf(drawn[p].map((s) => [slices[s].counts[kind][tissue], tablesOf[p][s][kind]])),
  );
  let [sum, pairs] = [0, 0];
  for (let a = 0; a < spread.length; a++) {
    for (let b = 0; b < a; b++) {
      sum += mean(spread[a].map((value, q) => Math.abs(value - spread[b][q])));
      pairs++;
    }
  }
  return sum / pairs;
}

const quantiles = 200;

function quantilesOf(slices) {
  const all = []; // of value and count
  let total = 0;
  for (const [counts, table] of slices) {
    counts.forEach((count, level) => {
      if (count > 0) all.push([table[level], count]);
      total += count;
    });
  }
  all.sort(([a], [b]) => a - b);
  const out = new Float64Array(quantiles);
  let [at, below] = [0, 0];
  for (let q = 0; q < quantiles; q++) {
    const goal = ((q + 0.5) / quantiles) * total;
    while (at < all.length - 1 && below + all[at][1] < goal) below += all[at++][1];
    out[q] = all[at][0];
  }
  return out;
}

export function meanOf(patients, tablesOf, tissue) {
  return mean(
    patients.map(({ slices }, p) => {
      let [n, sum] = [0, 0];
      slices.forEach(({ counts }, s) => {
        counts.ct[tissue].forEach((count, level) => {
          n += count;
          sum += count * tablesOf[p][s].ct[level];
        });
      });
      return sum / n;
    }),
  );
}

function medianOf(counts, table) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total < 50) return Number.NaN;
  let below = 0;
  return table[counts.findIndex((count) => (below += count) >= total / 2)];
}

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

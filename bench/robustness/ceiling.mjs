/**
 * The best AUROC that any score can reach in a world of `simulateMultiomics`, knowing its loadings, how noisy the broken
 * modality is and who lacks it. Features are normal given the class, so this is a linear discriminant analysis.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';

const built = pathToFileURL(fileURLToPath(new URL('../../dist/src/', import.meta.url))).href;
const { normalLower } = await import(`${built}array/distributions.js`);
const { cholesky, solveCholesky } = await import(`${built}array/cholesky.js`);

/**
 * AUROC where every subject has all that is measured, or, for a share `missing`, all but the broken modality.
 *
 * With Λ the loadings of all features on the states (one shared, one of each modality), Σ the covariance of the noise and
 * J = Λᵀ Σ⁻¹ Λ, the classes are δ² = μᵀ (I − (I + J)⁻¹) μ apart, μ being the distances of the classes in the states. The
 * log-odds of a subject are normal with variance δ² and mean ±δ² / 2, so one in whom δ is a and one in whom it is b are
 * ordered rightly with chance Φ(√(a² + b²) / 2).
 *
 * @param {readonly { data: Float64Array }[]} loadings of each modality [features, 2], shared then own
 * @param {{ shared: number, own: readonly number[], blockSize: number, blockCorrelation: number }} world
 * @param {{ broken: number, sd?: number, missing?: number }} how the modality's place, and what is done to it
 */
export function ceiling(loadings, world, { broken, sd = 0, missing = 0 }) {
  const all = distance(loadings, world, (m) => (m === broken ? sd : 0));
  const without = distance(loadings, world, (m) => (m === broken ? Number.POSITIVE_INFINITY : 0));
  const chance = (a, b) => normalLower(Math.sqrt(a + b) / 2);
  const there = 1 - missing;
  return (
    there ** 2 * chance(all, all) + 2 * there * missing * chance(all, without) + missing ** 2 * chance(without, without)
  );
}

/** δ², with noise of `noiseOf` standard deviations of each column; of infinitely much, a modality says nothing. */
function distance(loadings, { shared, own, blockSize, blockCorrelation }, noiseOf) {
  const states = 1 + own.length;
  const information = new Float64Array(states * states); // J
  loadings.forEach(({ data }, m) => {
    const sd = noiseOf(m);
    if (sd === Number.POSITIVE_INFINITY) return;
    const places = [0, m + 1]; // among the states
    const width = data.length / 2;
    for (let from = 0; from < width; from += blockSize) {
      const block = Array.from({ length: Math.min(blockSize, width - from) }, (_, j) => {
        const [a, b] = [data[2 * (from + j)], data[2 * (from + j) + 1]];
        const variance = 1 + a * a + b * b + ((a * shared + b * own[m]) / 2) ** 2; // of the column over both classes
        return { loading: [a, b], alone: 1 - blockCorrelation + sd * sd * variance };
      });
      const sum = (of) => block.reduce((total, one) => total + of(one), 0);
      // The inverse of diag(alone) + correlation 11ᵀ by Sherman and Morrison.
      const scale = blockCorrelation / (1 + blockCorrelation * sum(({ alone }) => 1 / alone));
      const totals = [0, 1].map((s) => sum(({ loading, alone }) => loading[s] / alone));
      for (const s of [0, 1]) {
        for (const t of [0, 1]) {
          information[places[s] * states + places[t]] +=
            sum(({ loading, alone }) => (loading[s] * loading[t]) / alone) - scale * totals[s] * totals[t];
        }
      }
    }
  });
  const apart = Float64Array.of(shared, ...own); // μ
  const shrunk = apart.slice();
  solveCholesky(cholesky({ shape: [states, states], data: information }, { shift: 1 }), shrunk);
  return apart.reduce((total, mu, s) => total + mu * (mu - shrunk[s]), 0);
}

/** A fusion of one's own, in no registry, beside the built-in ones: the mean of what an early and a late fusion say. */
import { bestSingle, compareStrategies, early, late, matrix, simulateMultiomics } from 'consilience';

/** @returns {import('consilience').Fusion} */
function halfway() {
  return {
    spec: { kind: 'halfway', version: 1, options: {} },
    async fit(cohort, target, run) {
      const parts = [await early().fit(cohort, target, run), await late().fit(cohort, target, run)];
      return {
        modalities: parts[0].modalities,
        notes: { remarks: [], figures: {} },
        async apply(subjects) {
          const [one, other] = await Promise.all(parts.map((part) => part.apply(subjects)));
          const mean = (a, b) => a.map((value, i) => (value + b[i]) / 2);
          const [n, classes] = one.probability.shape;
          const probability = matrix(n, classes, mean(one.probability.data, other.probability.data));
          return { ...one, probability, uncertainty: mean(one.uncertainty, other.uncertainty) };
        },
        save: () => ({ kind: 'halfway', version: 1, state: {}, blobs: {} }), // nothing here opens it again
      };
    },
  };
}

const { cohort, target } = simulateMultiomics({ subjects: 150, modalities: 3, features: 40, missing: 0.2, seed: 5 });
const strategies = [
  { name: 'single:best', role: 'best-single', fusion: bestSingle({ metric: 'auroc' }) },
  ...Object.entries({ 'early:logistic': early(), 'late:mean': late(), 'blend:halfway': halfway() }).map(
    ([name, fusion]) => ({ name, role: 'fusion', fusion }),
  ),
];
const protocol = { kind: 'cross-validation', folds: 5, repeats: 2 };
const { strategies: results } = await compareStrategies(cohort, target, strategies, { protocol, seed: 1 });
for (const { name, metrics } of results) console.log(`${name.padEnd(15)} AUROC ${metrics.auroc.value.toFixed(2)}`);

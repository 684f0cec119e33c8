/** Strategies compared in a program, on simulated patients whose truth is known. */
import { bestSingle, compareStrategies, early, late, simulateMultiomics, single } from 'consilience';

const { cohort, target, truth } = simulateMultiomics({
  subjects: 240,
  modalities: 3,
  features: 60,
  informative: 0.5,
  shared: 0.3, // told by every modality
  own: [1.5, 1.5, 0], // told by this one alone; the third has nothing of its own
  missing: 0.2,
  seed: 3,
});

const strategies = [
  ...cohort.blocks.map(({ modality: { name } }) => ({
    name: `single:${name}`,
    role: 'single',
    fusion: single({ modality: name }),
  })),
  { name: 'single:best', role: 'best-single', fusion: bestSingle({ metric: 'auroc' }) },
  { name: 'early:logistic', role: 'fusion', fusion: early() },
  { name: 'late:mean', role: 'fusion', fusion: late() },
  { name: 'late:stacked', role: 'fusion', fusion: late({ combine: 'stacked' }) },
];
const protocol = { kind: 'cross-validation', folds: 5, repeats: 2 };
const compared = await compareStrategies(cohort, target, strategies, { protocol, seed: 1 });

for (const { name, metrics, paired } of compared.strategies) {
  const gain = paired
    ? `  ${paired.difference.toFixed(2)} (${paired.low.toFixed(2)} to ${paired.high.toFixed(2)})`
    : '';
  console.log(`${name.padEnd(15)} ${metrics.auroc.value.toFixed(2)}${gain}`);
}
console.log(`the most that could be told: ${truth.auroc.fused.toFixed(2)} from all three`);
console.log(`finding: ${compared.verdict.finding} (${compared.verdict.strategy})`);

/** Late fusion of risks that models have told already, and why weights are not learned where those models were. */
import { cox, harrellC, matrix, meanAndSd, simulateMultiomics, takeSubjects } from 'consilience';

// What drives the hazard of 300 patients shows in 8 columns of one modality and in 80 of another.
const drawn = { subjects: 300, modalities: 2, features: [8, 80], informative: 1, loading: 1, seed: 1 };
const { cohort, truth } = simulateMultiomics(drawn);
const hazard = truth.own[0].data.map((z, i) => Math.exp(z + truth.own[1].data[i]));
const days = hazard.map((h, i) => (-1000 * Math.log((0.618034 * (i + 1)) % 1)) / h);
const half = (from) => ({
  blocks: takeSubjects(
    cohort,
    Int32Array.from({ length: 150 }, (_, i) => from + i),
  ).blocks,
  timeDays: days.slice(from, from + 150),
  event: new Uint8Array(150).fill(1),
});
const [train, test] = [half(0), half(150)];
const weigh = (columns, penalty) => cox({ penalties: [penalty] }).fit(columns, train, { seed: 1 });

// The given models. The second, with many columns for so few patients, learned its training patients by heart.
const models = await Promise.all(train.blocks.map(({ values }) => weigh([values], 1)));
const risksOf = ({ blocks }) => Promise.all(models.map((model, k) => model.apply([blocks[k].values])));
const [seen, unseen] = [await risksOf(train), await risksOf(test)];
const c = (times, risk) => harrellC(times, risk).toFixed(2);
for (const k of [0, 1])
  console.log(`model ${k + 1}: C ${c(train, seen[k])} in training, ${c(test, unseen[k])} at test`);

// In standard deviations of the training risks, which looks at no outcome.
const scales = seen.map(meanAndSd);
const z = (all) => all.map((risk, k) => risk.map((one) => (one - scales[k].mean) / scales[k].sd));
const column = (risk) => matrix(150, 1, risk);
const [one, other] = z(unseen);
const mean = one.map((risk, i) => risk + other[i]);
const trap = await weigh(z(seen).map(column), 0.001);
console.log(`their mean: ${c(test, mean)}`);
console.log(`weighted by what was seen in training: ${c(test, await trap.apply(z(unseen).map(column)))}`);
console.log(`the weights: ${trap.weights.map(([weight]) => weight.toFixed(1)).join(' and ')}`);

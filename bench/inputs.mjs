/** The inputs of the speed task: each comparison as a study for us and as a job for the incumbent, on the same files. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulateMultiomics } from 'consilience';

const protocol = { folds: 5, repeats: 2, inner: 5 };
/** What the incumbent fits too. `single:best` is always fitted, by both. */
const strategies = ['single', 'early:logistic', 'late:mean', 'late:stacked'];

/**
 * @typedef {{ name: string, study: string, job: object }} Input `study`: path of the study file; `job`: see
 *   sklearn/nested_logistic.py, without what says how to run it
 */

/** @type {Record<string, (folder: string, shared: string) => Input | string>} a text says why it cannot be had here */
export const inputs = { rosmap, wide };

/** 351 subjects, 3 x 200 features, small files: the files of both parts pooled. */
function rosmap(folder, shared) {
  const data = join(shared, 'data/rosmap');
  if (!existsSync(data)) return 'its data are not here (CONSILIENCE_SHARED, by default ../shared)';
  const parts = (name, train = '.csv.gz') => ({
    train: join(data, `${name}_train${train}`),
    test: join(data, `${name}_test.csv`),
  });
  const modalities = Object.fromEntries(['mrna', 'methylation', 'mirna'].map((name) => [name, parts(name)]));
  return input(folder, 'rosmap', modalities, parts('labels', '.csv'), 'alzheimers');
}

/** 500 subjects, 3 x 3,000 features, simulated: many more features than subjects. */
function wide(folder) {
  mkdirSync(folder, { recursive: true });
  const { cohort, target } = simulateMultiomics({
    subjects: 500,
    modalities: 3,
    features: 3000,
    shared: 0.6,
    own: 0.6,
    seed: 20_260,
  });
  const modalities = {};
  for (const { modality, values } of cohort.blocks) {
    const [subjects, features] = values.shape;
    const rows = [['id', ...modality.features.map(({ name }) => name)].join(',')];
    for (let i = 0; i < subjects; i++) {
      const row = values.data.subarray(i * features, (i + 1) * features);
      rows.push(`${cohort.subjects[i]},${Array.from(row, (value) => value.toFixed(5)).join(',')}`);
    }
    modalities[modality.name] = join(folder, `${modality.name}.csv`);
    writeFileSync(modalities[modality.name], `${rows.join('\n')}\n`);
  }
  const labels = cohort.subjects.map((subject, i) => `${subject},${target.classes[target.labels[i]]}`);
  const file = join(folder, 'labels.csv');
  writeFileSync(file, `id,class\n${labels.join('\n')}\n`);
  return input(folder, 'wide', modalities, file, 'class');
}

function input(folder, name, modalities, target, column) {
  mkdirSync(folder, { recursive: true });
  const listed = (file) => (typeof file === 'string' ? file : Object.values(file));
  const each = (form) => Object.fromEntries(Object.entries(modalities).map(([key, file]) => [key, form(file)]));
  const study = {
    name,
    modalities: each((file) => ({ file, scale: 'interval' })),
    target: { file: target, column },
    strategies,
    protocol: { kind: 'cross-validation', ...protocol, metric: 'auroc' },
    seed: 1,
  };
  const path = join(folder, `${name}.yaml`);
  writeFileSync(path, JSON.stringify(study)); // JSON is YAML
  return { name, study: path, job: { modalities: each(listed), target: listed(target), ...protocol, seed: 1 } };
}

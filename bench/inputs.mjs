/** The inputs of the speed task: each comparison as a study for us and as a job for the incumbent, on the same files. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { simulateMultiomics } from 'consilience';

const bench = fileURLToPath(new URL('.', import.meta.url));

const protocol = { folds: 5, repeats: 2, inner: 5 };
/** What the incumbent fits too. `single:best` is always fitted, by both. */
const strategies = ['single', 'early:logistic', 'late:mean', 'late:stacked'];

/**
 * @typedef {{ job: object, name: string }} Way how to run the incumbent, and that in words
 * @typedef {{ name: string, script: string, packages: string[], ways: Way[], job: object, trial: object }} Incumbent
 *   `job`: what the script is told; a way is laid over it, and in the trials that choose a way so is `trial`
 * @typedef {{ name: string, study: string, metric: string, incumbent: Incumbent }} Input `study`: path of the study file
 */

/**
 * A text says why an input cannot be had here.
 *
 * @type {Record<string, (folder: string, shared: string, options: { python: string, subjects?: number, features?: number }) => Input | string>}
 */
export const inputs = { rosmap, wide, blca, large };

/** What `speed` measures where nothing is named; the others take an hour or much memory. */
export const usual = ['rosmap', 'wide'];

const way = (job, solver = '') => {
  const { jobs, blasThreads } = job;
  const words = `${jobs} process${jobs > 1 ? 'es' : ''}, BLAS threads ${blasThreads ?? 'as installed'}`;
  return { job, name: solver ? `${solver}, ${words}` : words };
};
const processes = [1, 2].flatMap((jobs) => [1, null].map((blasThreads) => ({ jobs, blasThreads })));

const scikitLearn = {
  name: 'scikit-learn',
  script: join(bench, 'sklearn/nested_logistic.py'),
  packages: ['scikit-learn', 'numpy'],
  ways: processes.map((job) => way(job)),
  trial: {},
};

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

/** 359 subjects, 1,577 genes and 4 clinical columns, disease-specific survival on the five folds of SurvPath. */
function blca(folder, shared) {
  const data = join(shared, 'data/tcga-blca');
  if (!existsSync(data)) return 'its data are not here (CONSILIENCE_SHARED, by default ../shared)';
  mkdirSync(folder, { recursive: true });
  const [clinical, rna, splits] = ['clinical.csv', 'rna_log2tpm.csv.gz', 'splits_survpath.csv'].map((file) =>
    join(data, file),
  );
  const include = ['age', 'is_female', 'stage', 'grade'];
  const orders = { stage: ['0', 'I', 'II', 'III', 'IV'], grade: ['G1', 'G2'] };
  const [time, status] = ['survival_months_dss', 'censorship_dss'];
  const study = {
    name: 'blca',
    modalities: {
      clinical: {
        file: clinical,
        include,
        missing: ['', 'N/A'],
        columns: {
          age: { scale: 'ratio', unit: 'years' },
          is_female: { scale: 'nominal' },
          ...Object.fromEntries(Object.entries(orders).map(([name, order]) => [name, { scale: 'ordinal', order }])),
        },
      },
      rna: { file: rna, scale: 'interval', unit: 'log2 TPM' },
    },
    target: { file: clinical, time, timeUnit: 'months', status, event: 0 },
    strategies: ['single', 'early:cox', 'late:mean'],
    split: { file: splits, key: 'case_id', fold: 'fold', train: ['train'], test: ['val'] },
    protocol: { kind: 'given', inner: 5, metric: 'harrellC' },
    seed: 1,
  };
  const job = {
    modalities: { clinical: { file: clinical, include, orders }, rna: { file: rna } },
    target: { file: clinical, time, status, event: 0 },
    splits: { file: splits, key: 'case_id', fold: 'fold', role: 'role', train: 'train', test: 'val' },
    inner: 5,
    penalties: 12,
    seed: 1,
  };
  const libraries = { coxnet: 'CoxnetSurvivalAnalysis', coxph: 'CoxPHSurvivalAnalysis', lifelines: 'CoxPHFitter' };
  const ways = Object.entries(libraries).flatMap(([library, name]) =>
    [1, 2].map((jobs) => way({ library, jobs, blasThreads: 1 }, name)),
  );
  const script = join(bench, 'survival/nested_cox.py');
  const packages = ['scikit-survival', 'lifelines', 'numpy'];
  const incumbent = {
    name: 'scikit-survival or lifelines',
    script,
    packages,
    ways,
    job,
    trial: { outer: 1, penaltiesTried: 4 },
  };
  return { name: 'blca', study: written(folder, study), metric: 'harrellC', incumbent };
}

/** 5,000 subjects, 2 x 10,000 features, simulated, in Parquet files; the protocol is made small. */
function large(folder, _shared, { python, subjects = 5000, features = 20_000 }) {
  mkdirSync(folder, { recursive: true });
  const half = Math.ceil(features / 2);
  const { cohort, target } = simulateMultiomics({
    subjects,
    modalities: 2,
    features: half,
    shared: 0.6,
    own: 0.6,
    seed: 20_261,
  });
  const modalities = {};
  for (const { modality, values } of cohort.blocks) {
    const [raw, file] = ['f32', 'parquet'].map((ending) => join(folder, `${modality.name}.${ending}`));
    writeFileSync(raw, values.data);
    const { status, stderr } = spawnSync(python, [join(bench, 'sklearn/to_parquet.py'), raw, String(half), file]);
    if (status !== 0) throw new Error(`bench: no Parquet file made\n${stderr}`);
    rmSync(raw);
    modalities[modality.name] = file;
  }
  const labels = cohort.subjects.map((_, i) => `s${String(i).padStart(6, '0')},${target.classes[target.labels[i]]}`);
  const file = join(folder, 'labels.csv');
  writeFileSync(file, `id,class\n${labels.join('\n')}\n`);
  const small = { folds: 2, repeats: 1, inner: 3 };
  const solvers = ['lbfgs', 'liblinear'];
  const ways = solvers.flatMap((solver) => processes.map((job) => way({ ...job, solver }, solver)));
  const made = input(folder, 'large', modalities, file, 'class', small);
  return { ...made, incumbent: { ...made.incumbent, ways, trial: { outer: 1, penaltiesTried: 3 } } };
}

function input(folder, name, modalities, target, column, sizes = protocol) {
  mkdirSync(folder, { recursive: true });
  const listed = (file) => (typeof file === 'string' ? file : Object.values(file));
  const each = (form) => Object.fromEntries(Object.entries(modalities).map(([key, file]) => [key, form(file)]));
  const study = {
    name,
    modalities: each((file) => ({ file, scale: 'interval' })),
    target: { file: target, column },
    strategies,
    protocol: { kind: 'cross-validation', ...sizes, metric: 'auroc' },
    seed: 1,
  };
  const job = { modalities: each(listed), target: listed(target), ...sizes, seed: 1 };
  return { name, study: written(folder, study), metric: 'auroc', incumbent: { ...scikitLearn, job } };
}

function written(folder, study) {
  const path = join(folder, `${study.name}.yaml`);
  writeFileSync(path, JSON.stringify(study)); // JSON is YAML
  return path;
}

/**
 * `kirc`: late fusion of risks that others' models told, on the 15 splits of Pathomic Fusion (Chen et al. 2022, TCGA-KIRC):
 * the mean of z-scores against the authors' fused networks, and what becomes of weights that are learned on training rows.
 *
 * The training rows hold what the networks said of the patients they were trained on. Their C is .93 and .90 there against
 * .67 and .68 at test, so whatever is learned on them (which expert is best, with which weight) is learned on flattered
 * numbers: a trap, shown as one. What the mean needs of them, centre and spread, has seen no outcome.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { correctedResampledT, cox, harrellC, matrix, readTable } from 'consilience';
import { table } from '../table.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const experts = ['path', 'graph', 'omic'];
const theirs = ['pathomic_fusion', 'pathgraphomic_fusion'];
const slight = 1e-3; // a penalty that only keeps weights finite
const tolerance = 0.001;

/** Mean C over the 15 test parts. `elsewhere`: of the paper (as quoted in the data's notes), or measured outside this project. */
const landed = {
  path: { value: 0.669, elsewhere: '.671 paper' },
  graph: { value: 0.6478, elsewhere: '.646 paper' },
  omic: { value: 0.6845, elsewhere: '.684 paper' },
  pathomic_fusion: { value: 0.7186, elsewhere: '.719 paper' },
  pathgraphomic_fusion: { value: 0.7206, elsewhere: '.720 paper' },
  'mean of path, omic': { value: 0.7246, elsewhere: '.725 measured' },
  'mean of all three': { value: 0.7177, elsewhere: '.718 measured' },
  'trap: the best on training rows': { value: 0.6688 },
  'trap: Cox weights of path, omic': { value: 0.7179 },
  'trap: Cox weights of all three': { value: 0.7159 },
};

export async function run() {
  const shared = resolve(root, process.env.CONSILIENCE_SHARED ?? '../shared');
  const file = join(shared, 'data/tcga-kirc-hazards/hazards.csv.gz');
  if (!existsSync(file)) {
    process.stdout.write('kirc: skipped, its data are not here (CONSILIENCE_SHARED, by default ../shared)\n');
    return 0;
  }
  const splits = splitsIn(await readTable(readFileSync(file), { name: 'hazards.csv.gz', repeatedIds: 'allow' }));
  const found = Object.fromEntries(Object.keys(landed).map((name) => [name, []])); // C of each split
  for (const { train, test } of splits) {
    const c = (name, risk) => found[name].push(harrellC(test.times, risk));
    for (const name of [...experts, ...theirs]) c(name, test.risks[name]);
    c('mean of path, omic', meanOf(['path', 'omic'], train, test));
    c('mean of all three', meanOf(experts, train, test));
    const flattered = experts.map((name) => harrellC(train.times, train.risks[name]));
    c('trap: the best on training rows', test.risks[experts[flattered.indexOf(Math.max(...flattered))]]);
    c('trap: Cox weights of path, omic', await weighted(['path', 'omic'], train, test));
    c('trap: Cox weights of all three', await weighted(experts, train, test));
  }
  const sizes = {
    trainSize: mean(splits.map(({ train }) => size(train))),
    testSize: mean(splits.map(({ test }) => size(test))),
  };
  let apart = 0;
  const rows = Object.entries(landed).map(([name, { value, elsewhere = '' }]) => {
    const now = mean(found[name]);
    const within = Math.abs(now - value) <= tolerance;
    if (!within) apart++;
    return [name, written(value), written(now), sd(found[name]).toFixed(3), within ? 'yes' : 'NO', elsewhere];
  });
  const against = (name, other) => differenceWords(name, other, found, sizes);
  process.stdout.write(`${table(['risk', 'landed', 'C now', 'sd', 'within', 'elsewhere'], rows)}
${against('mean of path, omic', 'pathomic_fusion')}
${against('trap: the best on training rows', 'omic')}
${against('trap: Cox weights of path, omic', 'mean of path, omic')}
${against('trap: Cox weights of all three', 'mean of all three')}
kirc: ${rows.length} figures, ${apart} differ
`);
  return apart > 0 ? 1 : 0;
}

/** The mean over crops of each patient's risks, and their times: by split and role, in the order of the file. */
function splitsIn({ ids, columns }) {
  const column = Object.fromEntries(columns.map((one) => [one.name, one]));
  const number = (name, row) => column[name].values[row];
  const patients = new Map(); // split, role and patient -> rows of the crops
  ids.forEach((split, row) => {
    const key = [split, column.role.levels[column.role.codes[row]], number('patient', row)].join();
    patients.set(key, [...(patients.get(key) ?? []), row]);
  });
  const part = (split, role) => {
    const crops = [...patients].filter(([key]) => key.startsWith(`${split},${role},`)).map(([, rows]) => rows);
    const risk = (name) => Float64Array.from(crops, (rows) => mean(rows.map((row) => number(name, row))));
    return {
      // A day more for all, since some died on day 0: C and partial likelihood know the order only.
      times: {
        timeDays: Float64Array.from(crops, ([row]) => number('survival_days', row) + 1),
        event: Uint8Array.from(crops, ([row]) => number('event', row)),
      },
      risks: Object.fromEntries([...experts, ...theirs].map((name) => [name, risk(name)])),
    };
  };
  return [...new Set(ids)].map((split) => ({ train: part(split, 'train'), test: part(split, 'test') }));
}

/** Risks of the test part in standard deviations about the mean of the training part. */
function standardized(name, train, test) {
  const [centre, spread] = [mean(train.risks[name]), sd(train.risks[name])];
  return test.risks[name].map((risk) => (risk - centre) / spread);
}

function meanOf(names, train, test) {
  const z = names.map((name) => standardized(name, train, test));
  return z[0].map((_, i) => mean(z.map((one) => one[i])));
}

/** Weighted by a Cox model that is fitted to the training rows. */
async function weighted(names, train, test) {
  const blocks = (part) => names.map((name) => matrix(size(part), 1, standardized(name, train, part)));
  const fitted = await cox({ penalties: [slight] }).fit(blocks(train), train.times, { seed: 1 });
  return fitted.apply(blocks(test));
}

/** Over splits that share patients: the corrected resampled t-test. */
function differenceWords(name, other, found, sizes) {
  const differences = found[name].map((value, j) => value - found[other][j]);
  const { estimate, low, high, p } = correctedResampledT(differences, sizes);
  const won = differences.filter((one) => one > 0).length;
  return `${name} over ${other}: ${signed(estimate)} (95 % interval ${signed(low)} to ${signed(high)}, p ${p.toFixed(3)}), above it in ${won} of ${differences.length} splits`;
}

const size = ({ times }) => times.event.length;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const sd = (values) => {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length);
};
const written = (value) => value.toFixed(4);
const signed = (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;

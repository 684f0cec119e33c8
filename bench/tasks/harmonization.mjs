/**
 * `harmonization [--draws N]`: separate against joint harmonizing of CT and MR of the Harvard patients. Every patient is harmonized by
 * what was fitted on others: patients 16 and 21 on the six others, and each of the eight on the seven others. Told are whether
 * CT soft tissue follows the share of bone over a patient's slices, and how far patients are apart within a tissue, against z-scores
 * of each slice. Distances are in standard deviations of all head voxels after the same method: shrinking all
 * values does not bring patients together. Intervals of ratios resample slices within patients.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { apart, follows, mean, meanOf, spreadOf } from '../harmonization/judge.mjs';
import { methodsOf } from '../harmonization/methods.mjs';
import { held, patientsIn } from '../harmonization/slices.mjs';
import { table } from '../table.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const separate = 'z-score, slice';

export async function run(args) {
  const { values } = parseArgs({ args, options: { draws: { type: 'string', default: '100' } } });
  if (!/^[1-9]\d*$/.test(values.draws)) {
    process.stderr.write(`harmonization: expected --draws N, got ${args.join(' ')}\n`);
    return 2;
  }
  const shared = resolve(root, process.env.CONSILIENCE_SHARED ?? '../shared');
  const folder = join(shared, 'data/harvard-ct-mri-patients');
  if (!existsSync(folder)) {
    process.stdout.write('harmonization: skipped, its data are not here (CONSILIENCE_SHARED, by default ../shared)\n');
    return 0;
  }
  await compare(await import('consilience'), folder, Number(values.draws), (text) => process.stdout.write(text));
  return 0;
}

/** Separate from `run`, so that sources that are not built can be tried. */
export async function compare(library, folder, draws, write) {
  const patients = await patientsIn(folder, library.readImageFile);
  const methods = methodsOf(library);
  const test = patients.filter(({ patient }) => held.includes(patient));
  const train = patients.filter(({ patient }) => !held.includes(patient));
  const [ofTest, ofEach] = [{}, {}];
  for (const [name, method] of Object.entries(methods)) {
    const learned = await method(train);
    ofTest[name] = await Promise.all(test.map(learned));
    ofEach[name] = [];
    for (const own of patients) {
      const others = await method(patients.filter((patient) => patient !== own));
      ofEach[name].push(await others(own));
    }
  }
  write(`fitted on ${train.length} patients, of ${held.join(' and ')}\n${gaps(test, ofTest, draws)}\n\n`);
  write(`each patient by the ${patients.length - 1} others\n${gaps(patients, ofEach, draws)}\n\n`);
  for (const tissue of ['soft', 'narrow', 'brain']) {
    write(`median of CT ${tissue} against the share of bone, over slices: r (95 % interval), and lean in sd\n`);
    write(`${dependences(patients, { ...ofEach }, tissue, test, ofTest)}\n\n`);
  }
}

function gaps(patients, of, draws) {
  const relative = (name, kind, tissue, drawn) =>
    apart(patients, of[name], kind, tissue, drawn) / spreadOf(patients, of[name], kind);
  const judged = [
    ['ct', 'soft'],
    ['ct', 'brain'],
    ['mr', 'brain'],
  ];
  const integer = integers(1);
  const samples = Array.from({ length: draws }, () =>
    patients.map(({ slices }) => slices.map(() => integer(slices.length))),
  );
  const against = judged.map(([kind, tissue]) => samples.map((drawn) => relative(separate, kind, tissue, drawn)));
  const rows = Object.keys(of).map((name) => [
    name,
    ...judged.flatMap(([kind, tissue], j) => {
      const own = relative(name, kind, tissue);
      const ratios = samples
        .map((drawn, d) => relative(name, kind, tissue, drawn) / against[j][d])
        .sort((a, b) => a - b);
      const at = (share) => ratios[Math.min(draws - 1, Math.floor(share * draws))].toFixed(2);
      return [own.toFixed(3), `${(own / relative(separate, kind, tissue)).toFixed(2)} (${at(0.025)} to ${at(0.975)})`];
    }),
    (
      (meanOf(patients, of[name], 'soft') - meanOf(patients, of[name], 'dark')) /
      spreadOf(patients, of[name], 'ct')
    ).toFixed(2),
  ]);
  const head = judged.flatMap(([kind, tissue]) => [`${kind.toUpperCase()} ${tissue}`, 'of separate']);
  return table(['between patients, in sd', ...head, 'CT soft − dark'], rows);
}

function dependences(patients, of, tissue, test, ofTest) {
  const names = Object.keys(of);
  const row = (list, tables, p) => (name) => {
    const { r, low, high, lean } = follows(list[p], tables[name][p], tissue, spreadOf(list, tables[name], 'ct'));
    return `${r.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}) ${lean.toFixed(2)}`;
  };
  const all = [
    ...test.map(({ patient }, p) => [`${patient}, six others`, ...names.map(row(test, ofTest, p))]),
    ...patients.map(({ patient }, p) => [`${patient}, seven others`, ...names.map(row(patients, of, p))]),
  ];
  const size = names.map((name) =>
    mean(patients.map((patient, p) => Math.abs(follows(patient, of[name][p], tissue, 1).r))).toFixed(2),
  );
  return table(['patient', ...names], [...all, ['mean |r|', ...size]]);
}

/** Whole numbers below a bound (mulberry32), the same of the same seed. */
function integers(seed) {
  let state = seed;
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0;
    let z = Math.imul(state ^ (state >>> 15), state | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return Math.floor((((z ^ (z >>> 14)) >>> 0) / 4294967296) * bound);
  };
}

/**
 * `images [read] [resample] [histogram] [nyul] [--runs N] [--side N]`: reading, resampling and harmonizing a volume of 256³
 * against nibabel, SciPy, scikit-image and intensity-normalization on the same files, in turns, each in processes of their own. The
 * numbers of both sides are compared in the same run. Writes bench/results/images.json.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeInputs } from '../images/inputs.mjs';
import { machine, measure, median, quiet } from '../measure.mjs';
import { table } from '../table.mjs';
import { benchPython } from '../venv.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const say = (line) => process.stderr.write(`${line}\n`);

/** The work, the ratio aimed at, and by how much the numbers of the two sides may differ, relative to the largest. */
const tasks = [
  { name: 'read', aim: 1, tolerance: 0 },
  { name: 'resample', aim: 1, tolerance: 1e-4 },
  ...['uint8', 'int16', 'float32'].map((kind) => ({ name: `histogram-${kind}`, aim: 0.5, tolerance: 1e-6 })),
  ...['uint8', 'int16', 'float32'].map((kind) => ({ name: `nyul-${kind}`, aim: 0.5, tolerance: 1e-4 })),
];

export async function run(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { runs: { type: 'string', default: '3' }, side: { type: 'string', default: '256' } },
  });
  const chosen = tasks.filter(({ name }) => positionals.length === 0 || positionals.includes(name.split('-')[0]));
  const known = new Set(tasks.map(({ name }) => name.split('-')[0]));
  const unknown = positionals.find((name) => !known.has(name));
  if (unknown !== undefined || !/^[1-9]\d*$/.test(values.runs) || !/^[1-9]\d*$/.test(values.side)) {
    say(`images: expected ${[...known].join(', ')}, --runs N and --side N, got ${args.join(' ')}`);
    return 2;
  }
  const python = benchPython();
  const folder = mkdtempSync(join(tmpdir(), 'consilience-bench-'));
  const results = [];
  try {
    writeInputs(folder, Number(values.side));
    const busyBefore = await quiet();
    say(`${Math.round(100 * busyBefore)} % of the processors in use by others`);
    for (const task of chosen)
      results.push({ ...(await compare(task, python, folder, Number(values.runs))), busyBefore });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const rows = results.map(({ name, ours, theirs, ratio, aim, worst, same }) => [
    name,
    ours.toFixed(3),
    theirs.toFixed(3),
    ratio.toFixed(2),
    aim.toFixed(1),
    same ? worst.toExponential(0) : `${worst.toExponential(0)} TOO FAR`,
  ]);
  process.stdout.write(
    `${table(['volume of 256³', 'ours, s', 'theirs, s', 'ratio', 'aim', 'numbers differ by'], rows)}\n`,
  );
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  const report = { kind: 'images', machine: machine(), side: Number(values.side), tasks: results };
  writeFileSync(join(root, 'bench/results/images.json'), `${JSON.stringify(report, null, 1)}\n`);
  return results.every(({ same }) => same) ? 0 : 1;
}

/** In turns; of each process the fastest of its runs after the first counts, and of those the median over turns. */
async function compare({ name, aim, tolerance }, python, folder, turns) {
  const sides = { ours: [], theirs: [] };
  let last = {};
  for (let turn = 0; turn < turns; turn++) {
    const ours = await child(process.execPath, [join(root, 'bench/images/ours.mjs'), name, folder, '4']);
    const theirs = await child(python, [join(root, 'bench/images/incumbents.py'), name, folder, '4']);
    for (const [side, { seconds }] of Object.entries({ ours, theirs })) sides[side].push(Math.min(...seconds.slice(1)));
    last = { ours, theirs };
    say(`${name}: ours ${sides.ours[turn].toFixed(3)} s, ${theirs.program} ${sides.theirs[turn].toFixed(3)} s`);
  }
  const [ours, theirs] = [median(sides.ours), median(sides.theirs)];
  const worst = furthest(last.ours.numbers, last.theirs.numbers);
  return {
    name,
    aim,
    program: last.theirs.program,
    ours,
    theirs,
    ratio: ours / theirs,
    worst,
    same: worst <= tolerance,
    turns: sides,
  };
}

async function child(program, args) {
  return JSON.parse((await measure(program, args)).stdout);
}

/** The largest difference over the largest number. */
function furthest(a, b) {
  const size = Math.max(...b.map(Math.abs));
  return Math.max(...a.map((value, at) => Math.abs(value - b[at]))) / size;
}

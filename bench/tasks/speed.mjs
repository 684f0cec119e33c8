/**
 * `speed [rosmap] [wide] [--runs N]`: a whole `consilience compare` against scikit-learn on the same files and the same
 * nested protocol, in one run. The incumbent is first tried with one and two processes, its BLAS threads held at one and
 * as installed; its fastest way is then measured in turns with ours. Writes bench/results/speed.json.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inputs } from '../inputs.mjs';
import { machine, measure, medianCost, quiet } from '../measure.mjs';
import { table } from '../table.mjs';
import { benchPython } from '../venv.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const say = (line) => process.stderr.write(`${line}\n`);

const ways = [1, 2].flatMap((jobs) => [1, null].map((blasThreads) => ({ jobs, blasThreads })));
const wayName = ({ jobs, blasThreads }) =>
  `${jobs} process${jobs > 1 ? 'es' : ''}, BLAS threads ${blasThreads ?? 'as installed'}`;

/** Nothing that holds BLAS back, or to another processor's kernels, than scikit-learn's own installation. */
const plainEnv = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(OPENBLAS|OMP|MKL)_/.test(key)));

export async function run(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { runs: { type: 'string', default: '3' } },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(inputs);
  const unknown = names.find((name) => !Object.hasOwn(inputs, name));
  if (unknown !== undefined || !/^[1-9]\d*$/.test(values.runs)) {
    say(`speed: expected ${Object.keys(inputs).join(', ')} and --runs N, got ${args.join(' ')}`);
    return 2;
  }
  const shared = resolve(root, process.env.CONSILIENCE_SHARED ?? '../shared');
  const python = benchPython();
  const folder = mkdtempSync(join(tmpdir(), 'consilience-speed-'));
  try {
    const results = [];
    for (const name of names) {
      const input = inputs[name](folder, shared);
      if (typeof input === 'string') say(`${name}: skipped, ${input}`);
      else results.push(await compareSpeed(input, python, folder, Number(values.runs)));
    }
    for (const result of results) process.stdout.write(`${render(result)}\n\n`);
    mkdirSync(join(root, 'bench/results'), { recursive: true });
    const report = { kind: 'speed', machine: machine(), tasks: results };
    writeFileSync(join(root, 'bench/results/speed.json'), `${JSON.stringify(report, null, 1)}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return 0;
}

async function compareSpeed({ name, study, job }, python, folder, runs) {
  const ours = () => runOurs(study, join(folder, 'out'));
  const theirs = (way) => runTheirs(python, { ...job, ...way }, folder);
  const busyBefore = await quiet();
  say(`${name}: ${percent(busyBefore)} of the processors in use by others; warming up`);
  await ours();
  const tried = [];
  for (const way of ways) {
    const cost = await theirs(way);
    say(`${name}: scikit-learn, ${wayName(way)}: ${cost.wallSeconds.toFixed(1)} s`);
    tried.push({ way, ...plain(cost) });
  }
  const { way } = tried.reduce((best, other) => (other.wallSeconds < best.wallSeconds ? other : best));
  const turns = [];
  for (let turn = 0; turn < runs; turn++) {
    turns.push({ ours: await ours(), theirs: await theirs(way) });
    const { ours: our, theirs: their } = turns[turn];
    say(`${name}: ours ${our.wallSeconds.toFixed(1)} s, scikit-learn ${their.wallSeconds.toFixed(1)} s`);
  }
  const our = medianCost(turns.map((turn) => turn.ours));
  const their = medianCost(turns.map((turn) => turn.theirs));
  const ratio = (key) => (our[key] === null ? null : our[key] / their[key]);
  return {
    name,
    busyBefore,
    versions: turns[0].theirs.result.versions,
    way,
    ours: our,
    theirs: their,
    ratio: { wall: ratio('wallSeconds'), user: ratio('userSeconds'), peak: ratio('peakBytes') },
    tried,
    turns: turns.map((turn) => ({ ours: plain(turn.ours), theirs: plain(turn.theirs) })),
    auroc: aurocs(turns[0].ours.result, turns[0].theirs.result),
  };
}

const percent = (share) => `${Math.round(100 * share)} %`;
const plain = ({ wallSeconds, userSeconds, peakBytes }) => ({ wallSeconds, userSeconds, peakBytes });

async function runOurs(study, out) {
  const cost = await measure(process.execPath, [join(root, 'dist/cli/main.js'), 'compare', study, '--no-cache', '-o', out]);
  return { ...cost, result: JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) };
}

async function runTheirs(python, job, folder) {
  const path = join(folder, 'job.json');
  writeFileSync(path, JSON.stringify(job));
  const cost = await measure(python, [join(root, 'bench/sklearn/nested_logistic.py'), path], { env: plainEnv });
  return { ...cost, result: JSON.parse(cost.stdout) };
}

/** Side by side, since being fast and wrong is no feat. The folds differ, so the figures do by a little. */
function aurocs(ours, theirs) {
  return theirs.strategies.map(({ name, metrics }) => {
    const own = ours.strategies.find((strategy) => strategy.name === name);
    return { strategy: name, ours: own?.metrics.auroc.value ?? null, theirs: metrics.auroc };
  });
}

function render({ name, way, ours, theirs, ratio, auroc, versions, busyBefore }) {
  const number = (value, digits, unit = '') => (value === null ? '–' : `${value.toFixed(digits)}${unit}`);
  const row = (label, key, scale, digits, unit, part) => [
    label,
    number(ours[key] && ours[key] / scale, digits, unit),
    number(theirs[key] && theirs[key] / scale, digits, unit),
    number(part, 2),
  ];
  const costs = table(
    [name, 'ours', 'scikit-learn', 'ratio'],
    [
      row('wall', 'wallSeconds', 1, 1, ' s', ratio.wall),
      row('processor, user', 'userSeconds', 1, 1, ' s', ratio.user),
      row('peak memory', 'peakBytes', 1e6, 0, ' MB', ratio.peak),
    ],
  );
  const level = table(
    ['AUROC', 'ours', 'scikit-learn'],
    auroc.map((strategy) => [strategy.strategy, number(strategy.ours, 3), number(strategy.theirs, 3)]),
  );
  const scikit = `scikit-learn ${versions['scikit-learn']}, numpy ${versions.numpy}, ${wayName(way)}`;
  return `${costs}\n\n${level}\n\n${scikit}; ${percent(busyBefore)} of the processors in use before`;
}

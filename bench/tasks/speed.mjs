/**
 * `speed [rosmap] [wide] [blca] [large] [--runs N]`: a whole `consilience compare` against the field's Python (scikit-learn;
 * of survival scikit-survival and lifelines) on the same files and the same nested protocol, in one run. The incumbent is
 * first tried in several ways (libraries or solvers, one and two processes, BLAS threads); its fastest is then measured in
 * turns with ours. `--subjects N` and `--features N` make `large` smaller. Writes bench/results/speed.json.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inputs, usual } from '../inputs.mjs';
import { machine, measure, medianCost, quiet } from '../measure.mjs';
import { table } from '../table.mjs';
import { benchPython } from '../venv.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const say = (line) => process.stderr.write(`${line}\n`);

/** Nothing that holds BLAS back, or to another processor's kernels, than the incumbent's own installation. */
const plainEnv = Object.fromEntries(Object.entries(process.env).filter(([key]) => !/^(OPENBLAS|OMP|MKL)_/.test(key)));

export async function run(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { runs: { type: 'string', default: '3' }, subjects: { type: 'string' }, features: { type: 'string' } },
  });
  const names = positionals.length > 0 ? positionals : usual;
  const unknown = names.find((name) => !Object.hasOwn(inputs, name));
  if (unknown !== undefined || !Object.values(values).every((value) => /^[1-9]\d*$/.test(value))) {
    const options = '--runs N, --subjects N, --features N';
    say(`speed: expected ${Object.keys(inputs).join(', ')} and ${options}, got ${args.join(' ')}`);
    return 2;
  }
  const sizes = Object.fromEntries(
    ['subjects', 'features'].flatMap((key) => (values[key] ? [[key, Number(values[key])]] : [])),
  );
  const shared = resolve(root, process.env.CONSILIENCE_SHARED ?? '../shared');
  const python = benchPython();
  const folder = mkdtempSync(join(tmpdir(), 'consilience-speed-'));
  try {
    const results = [];
    for (const name of names) {
      const input = inputs[name](folder, shared, { python, ...sizes });
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

async function compareSpeed({ name, study, metric, incumbent }, python, folder, runs) {
  const ours = () => runOurs(study, join(folder, 'out'));
  const theirs = (way, more = {}) =>
    runTheirs(python, incumbent.script, { ...incumbent.job, ...way.job, ...more }, folder);
  const busyBefore = await quiet();
  say(`${name}: ${percent(busyBefore)} of the processors in use by others; warming up`);
  await ours();
  const partly = Object.keys(incumbent.trial).length > 0;
  const tried = [];
  for (const way of incumbent.ways) {
    const cost = await theirs(way, incumbent.trial);
    say(`${name}: ${partly ? 'part of ' : ''}${incumbent.name}, ${way.name}: ${cost.wallSeconds.toFixed(1)} s`);
    tried.push({ way, ...plain(cost) });
  }
  const { way } = tried.reduce((best, other) => (other.wallSeconds < best.wallSeconds ? other : best));
  const turns = [];
  for (let turn = 0; turn < runs; turn++) {
    turns.push({ ours: await ours(), theirs: await theirs(way) });
    const { ours: our, theirs: their } = turns[turn];
    say(`${name}: ours ${our.wallSeconds.toFixed(1)} s, ${incumbent.name} ${their.wallSeconds.toFixed(1)} s`);
  }
  const our = medianCost(turns.map((turn) => turn.ours));
  const their = medianCost(turns.map((turn) => turn.theirs));
  const ratio = (key) => (our[key] === null ? null : our[key] / their[key]);
  const { versions } = turns[0].theirs.result;
  return {
    name,
    busyBefore,
    incumbent: incumbent.name,
    versions: Object.fromEntries(incumbent.packages.map((key) => [key, versions[key]])),
    way: way.name,
    ours: our,
    theirs: their,
    ratio: { wall: ratio('wallSeconds'), user: ratio('userSeconds'), peak: ratio('peakBytes') },
    tried: tried.map((one) => ({ ...one, way: one.way.name, part: incumbent.trial })),
    turns: turns.map((turn) => ({ ours: plain(turn.ours), theirs: plain(turn.theirs) })),
    metric,
    levels: levels(metric, turns[0].ours.result, turns[0].theirs.result),
  };
}

const percent = (share) => `${Math.round(100 * share)} %`;
const plain = ({ wallSeconds, userSeconds, peakBytes }) => ({ wallSeconds, userSeconds, peakBytes });

async function runOurs(study, out) {
  const cost = await measure(process.execPath, [
    join(root, 'dist/cli/main.js'),
    'compare',
    study,
    '--no-cache',
    '-o',
    out,
  ]);
  return { ...cost, result: JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) };
}

async function runTheirs(python, script, job, folder) {
  const path = join(folder, 'job.json');
  writeFileSync(path, JSON.stringify(job));
  const cost = await measure(python, [script, path], { env: plainEnv });
  return { ...cost, result: JSON.parse(cost.stdout) };
}

/** Side by side, since being fast and wrong is no feat. Folds that are not given differ, so the figures do by a little. */
function levels(metric, ours, theirs) {
  return theirs.strategies.map(({ name, metrics }) => {
    const own = ours.strategies.find((strategy) => strategy.name === name);
    return { strategy: name, ours: own?.metrics[metric].value ?? null, theirs: metrics[metric] };
  });
}

function render({ name, incumbent, way, ours, theirs, ratio, metric, levels: told, versions, busyBefore }) {
  const number = (value, digits, unit = '') => (value === null ? '–' : `${value.toFixed(digits)}${unit}`);
  const row = (label, key, scale, digits, unit, part) => [
    label,
    number(ours[key] && ours[key] / scale, digits, unit),
    number(theirs[key] && theirs[key] / scale, digits, unit),
    number(part, 2),
  ];
  const costs = table(
    [name, 'ours', incumbent, 'ratio'],
    [
      row('wall', 'wallSeconds', 1, 1, ' s', ratio.wall),
      row('processor, user', 'userSeconds', 1, 1, ' s', ratio.user),
      row('peak memory', 'peakBytes', 1e6, 0, ' MB', ratio.peak),
    ],
  );
  const level = table(
    [metric === 'auroc' ? 'AUROC' : "Harrell's C", 'ours', incumbent],
    told.map((strategy) => [strategy.strategy, number(strategy.ours, 3), number(strategy.theirs, 3)]),
  );
  const pins = Object.entries(versions).map(([key, version]) => `${key} ${version}`);
  return `${costs}\n\n${level}\n\n${pins.join(', ')}; ${way}; ${percent(busyBefore)} of the processors in use before`;
}

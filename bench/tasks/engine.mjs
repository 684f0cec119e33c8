/**
 * `engine [mlp] [attention] [cnn] [cnn3d] [cnn3dPools] [--runs N] [--seconds N]`: a training step of the engine against PyTorch: the same model,
 * batch and optimizer (AdamW), two threads each, in turns. Needs a Python with torch, named by CONSILIENCE_PYTORCH; without
 * one only ours is measured. Writes bench/results/engine.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { machine, measure, median, quiet } from '../measure.mjs';
import { table } from '../table.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const say = (line) => process.stderr.write(`${line}\n`);
const threads = 2;

const tasks = { mlp, attention, cnn, cnn3d, cnn3dPools };

export async function run(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { runs: { type: 'string', default: '3' }, seconds: { type: 'string', default: '5' } },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(tasks);
  const unknown = names.find((name) => !Object.hasOwn(tasks, name));
  if (unknown !== undefined || !/^[1-9]\d*$/.test(values.runs) || !(Number(values.seconds) > 0)) {
    say(`engine: expected ${Object.keys(tasks).join(', ')}, --runs N and --seconds N, got ${args.join(' ')}`);
    return 2;
  }
  const python = process.env.CONSILIENCE_PYTORCH;
  if (!python) say('engine: CONSILIENCE_PYTORCH names no Python with torch, so only ours is measured');
  const results = [];
  for (const name of names) results.push(await compare(name, python, Number(values.runs), values.seconds));
  const milliseconds = (cost) => (cost ? cost.millisecondsPerStep.toFixed(2) : '–');
  const megabytes = (cost) => (cost?.peakBytes ? `${Math.round(cost.peakBytes / 1e6)}` : '–');
  const ratio = (ours, theirs, key) => (theirs?.[key] && ours[key] ? (ours[key] / theirs[key]).toFixed(2) : '–');
  const rows = results.flatMap(({ name, ours, theirs }) => [
    [`${name}, ms a step`, milliseconds(ours), milliseconds(theirs), ratio(ours, theirs, 'millisecondsPerStep')],
    [`${name}, peak memory, MB`, megabytes(ours), megabytes(theirs), ratio(ours, theirs, 'peakBytes')],
    [`${name}, session made in, ms`, ours.openMilliseconds.toFixed(0), '–', '–'],
  ]);
  process.stdout.write(`${table(['training step', 'ours', 'PyTorch', 'ratio'], rows)}\n`);
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  const report = { kind: 'engine', machine: machine(), threads, tasks: results };
  writeFileSync(join(root, 'bench/results/engine.json'), `${JSON.stringify(report, null, 1)}\n`);
  return 0;
}

async function compare(name, python, runs, seconds) {
  const busyBefore = await quiet();
  const turns = [];
  for (let turn = 0; turn < runs; turn++) {
    const ours = await child(process.execPath, [fileURLToPath(import.meta.url), name, seconds]);
    const script = join(root, 'bench/pytorch/training_steps.py');
    const theirs = python ? await child(python, [script, name, seconds]) : undefined;
    const told = theirs ? `, PyTorch ${theirs.version} ${theirs.millisecondsPerStep.toFixed(2)} ms` : '';
    say(`${name}: ours ${ours.millisecondsPerStep.toFixed(2)} ms (${ours.nodes} nodes)${told}`);
    turns.push({ ours, theirs });
  }
  const middle = (side) => {
    const costs = turns.map((turn) => turn[side]);
    if (!costs[0]) return undefined;
    const of = (key) => median(costs.map((cost) => cost[key] ?? null));
    const keys = ['millisecondsPerStep', 'peakBytes', 'openMilliseconds'];
    return { ...costs[0], ...Object.fromEntries(keys.map((key) => [key, of(key)])) };
  };
  return { name, busyBefore, ours: middle('ours'), theirs: middle('theirs'), turns };
}

async function child(program, args) {
  const { stdout, peakBytes } = await measure(program, args);
  return { ...JSON.parse(stdout), peakBytes };
}

/** One task in this process: prints JSON. */
async function measureOne(name, seconds) {
  const engine = await load();
  const { loss, feeds } = tasks[name](engine);
  const compiling = performance.now();
  const program = engine.compileTrainingStep({ loss, optimizer: engine.adamW() });
  const compileMilliseconds = performance.now() - compiling;
  const opening = performance.now();
  const trainer = await engine.Trainer.open(program, await engine.nodeRuntime(), { seed: 1, threads });
  const openMilliseconds = performance.now() - opening;
  const step = () => trainer.run(feeds, { learningRate: 1e-3 });
  for (let i = 0; i < 10; i++) await step();
  const times = [];
  const started = performance.now();
  let last;
  while (performance.now() - started < seconds * 1000) {
    const before = performance.now();
    last = await step();
    times.push(performance.now() - before);
  }
  const parameters = program.state.filter(({ kind }) => kind === 'weight').reduce((sum, { length }) => sum + length, 0);
  await trainer.close();
  const { nodes } = program;
  const millisecondsPerStep = median(times);
  const steps = times.length;
  const result = {
    millisecondsPerStep,
    steps,
    loss: last.loss,
    parameters,
    nodes,
    compileMilliseconds,
    openMilliseconds,
  };
  process.stdout.write(JSON.stringify(result));
}

async function load() {
  const built = process.env.CONSILIENCE_DIST ?? join(root, 'dist');
  const parts = [
    'layer/attention',
    'layer/dense',
    'layer/norm',
    'loss/classes',
    'ops/arithmetic',
    'ops/contraction',
    'ops/layout',
    'ops/reduction',
    'session/runtime.node',
    'tensor',
    'train/optimizer',
    'train/trainer',
    'train/training-step',
  ];
  const modules = parts.map((part) => import(pathToFileURL(join(built, `src/engine/${part}.js`)).href));
  return Object.assign({}, ...(await Promise.all(modules)));
}

/** Numbers without order, the same every time. */
function noise(...shape) {
  let state = 1;
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32 - 0.5;
  });
  return { shape, data };
}

const labels = (batch, classes) => ({
  shape: [batch],
  data: Int32Array.from({ length: batch }, (_, i) => i % classes),
});

function mlp({ input, dense, relu, softmaxCrossEntropy }) {
  const hidden = relu(dense('one', 1000, 256)(input('x', ['batch', 1000])));
  const logits = dense('three', 128, 10)(relu(dense('two', 256, 128)(hidden)));
  const loss = softmaxCrossEntropy(logits, input('y', ['batch'], 'int32'));
  return { loss, feeds: { x: noise(64, 1000), y: labels(64, 10) } };
}

function attention(engine) {
  const { input, add, relu, concat, mean, reshape, slice, dense, layerNorm, multiHeadAttention } = engine;
  const [batch, inputs, tokens, width] = [32, 3, 16, 64];
  const x = input('x', ['batch', inputs, tokens, width]);
  let streams = Array.from({ length: inputs }, (_, i) => reshape(slice(x, 1, i, i + 1), ['batch', tokens, width]));
  for (let layer = 0; layer < 2; layer++) {
    streams = streams.map((own, i) => {
      const name = `layer${layer}/${i}`;
      const others = concat(
        streams.filter((_, j) => j !== i),
        1,
      );
      const attended = add(own, multiHeadAttention(`${name}/attention`, width, 4)(own, others));
      const h = layerNorm(`${name}/norm1`, width)(attended);
      const inner = relu(dense(`${name}/up`, width, 4 * width)(h));
      return layerNorm(`${name}/norm2`, width)(add(h, dense(`${name}/down`, 4 * width, width)(inner)));
    });
  }
  const pooled = concat(
    streams.map((one) => mean(one, 1)),
    1,
  );
  const logits = dense('head', inputs * width, 2)(pooled);
  const loss = engine.softmaxCrossEntropy(logits, input('y', ['batch'], 'int32'));
  return { loss, feeds: { x: noise(batch, inputs, tokens, width), y: labels(batch, 2) } };
}

function cnn({ input, relu, mean, maxPool, dense, convolution, groupNorm, softmaxCrossEntropy }) {
  const [batch, channels] = [16, 32];
  const layer = (name, from, to) => convolution(name, from, to, [3, 3], { padding: 1 });
  const one = maxPool(relu(layer('conv1', 1, channels)(input('x', ['batch', 1, 64, 64]))), 2);
  const two = maxPool(relu(groupNorm('norm1', channels, 8)(layer('conv2', channels, channels)(one))), 2);
  const three = relu(groupNorm('norm2', 2 * channels, 8)(layer('conv3', channels, 2 * channels)(two)));
  const loss = softmaxCrossEntropy(dense('head', 2 * channels, 2)(mean(three, [2, 3])), input('y', ['batch'], 'int32'));
  return { loss, feeds: { x: noise(batch, 1, 64, 64), y: labels(batch, 2) } };
}

/** Down by strides, as the encoder of images does. */
function cnn3d({ input, relu, mean, dense, convolution, groupNorm, softmaxCrossEntropy }) {
  const [batch, length] = [4, 32];
  const layer = (name, from, to) => convolution(name, from, to, [3, 3, 3], { stride: 2, padding: 1 });
  const one = relu(layer('conv1', 1, 16)(input('x', ['batch', 1, length, length, length])));
  const two = relu(groupNorm('norm1', 32, 8)(layer('conv2', 16, 32)(one)));
  const three = relu(groupNorm('norm2', 64, 8)(layer('conv3', 32, 64)(two)));
  const loss = softmaxCrossEntropy(dense('head', 64, 2)(mean(three, [2, 3, 4])), input('y', ['batch'], 'int32'));
  return { loss, feeds: { x: noise(batch, 1, length, length, length), y: labels(batch, 2) } };
}

/** Down by maxima, at full length before: three times the products. */
function cnn3dPools({ input, relu, mean, maxPool, dense, convolution, groupNorm, softmaxCrossEntropy }) {
  const [batch, length] = [4, 32];
  const layer = (name, from, to) => convolution(name, from, to, [3, 3, 3], { padding: 1 });
  const one = maxPool(relu(layer('conv1', 1, 16)(input('x', ['batch', 1, length, length, length]))), 2);
  const two = maxPool(relu(groupNorm('norm1', 32, 8)(layer('conv2', 16, 32)(one))), 2);
  const three = relu(groupNorm('norm2', 64, 8)(layer('conv3', 32, 64)(two)));
  const loss = softmaxCrossEntropy(dense('head', 64, 2)(mean(three, [2, 3, 4])), input('y', ['batch'], 'int32'));
  return { loss, feeds: { x: noise(batch, 1, length, length, length), y: labels(batch, 2) } };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await measureOne(process.argv[2], Number(process.argv[3]));
}

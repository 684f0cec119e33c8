/**
 * `robustness [--seeds N] [--figure FILE]`: one modality broken at test, of models trained on sound ones: how far the AUROC of
 * each strategy falls, and what modality dropout is worth. Writes bench/results/robustness.json, and the figure where asked.
 *
 * Falls are differences of AUROCs of the same subjects (DeLong et al. 1988), averaged over seeds. Their intervals are of the
 * subjects tested, given the models; seeds differ in world, subjects and networks.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { delong, early, intermediate, late } from 'consilience';
import { omics, sensors } from '../robustness/breaks.mjs';
import { figure } from '../robustness/figure.mjs';
import { table } from '../table.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const within = 1.959964; // standard errors, of a 95 % interval

const strategies = {
  early: early(),
  'late:mean': late(),
  intermediate: intermediate(),
  'no dropout': intermediate({ modalityDropout: 0 }),
};
const names = Object.keys(strategies);

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: { seeds: { type: 'string', default: '3' }, figure: { type: 'string' } },
  });
  if (!/^[1-9]\d*$/.test(values.seeds)) {
    process.stderr.write(`robustness: expected --seeds N, got ${args.join(' ')}\n`);
    return 2;
  }
  const judged = []; // of every seed and test
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    for (const world of [omics, sensors]) {
      const started = performance.now();
      judged.push(...(await judge(world(seed), seed)));
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      process.stderr.write(`robustness: ${world.name}, seed ${seed}, ${seconds} s\n`);
    }
  }
  const results = meansOverSeeds(judged);
  const head = [
    'broken at test',
    '',
    'best',
    ...names.flatMap((name) => [name, 'falls by']),
    'dropout spares',
    'ratio',
  ];
  process.stdout.write(`${table(head, results.map(rowOf))}\n`);
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  const report = { kind: 'robustness', seeds: Number(values.seeds), results };
  writeFileSync(join(root, 'bench/results/robustness.json'), `${JSON.stringify(report, null, 1)}\n`);
  if (values.figure) writeFileSync(values.figure, figure(results, names));
  return 0;
}

/** Trains all strategies, and tells of each test what they reach, how far they fall and what dropout spares. */
async function judge({ train, labels, tests }, seed) {
  const told = []; // by test and strategy, of class 1 [subjects]
  for (const fusion of Object.values(strategies)) {
    const fitted = await fusion.fit(train.x, train.target, { seed });
    for (const [t, { x }] of tests.entries()) {
      const { probability } = await fitted.apply(x);
      told[t] ??= [];
      told[t].push(Float64Array.from(labels, (_, i) => probability.data[2 * i + 1]));
    }
  }
  return tests.map(({ kind, amount, best }, t) => {
    const sound = told[tests.findIndex((one) => one.kind === kind && one.amount === 0)];
    const fall = (s) => contrast([sound[s], told[t][s]], [1, -1], labels);
    const [hidden, bare] = [names.indexOf('intermediate'), names.indexOf('no dropout')];
    return {
      kind,
      amount,
      best,
      strategies: names.map((_, s) => ({ auroc: contrast([told[t][s]], [1], labels), fall: fall(s) })),
      spared: contrast([sound[bare], told[t][bare], sound[hidden], told[t][hidden]], [1, -1, -1, 1], labels),
    };
  });
}

/** A sum of AUROCs of the same subjects under these weights, and its variance. */
function contrast(scores, weights, labels) {
  const { auroc, covariance } = delong(scores, labels);
  const estimate = weights.reduce((sum, weight, j) => sum + weight * auroc[j], 0);
  let variance = 0;
  for (let j = 0; j < weights.length; j++) {
    for (let k = 0; k < weights.length; k++) {
      variance += weights[j] * weights[k] * covariance.data[j * weights.length + k];
    }
  }
  return { estimate, variance: Math.max(0, variance) };
}

function meansOverSeeds(judged) {
  const tests = [...new Set(judged.map(({ kind, amount }) => JSON.stringify({ kind, amount })))];
  return tests.map((test) => {
    const { kind, amount } = JSON.parse(test);
    const own = judged.filter((one) => one.kind === kind && one.amount === amount);
    return {
      kind,
      amount,
      best: own[0].best === undefined ? null : mean(own.map(({ best }) => best)),
      strategies: names.map((name, s) => ({
        name,
        auroc: pooled(own.map(({ strategies: each }) => each[s].auroc)),
        fall: pooled(own.map(({ strategies: each }) => each[s].fall)),
      })),
      spared: pooled(own.map(({ spared }) => spared)),
    };
  });
}

/** The mean of independent estimates with its interval. */
function pooled(each) {
  const estimate = mean(each.map((one) => one.estimate));
  const half = (within * Math.sqrt(each.reduce((sum, { variance }) => sum + variance, 0))) / each.length;
  return { estimate, low: estimate - half, high: estimate + half };
}

const units = { noise: ' sd', missing: '', misaligned: '', 'late by': ' s' };

function rowOf({ kind, amount, best, strategies: each, spared }) {
  const fallOf = (name) => each[names.indexOf(name)].fall;
  const broken = amount > 0;
  return [
    kind,
    `${amount}${units[kind]}`,
    best === null ? '–' : plain(best),
    ...each.flatMap(({ auroc, fall }) => [plain(auroc.estimate), broken ? withInterval(fall) : '']),
    broken ? withInterval(spared) : '',
    broken ? (fallOf('intermediate').estimate / fallOf('no dropout').estimate).toFixed(2) : '',
  ];
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Three decimals, no 0 before the point, none of them −.000. */
const plain = (value) => `${value < -0.0005 ? '−' : ''}${Math.abs(value).toFixed(3).replace(/^0/, '')}`;
const withInterval = ({ estimate, low, high }) => `${plain(estimate)} (${plain(low)} to ${plain(high)})`;

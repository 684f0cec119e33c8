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
import { early, intermediate, late } from 'consilience';
import { contrast, mean, plain, pooled, withInterval } from '../falls.mjs';
import { fallsFigure } from '../falls-figure.mjs';
import { omics, sensors } from '../robustness/breaks.mjs';
import { table } from '../table.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

const strategies = {
  early: early(),
  'late:mean': late(),
  intermediate: intermediate(),
  'no dropout': intermediate({ modalityDropout: 0 }),
};
const names = Object.keys(strategies);

/** Of the figure. */
const texts = {
  title: 'AUROC of each strategy against how much of one modality is broken at test',
  axes: {
    noise: 'noise in it, standard deviations',
    missing: 'share of subjects without it',
    misaligned: "share of subjects with another's",
    'late by': 'seconds that a sensor is read late',
  },
  columns: 2,
};

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
  if (values.figure) writeFileSync(values.figure, fallsFigure(results, names, texts));
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

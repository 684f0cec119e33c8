/**
 * `misalignment [--seeds N] [--figure FILE]`: two scans of one head, the second moved by 1 to 10 mm, noisy or missing at test,
 * of networks trained on sound ones: how far the AUROC of early, late and intermediate fusion falls. Writes
 * bench/results/misalignment.json, and the figure where asked.
 *
 * Falls are differences of AUROCs of the same subjects (DeLong et al. 1988), averaged over seeds. Their intervals are of the
 * subjects tested, given the models; seeds differ in subjects and networks.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { contrast, plain, pooled, withInterval } from '../falls.mjs';
import { fallsFigure } from '../falls-figure.mjs';
import { scans } from '../misalignment/breaks.mjs';
import { strategies } from '../misalignment/strategies.mjs';
import { table } from '../table.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const names = Object.keys(strategies);
const units = { moved: ' mm', noise: ' sd', missing: '' };

/** Of the figure. */
const texts = {
  title: 'AUROC of each strategy against how the second of two scans is broken at test',
  axes: {
    moved: 'head moved before the second scan, mm',
    noise: 'noise in the second scan, standard deviations',
    missing: 'share of subjects without the second scan',
  },
  columns: 3,
};

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: { seeds: { type: 'string', default: '3' }, figure: { type: 'string' } },
  });
  if (!/^[1-9]\d*$/.test(values.seeds)) {
    process.stderr.write(`misalignment: expected --seeds N, got ${args.join(' ')}\n`);
    return 2;
  }
  const seeds = Number(values.seeds);
  const judged = []; // by seed, of every test
  for (let seed = 1; seed <= seeds; seed++) {
    const started = performance.now();
    judged.push(await judge(scans(seed), seed));
    process.stderr.write(`misalignment: seed ${seed}, ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
  }
  const results = judged[0].map(({ kind, amount }, t) => ({
    kind,
    amount,
    strategies: names.map((name, s) => ({
      name,
      auroc: pooled(judged.map((own) => own[t].strategies[s].auroc)),
      fall: pooled(judged.map((own) => own[t].strategies[s].fall)),
    })),
  }));
  const head = ['second scan', '', ...names.flatMap((name) => [name, 'falls by'])];
  process.stdout.write(`${table(head, results.map(rowOf))}\n`);
  mkdirSync(join(root, 'bench/results'), { recursive: true });
  const report = { kind: 'misalignment', seeds, results };
  writeFileSync(join(root, 'bench/results/misalignment.json'), `${JSON.stringify(report, null, 1)}\n`);
  if (values.figure) writeFileSync(values.figure, fallsFigure(results, names, texts));
  return 0;
}

/** Trains all strategies, and tells of each test what they reach and how far they fall. */
async function judge({ train, labels, tests }, seed) {
  const told = tests.map(() => []); // by test and strategy, of class 1 [subjects]
  for (const strategy of Object.values(strategies)) {
    const says = await strategy(train, { seed });
    for (const [t, { x }] of tests.entries()) told[t].push(await says(x));
  }
  return tests.map(({ kind, amount }, t) => {
    const sound = told[tests.findIndex((one) => one.kind === kind && one.amount === 0)];
    const each = names.map((_, s) => ({
      auroc: contrast([told[t][s]], [1], labels),
      fall: contrast([sound[s], told[t][s]], [1, -1], labels),
    }));
    return { kind, amount, strategies: each };
  });
}

function rowOf({ kind, amount, strategies: each }) {
  const cells = each.flatMap(({ auroc, fall }) => [plain(auroc.estimate), amount > 0 ? withInterval(fall) : '']);
  return [kind, `${amount}${units[kind]}`, ...cells];
}

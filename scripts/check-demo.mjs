/**
 * `node scripts/check-demo.mjs DIR`: whether what `consilience demo -o DIR` wrote is a comparison of the shipped cohort
 * that other tools can read. Figures are compared by `npm run bench -- figures`; here it is shape and plausibility.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const findings = ['helps', 'harms', 'no-meaningful-difference', 'cannot-tell'];
const families = ['single', 'early', 'late', 'intermediate', 'blend'];
const unit = (x) => typeof x === 'number' && x >= 0 && x <= 1;
const familyOf = ({ name }) => name.split(':')[0];

/** Everything that is wrong, in words; none where all is well. */
export function demoFaults(folder) {
  const read = (file) => readFileSync(join(folder, file), 'utf8');
  const result = JSON.parse(read('results.json'));
  const faults = [];
  const expect = (holds, what) => holds || faults.push(what);

  expect(result.kind === 'comparison' && result.version === 1, `kind ${result.kind}, version ${result.version}`);
  expect(result.study?.subjects === 92, `${result.study?.subjects} subjects, expected 92`);
  expect(result.protocol?.folds === 5 && result.protocol?.repeats === 5, 'the protocol is not 5 x 5 folds');
  expect(findings.includes(result.verdict?.finding), `finding ${result.verdict?.finding}`);
  expect(result.verdict?.sentence?.length > 20, 'no verdict in words');

  const strategies = result.strategies ?? [];
  expect(new Set(strategies.map(({ name }) => name)).size === strategies.length, 'two strategies of one name');
  for (const wanted of ['single', 'early', 'late']) {
    expect(
      strategies.some((strategy) => familyOf(strategy) === wanted),
      `no ${wanted}: strategy`,
    );
  }
  for (const strategy of strategies)
    faults.push(...strategyFaults(strategy).map((fault) => `${strategy.name}: ${fault}`));
  const singles = strategies.filter((strategy) => familyOf(strategy) === 'single');
  const best = Math.max(...singles.map(({ metrics }) => metrics?.auroc?.value ?? 0));
  expect(best > 0.75 && best < 0.92, `best single modality at AUROC ${best}: too low to be right, or a leak`);

  const page = read('report.html');
  expect(page.includes('Research use, not a medical device'), 'the report lacks its caution');
  expect(!/\b(?:src|href)\s*=\s*["']?https?:|url\(\s*["']?https?:|@import/i.test(page), 'the report loads something');
  expect(read('predictions.csv').split('\n').length > 92 * 5, 'predictions.csv is too short');
  return faults;
}

function strategyFaults(strategy) {
  const faults = [];
  const expect = (holds, what) => holds || faults.push(what);
  expect(families.includes(familyOf(strategy)), 'unknown family');
  const { value, low, high } = strategy.metrics?.auroc ?? {};
  expect(unit(value) && low <= value && value <= high, `AUROC ${low} <= ${value} <= ${high}`);
  expect(strategy.latencyMs?.fit >= 0 && strategy.latencyMs?.predict >= 0, 'no latency');
  if (strategy.role !== 'fusion') return faults;
  const { difference, low: from, high: to, p } = strategy.paired ?? {};
  expect(from <= difference && difference <= to, `difference ${from} <= ${difference} <= ${to}`);
  expect(unit(p), `p = ${p}`);
  const all = strategy.missing?.find(({ present }) => present.length === strategy.modalities.length);
  expect(all?.n === 43 && all.classCounts[1] === 13, `${all?.n} subjects have everything, expected 43 with 13 events`);
  return faults;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const faults = demoFaults(process.argv[2]);
  for (const fault of faults) process.stderr.write(`demo: ${fault}\n`);
  if (faults.length === 0) process.stdout.write('demo: results, report and predictions are as they should be\n');
  process.exitCode = faults.length > 0 ? 1 : 0;
}

/**
 * `predict [--runs N]`: the wall time of `consilience predict` for one subject, from the start of the process to its end:
 * what it costs to ask a fitted model once. The model is of the adrenocortical carcinomas that the package carries (six
 * modalities, late fusion and intermediate fusion by cross-attention); the subject is one of them, in a folder of its own. Beside it, a Node that does nothing.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure, median, quiet } from '../measure.mjs';
import { table } from '../table.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const main = join(root, 'dist/cli/main.js');
const data = join(root, 'data/tcga-acc');

export async function run(args) {
  const { values } = parseArgs({ args, options: { runs: { type: 'string', default: '20' } } });
  if (!/^[1-9]\d*$/.test(values.runs)) {
    process.stderr.write(`predict: expected --runs N, got ${args.join(' ')}\n`);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'consilience-predict-'));
  try {
    const [model, network] = [join(folder, 'late.model'), join(folder, 'intermediate.model')];
    const study = join(data, 'study.yaml');
    await measure(process.execPath, [main, 'fit', study, '--strategy', 'late:mean', '-o', model]);
    await measure(process.execPath, [main, 'fit', study, '--strategy', 'intermediate', '-o', network]);
    const { subject, subjectFolder } = oneSubject(join(folder, 'subject'));
    const commands = [
      ['consilience predict, one subject, late', [main, 'predict', model, subjectFolder]],
      ['consilience predict, one subject, intermediate', [main, 'predict', network, subjectFolder]],
      ['node -e 0', ['-e', '0']],
    ];
    await quiet();
    const times = commands.map(() => []);
    for (let turn = -1; turn < Number(values.runs); turn++) {
      for (const [c, [, call]] of commands.entries()) {
        const { wallSeconds, stdout } = await measure(process.execPath, call);
        if (c < 2 && !stdout.includes(subject)) throw new Error(`predict: nothing said of ${subject}\n${stdout}`);
        if (turn >= 0) times[c].push(wallSeconds * 1000); // the first turn fills the file cache
      }
    }
    const ms = (value) => `${value.toFixed(0)} ms`;
    const rows = commands.map(([name], c) => [name, ms(median(times[c])), ms(Math.min(...times[c]))]);
    process.stdout.write(`${table(['command', 'median', 'fastest'], rows)}\n`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The first patient of the study's clinical table, with what the assays say of them. */
function oneSubject(folder) {
  mkdirSync(folder, { recursive: true });
  const files = [
    'clinical.csv',
    'RNASeq2GeneNorm.csv',
    'miRNASeqGene.csv',
    'gistict.csv',
    'RPPAArray.csv',
    'Mutations.csv',
  ];
  const [, line] = readFileSync(join(data, files[0]), 'utf8').split('\n');
  const subject = line.split(',')[0].replaceAll('"', '');
  for (const file of files) narrow(join(data, file), join(folder, file), subject);
  return { subject, subjectFolder: folder };
}

/** The head of a table and the line of one subject, where it has one. */
function narrow(from, to, subject) {
  const [head, ...lines] = readFileSync(from, 'utf8').split('\n');
  const own = lines.filter((line) => line.split(',')[0].replaceAll('"', '') === subject);
  if (own.length > 0) writeFileSync(to, `${[head, ...own].join('\n')}\n`);
}

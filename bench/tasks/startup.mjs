/** `startup [--runs N]`: the wall time of `consilience --help`, beside a Node that does nothing. */
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure, median, quiet } from '../measure.mjs';
import { table } from '../table.mjs';

const main = join(fileURLToPath(new URL('../../', import.meta.url)), 'dist/cli/main.js');
const commands = [
  ['consilience --help', [main, '--help']],
  ['node -e 0', ['-e', '0']],
];

export async function run(args) {
  const { values } = parseArgs({ args, options: { runs: { type: 'string', default: '20' } } });
  if (!/^[1-9]\d*$/.test(values.runs)) {
    process.stderr.write(`startup: expected --runs N, got ${args.join(' ')}\n`);
    return 2;
  }
  await quiet();
  const times = commands.map(() => []);
  for (let turn = -1; turn < Number(values.runs); turn++) {
    for (const [c, [, call]] of commands.entries()) {
      const { wallSeconds } = await measure(process.execPath, call);
      if (turn >= 0) times[c].push(wallSeconds * 1000); // the first turn fills the file cache
    }
  }
  const ms = (value) => `${value.toFixed(0)} ms`;
  const rows = commands.map(([name], c) => [name, ms(median(times[c])), ms(Math.min(...times[c]))]);
  process.stdout.write(`${table(['command', 'median', 'fastest'], rows)}\n`);
  return 0;
}

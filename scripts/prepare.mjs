/**
 * Brings a clone into working order: installs what the lock names where `node_modules` differs from it, then builds
 * `dist/` where a source has changed. Says nothing when there is nothing to do. `--install-only` leaves `dist/` alone.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmCommand, run } from './npm.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...path) => join(root, ...path);
const say = (line) => process.stderr.write(`${line}\n`);

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  say(`consilience: Node ${process.versions.node} is too old, expected 20.19 or newer (https://nodejs.org)`);
  process.exit(1);
}

/** Runs one step; on failure shows the tool's own output and ends with a failing exit code. */
function step(what, command) {
  say(`consilience: ${what} ...`);
  const { code, signal, stdout, stderr, error } = run(command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  if (code === 0) return;
  process.stderr.write(stdout + stderr);
  say(`consilience: ${what} failed${error ? `, ${error.message}` : ''}`);
  process.exit(signal === 'SIGINT' ? 130 : code || 1);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Whether `node_modules` holds what `package-lock.json` names. npm writes the tree it installed, last of all, to
 * `node_modules/.package-lock.json`; comparing contents instead of times survives a `git checkout` and an `npm install`.
 */
function installed() {
  const there = readJson(at('node_modules/.package-lock.json'))?.packages;
  if (!there) return false;
  const { '': _root, ...wanted } = readJson(at('package-lock.json'))?.packages ?? {};
  for (const [path, { version, integrity, optional, devOptional }] of Object.entries(wanted)) {
    const found = there[path];
    if (!found && (optional || devOptional)) continue; // for another platform, or an optional peer
    if (found?.version !== version || found?.integrity !== integrity) return false;
  }
  return Object.keys(there).every((path) => path in wanted);
}

/** All files below a folder, as paths relative to the root with forward slashes. */
function filesIn(folder) {
  if (!existsSync(at(folder))) return [];
  return readdirSync(at(folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

const sourcesOf = () => ['src', 'cli'].flatMap(filesIn).filter((path) => path.endsWith('.ts'));
const builtFrom = (source) => `dist/${source.replace(/\.ts$/, '.js')}`;

/** What a build depends on, to the millisecond; the build is skipped while this text stays the same. */
function fingerprint(sources) {
  const files = [...sources, 'tsconfig.json', 'tsconfig.build.json', 'node_modules/typescript/package.json'].sort();
  return files.map((path) => `${path} ${statSync(at(path)).size} ${statSync(at(path)).mtimeMs}`).join('\n');
}

/** Removes what an earlier build left of sources that are gone, and folders that are then empty. */
function sweep(sources) {
  const kept = new Set(sources.map(builtFrom));
  for (const path of filesIn('dist')) {
    const built = path.replace(/\.d\.ts$/, '.js');
    if (built.endsWith('.js') && !kept.has(built)) rmSync(at(path));
  }
  prune('dist');
}

function prune(folder) {
  for (const entry of readdirSync(at(folder), { withFileTypes: true })) {
    if (entry.isDirectory()) prune(`${folder}/${entry.name}`);
  }
  if (folder !== 'dist' && readdirSync(at(folder)).length === 0) rmdirSync(at(folder));
}

function build() {
  const sources = sourcesOf();
  const stamp = at('dist/.built');
  const now = fingerprint(sources);
  const whole = sources.every((source) => source.endsWith('.d.ts') || existsSync(at(builtFrom(source))));
  if (whole && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
  mkdirSync(at('dist'), { recursive: true });
  if (!whole) rmSync(at('dist/.tsbuildinfo'), { force: true }); // else tsc believes that the missing file is there
  rmSync(stamp, { force: true });
  step('building dist/', [process.execPath, at('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json']);
  sweep(sources);
  writeFileSync(stamp, now);
}

checkNode();
if (!installed()) step('installing dependencies', [...npmCommand(), 'ci', '--include=dev', '--no-audit', '--no-fund']);
if (!process.argv.includes('--install-only')) build();

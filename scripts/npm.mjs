/** Runs npm without a shell, also on Windows, where `npm` itself is a shell script. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** The program and leading arguments that start npm: the npm that runs us, the one beside this Node, or the PATH's. */
export function npmCommand() {
  const running = process.env.npm_execpath;
  if (running && basename(running).startsWith('npm')) return startOf(running);
  const beside = dirname(process.execPath);
  const found = [
    join(beside, 'node_modules/npm/bin/npm-cli.js'),
    join(beside, '../lib/node_modules/npm/bin/npm-cli.js'),
  ].find((path) => existsSync(path));
  return found ? startOf(found) : ['npm'];
}

function startOf(path) {
  return /\.[cm]?js$/.test(path) ? [process.execPath, path] : [path];
}

/** Runs a program to its end; its output is kept. `code` is null when it could not start or a signal ended it. */
export function run([program, ...args], options = {}) {
  const { status, signal, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...options,
  });
  return { code: status, signal, stdout: stdout ?? '', stderr: stderr ?? '', error };
}

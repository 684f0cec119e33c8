/** Small logs for the command line, and a way to send lines to a program that runs. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { writeEvent } from '../../../src/align/time/parse-event.ts';
import { scene } from '../../stream/fall-world.ts';
import { program } from '../cli.ts';

export const fallConfig = fileURLToPath(new URL('../../../examples/fall-detection.yaml', import.meta.url));
export const nightConfig = fileURLToPath(new URL('../../../examples/nocturnal-hypoglycemia.yaml', import.meta.url));

/** The same for a machine that is slow to start its programs: nothing is late that comes within 20 s. */
export const patientFallConfig = () =>
  readFileSync(fallConfig, 'utf8').replaceAll(/lateness: \d+ s/g, 'lateness: 20 s');

/** Two people, of whom one falls, as lines in order of arrival. */
export function fallLines(): string[] {
  return [scene({ seed: 1, seconds: 100, fallAt: 63 }), scene({ seed: 2, seconds: 100 })]
    .flat()
    .sort((a, b) => a.arrivedMs - b.arrivedMs)
    .map(writeEvent);
}

export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'stream-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

export const linesIn = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** Starts a stream that hears stdin. */
export function listening(args: readonly string[], cwd: string) {
  const child = spawn(process.execPath, [program, 'stream', ...args], { cwd, env: { ...process.env, NO_COLOR: '1' } });
  const stdout = text(child.stdout);
  const stderr = text(child.stderr);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const ready = new Promise<void>((resolve) => {
    child.stderr.on('data', (piece: Buffer) => {
      if (piece.toString().includes('hearing stdin')) resolve();
    });
  });
  return { child, ready, result: async () => ({ code: await ended, stdout: await stdout, stderr: await stderr }) };
}

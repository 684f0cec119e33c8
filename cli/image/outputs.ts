/** Whether images may be written: asked before the work. What this program wrote may be replaced, nothing else is ours to lose. */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { InputError } from '../../src/index.ts';
import { refuseOther } from '../check-outputs.ts';
import { refuseInput } from '../inputs.ts';
import { OutputError } from '../output-error.ts';
import { checkFolder } from '../output-folder.ts';

const kinds = ['registration', 'harmonization', 'scan-harmonizer', 'transform'];

/**
 * @param endings of which the name has one
 * @throws InputError, OutputError where it has another ending, cannot be written, is read, or is there and not ours
 */
export function checkOutput(
  path: string,
  endings: readonly string[],
  inputs: readonly string[],
  force: boolean,
  option = `--out ${path}`,
): void {
  if (!endings.some((ending) => path.endsWith(ending))) {
    const expected = endings.map((ending) => `NAME${ending}`).join(' or ');
    throw new InputError({ where: option, what: 'another kind of file by its name', expected });
  }
  checkFolder(dirname(path), option);
  refuseOther(path);
  refuseInput(path, inputs);
  if (force || !statSync(path, { throwIfNoEntry: false }) || isOurs(path)) return;
  const expected = '--force to replace it';
  throw new OutputError({ where: path, what: 'is there and was not written by this program', expected });
}

function isOurs(path: string): boolean {
  try {
    if (path.endsWith('.json'))
      return kinds.includes((JSON.parse(readFileSync(path, 'utf8')) as { kind: string }).kind);
    if (path.endsWith('.png')) return endOf(path).includes('Software\0Consilience');
    if (path.endsWith('.tfm')) return isOurs(join(dirname(path), 'registration.json'));
    const start = startOf(path);
    const header = path.endsWith('.gz') ? gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH }) : start;
    return header.subarray(148, 159).toString('latin1') === 'Consilience';
  } catch {
    return false; // what cannot be read cannot be told to be ours
  }
}

function startOf(path: string): Buffer {
  return part(path, 0, 4096);
}

/** Where a picture has its text. */
function endOf(path: string): Buffer {
  return part(path, Math.max(0, statSync(path).size - 256), 256);
}

function part(path: string, from: number, length: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, from));
  } finally {
    closeSync(file);
  }
}

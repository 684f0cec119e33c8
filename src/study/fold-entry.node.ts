/** A fold's outcome as a file: a line of JSON that names format, key and checksum, then the outcome as packed plain data. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FoldOutcome } from '../evaluate/fold.ts';
import { packPlain, unpackPlain } from './plain-data.ts';

const kind = 'consilience-fold';
const version = 1;

export function encodeEntry(key: string, outcome: FoldOutcome): Uint8Array {
  const body = packPlain(outcome);
  const head = { kind, version, key, bytes: body.length, sha256: sha256(body) };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), body]);
}

/** The outcome; undefined where the file is not whole, is of another fold, or of a format that this version does not know. */
export async function readEntry(path: string, key: string): Promise<FoldOutcome | undefined> {
  try {
    const bytes = await readFile(path);
    const end = bytes.indexOf(10); // the line feed after the head
    const head = JSON.parse(bytes.toString('utf8', 0, end)) as Record<string, unknown>;
    const body = bytes.subarray(end + 1);
    const known = head.kind === kind && head.version === version && head.key === key;
    if (!known || head.bytes !== body.length || head.sha256 !== sha256(body)) return undefined;
    return unpackPlain(body) as FoldOutcome;
  } catch {
    return undefined;
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

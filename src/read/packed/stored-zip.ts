/**
 * A zip of files that are stored, not compressed, in one strict layout: entries one after the other, their directory, and
 * a comment that holds the SHA-256 of all bytes before it. Any zip program opens it; the reader takes this layout only, so
 * that no byte can differ unnoticed and nothing is allocated by what a header claims.
 */
import { type Zippable, zipSync } from 'fflate';
import { sha256 } from '../../array/sha256.ts';
import { InputError } from '../../errors.ts';

export type StoredFiles = ReadonlyMap<string, Uint8Array>;

const endSize = 22; // bytes of the end record
const commentSize = 'sha256:'.length + 64;

/** The same bytes for the same files in the same order, whenever and wherever. */
export async function writeStoredZip(files: StoredFiles): Promise<Uint8Array> {
  const entries: Zippable = {};
  for (const [name, bytes] of files) entries[name] = bytes;
  // Dates are written in local time, so that this is the first instant of 1980 everywhere.
  const zip = zipSync(entries, { level: 0, os: 0, mtime: '1980-01-01T00:00:00' });
  const out = new Uint8Array(zip.length + commentSize);
  out.set(zip);
  new DataView(out.buffer).setUint16(zip.length - 2, commentSize, true);
  out.set(new TextEncoder().encode(`sha256:${await sha256(out.subarray(0, zip.length))}`), zip.length);
  return out;
}

export interface StoredZip {
  /** The files as views into the bytes. */
  readonly files: StoredFiles;
  /** Whether every byte is as it was written. */
  readonly whole: boolean;
}

/** @throws InputError where the bytes are no such zip; a zip whose contents were altered is returned, and said not to be whole */
export async function readStoredZip(given: Uint8Array, name: string): Promise<StoredZip> {
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.length); // a Buffer's `slice` would not copy
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = bytes.length - commentSize - endSize;
  if (end < 0 || view.getUint32(end, true) !== 0x06054b50 || view.getUint16(end + 20, true) !== commentSize) {
    throw layout(name, 'no end record where it should be; truncated, or of another kind');
  }
  const many = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const start = view.getUint32(end + 16, true);
  if (start + size !== end) throw layout(name, 'a directory that does not end where it should');
  const files = new Map<string, Uint8Array>();
  let at = start;
  let next = 0; // where the next entry begins
  for (let i = 0; i < many; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50)
      throw layout(name, `${many} entries said, ${i} found`);
    const stored = view.getUint16(at + 10, true) === 0;
    const length = view.getUint32(at + 24, true);
    const nameSize = view.getUint16(at + 28, true);
    const extras = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const body = next + 30 + nameSize;
    if (!stored || view.getUint32(at + 20, true) !== length || extras > 0 || at + 46 + nameSize > end) {
      throw layout(name, `entry ${i + 1} is compressed, or has extra fields`);
    }
    if (view.getUint32(at + 42, true) !== next || body + length > start) {
      throw layout(name, `entry ${i + 1} of ${length} bytes does not follow the one before, or leaves the file`);
    }
    const entry = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameSize));
    if (!isSafe(entry)) throw layout(name, `an entry named ${JSON.stringify(entry)}`);
    if (files.has(entry)) throw layout(name, `two entries named "${entry}"`);
    files.set(entry, bytes.subarray(body, body + length));
    at += 46 + nameSize;
    next = body + length;
  }
  if (at !== end || next !== start) throw layout(name, 'bytes between its parts');
  const comment = new TextDecoder().decode(bytes.subarray(end + endSize));
  return { files, whole: comment === `sha256:${await sha256(bytes.subarray(0, end + endSize))}` };
}

/** Letters, digits and a few signs, in folders or not; nothing that leads elsewhere. */
function isSafe(name: string): boolean {
  return name.split('/').every((part) => /^[\w -][\w .-]*$/.test(part));
}

function layout(where: string, got: string): InputError {
  return new InputError({ where, what: 'not a file of this kind, or damaged', expected: 'a stored zip', got });
}

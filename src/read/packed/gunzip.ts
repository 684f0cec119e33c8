/** Gzip (RFC 1952), several members too, by the platform's own `DecompressionStream`. */
import { InputError } from '../../errors.ts';
import { inflated } from './inflated.ts';
import { joined } from './joined.ts';

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * @param limit most bytes that may come out; more are refused before they are kept.
 * @throws InputError where the file is truncated, damaged (checksum) or followed by anything but a further member.
 */
export async function gunzip(bytes: Uint8Array, name: string, limit: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let start = 0; start < bytes.length; ) {
    const [part, end] = await nextMember(bytes, start, name, limit - size);
    parts.push(part);
    size += part.length;
    start = end;
  }
  return joined(parts);
}

/**
 * One member by itself, since engines differ: Node reads on into the next, browsers take that for junk. Its end is not
 * told, so it is sought at what looks like the start of the next; compressed data look so by chance once in 2^27 bytes.
 */
async function nextMember(
  bytes: Uint8Array,
  start: number,
  name: string,
  limit: number,
): Promise<[Uint8Array, number]> {
  let end = start + smallestMember - 1;
  for (let attempt = 0; ; attempt++) {
    end = memberStart(bytes, end + 1);
    const member = bytes.subarray(start, end);
    const part = await inflated(member, 'gzip', name, limit);
    if (part instanceof Uint8Array) {
      if (unpackedSize(member) === part.length) return [part, end];
      if (end === bytes.length) throw broken(name, bytes.length, junk);
    } else if (end === bytes.length || attempt === 16) throw broken(name, bytes.length, part.cause);
  }
}

/** Header and trailer, and two bytes that unpack to none. */
const smallestMember = 20;

/** The last field of a member (ISIZE). Node overlooks junk that begins with a zero byte; this does not fit it. */
function unpackedSize(member: Uint8Array): number {
  return new DataView(member.buffer, member.byteOffset + member.length - 4, 4).getUint32(0, true);
}

/** Where the next member may start, at or after `from`: magic bytes, deflate, no reserved flag. Else the length. */
function memberStart(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0x1f, from); at >= 0; at = bytes.indexOf(0x1f, at + 1)) {
    if (bytes[at + 1] === 0x8b && bytes[at + 2] === 8 && (bytes[at + 3] & 0xe0) === 0) return at;
  }
  return bytes.length;
}

/** What the engine says differs from one to the next; only some of it can be told apart. */
function broken(where: string, length: number, cause: unknown): InputError {
  const code = (cause as { code?: string }).code ?? (cause as { cause?: { code?: string } }).cause?.code;
  let got = 'a file that is truncated, altered, or has bytes after its end';
  if (cause === junk) got = 'bytes after its end';
  else if (code === 'Z_BUF_ERROR') got = `one that ends too early, after ${length} bytes`;
  else if (code === 'Z_DATA_ERROR')
    got = 'one that was altered (its checksum or coding is wrong) or has bytes after its end';
  return new InputError({ where, what: 'broken gzip file', expected: 'a whole one', got, cause });
}

const junk = new Error('bytes after the last member');

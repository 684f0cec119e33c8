/** Gzip by Node's zlib, which is faster than `DecompressionStream`; it refuses what `gunzip.ts` refuses. */
import { promisify } from 'node:util';
import { gunzip as zlibGunzip } from 'node:zlib';
import { gunzip } from './gunzip.ts';

const unpack = promisify(zlibGunzip);

/** Room for what comes out at once, if it is no more than what a file may honestly ask for. */
const largestPiece = 2 ** 28;

/**
 * As `gunzip` of `gunzip.ts`. Node's zlib passes over some bytes after the last member, and says little of what is wrong;
 * a file of several members, or one that it refuses, is therefore read again by the other.
 */
export async function nodeGunzip(bytes: Uint8Array, name: string, limit: number): Promise<Uint8Array> {
  const told =
    bytes.length >= 18 ? new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true) : 0;
  const likely = told > 0 && told <= Math.min(limit, bytes.length * 1032);
  try {
    const chunkSize = likely ? Math.max(64, Math.min(told + 1, largestPiece)) : 65536;
    const plain = await unpack(bytes, { maxOutputLength: Math.max(1, limit), chunkSize });
    if (plain.length % 2 ** 32 === told) return new Uint8Array(plain.buffer, plain.byteOffset, plain.length);
  } catch {
    // Told below, in the usual words.
  }
  return gunzip(bytes, name, limit);
}

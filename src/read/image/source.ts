/** The bytes of an image file and of the files beside it, and how they are unpacked: never to more than their header says. */
import { Gunzip as GunzipStream } from 'fflate';
import { InputError } from '../../errors.ts';
import { gunzip as platformGunzip } from '../packed/gunzip.ts';
import type { VolumeData, VolumeHeader, VolumeWarning } from './volume.ts';

/** As `gunzip` of `gunzip.ts`: at most `limit` bytes come out, checksums are tested. */
export type Gunzip = (bytes: Uint8Array, name: string, limit: number) => Promise<Uint8Array>;

/** Gives a file that stands beside the image, by its bare name; undefined where there is none. */
export type Sibling = (name: string) => Promise<Uint8Array | undefined>;

export interface ImageSource {
  readonly bytes: Uint8Array;
  /** For messages, and for what the content does not tell: whether it is half of a pair. */
  readonly name: string;
  readonly sibling?: Sibling;
  /** Default the platform's, by `DecompressionStream`. */
  readonly gunzip?: Gunzip;
}

/** What a format's reader gives: all but the numbers, which are unpacked when asked for. */
export interface OpenedImage {
  readonly header: VolumeHeader;
  readonly data: () => Promise<VolumeData>;
}

/** Deflate's largest ratio: 258 bytes of a repeat take two bits, and no less. */
const deflateRatio = 1032;
/** A few bytes after the numbers are no bomb: writers pad. */
const padding = 1024;

/** Unpacks gzip to at least `size` bytes, and hardly more. `room` is what may follow the numbers. */
export async function gunzipTo(
  { gunzip = platformGunzip, name }: ImageSource,
  packed: Uint8Array,
  size: number,
  room = padding,
): Promise<Uint8Array> {
  plausible(name, packed.length, size);
  return enough(name, await gunzip(packed, name, size + room), size);
}

/** @throws InputError where so few packed bytes cannot hold so many, before anything is allocated for them */
export function plausible(where: string, packed: number, size: number, ratio = deflateRatio): void {
  if (size > packed * ratio + padding) throw tooShort(where, size, `${packed} packed ones, too few for them`);
}

/** @throws InputError where the bytes end within the numbers */
export function enough(where: string, bytes: Uint8Array, size: number): Uint8Array {
  if (bytes.length < size) throw tooShort(where, size, `${bytes.length}`);
  return bytes;
}

function tooShort(where: string, size: number, got: string): InputError {
  return new InputError({
    where,
    what: 'the file ends inside its image',
    expected: `at least ${size} bytes by its header`,
    got,
  });
}

/** @param after bytes that follow the numbers */
export function trailing(name: string, after: number): VolumeWarning[] {
  if (after <= 0) return [];
  return [{ code: 'trailing-bytes', message: `${name}: ${after} bytes after the image are not read` }];
}

/**
 * The first bytes of a gzip file, without the rest: enough of it is unpacked for a header, whose checksum is therefore not
 * tested. Fewer where the file holds fewer.
 */
export async function gunzipStart(source: ImageSource, many: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const stream = new GunzipStream((part) => {
    parts.push(part);
    size += part.length;
  });
  const piece = 4096;
  try {
    for (let at = 0; at < source.bytes.length && size < many; at += piece) {
      stream.push(source.bytes.subarray(at, at + piece), at + piece >= source.bytes.length);
    }
  } catch {
    // The whole file is unpacked only to hear, in the usual words, what is wrong with it.
    return (await (source.gunzip ?? platformGunzip)(source.bytes, source.name, many + piece * deflateRatio)).subarray(
      0,
      many,
    );
  }
  const start = new Uint8Array(Math.min(size, many));
  let at = 0;
  for (const part of parts) {
    start.set(part.subarray(0, start.length - at), at);
    at = Math.min(start.length, at + part.length);
  }
  return start;
}

/**
 * A file that a header names, from its own folder only.
 *
 * @throws InputError where it names a place elsewhere (nothing is opened), or the file is absent
 */
export async function besides({ name, sibling }: ImageSource, file: string): Promise<Uint8Array> {
  const bare = file.replace(/^\.\//, '');
  if (bare === '' || bare === '.' || bare === '..' || /[/\\:\0]/.test(bare)) {
    throw new InputError({
      where: name,
      what: 'its data file stands elsewhere and is not opened',
      expected: 'a file in the same folder',
      got: JSON.stringify(file),
    });
  }
  const bytes = await sibling?.(bare);
  if (bytes) return bytes;
  const got = sibling ? 'none of that name' : 'one file only';
  throw new InputError({ where: name, what: 'its data file is missing', expected: `${bare} beside it`, got });
}

/** Good files of every format, to be broken. */
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import type { Random } from '../../src/array/random.ts';
import { fixture } from '../fixtures/fixture.ts';
import { pngFile, textFile } from './image-files.ts';
import { mutated } from './image-mutations.ts';

export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly beside: ReadonlyMap<string, Uint8Array>;
}

interface Entry {
  readonly name: string;
  readonly file: string;
  readonly beside?: Readonly<Record<string, string>>;
}

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

export function imageSeeds(): Seed[] {
  return [...written(), ...spread()];
}

/** A file a slice, which no fixture has. */
function spread(): Seed[] {
  const slice = (first: number) => Uint8Array.from({ length: 4 }, (_, i) => first + i);
  const beside = new Map([1, 2].map((n) => [`s${n}.raw`, slice(4 * n)]));
  const nrrd = ['NRRD0004', 'type: uint8', 'dimension: 3', 'sizes: 2 2 2', 'encoding: raw', 'data file: LIST'];
  const meta = ['NDims = 3', 'DimSize = 2 2 2', 'ElementType = MET_UCHAR', 'ElementDataFile = s%d.raw 1 2 1'];
  return [
    { name: 'list.nhdr', bytes: textFile([...nrrd, ...beside.keys()], new Uint8Array(0)), beside },
    { name: 'pattern.mhd', bytes: textFile(meta, new Uint8Array(0)), beside },
  ];
}

function written(): Seed[] {
  return fixture<{ files: readonly Entry[] }>('images').files.map(({ name, file, beside = {} }) => ({
    name,
    bytes: bytesOf(file),
    beside: new Map(Object.entries(beside).map(([other, text]) => [other, bytesOf(text)])),
  }));
}

/** A file with one of its parts broken; of gzip half the time what is inside, packed again. */
export function brokenSeed(seed: Seed, random: Random): Seed {
  const parts = [...seed.beside];
  const which = random.integer(parts.length + 1);
  if (which > 0) {
    const [other, bytes] = parts[which - 1];
    return { ...seed, beside: new Map([...parts, [other, mutated(bytes, random)]]) };
  }
  return {
    ...seed,
    bytes: (random.integer(2) === 1 ? brokenInside(seed.bytes, random) : undefined) ?? mutated(seed.bytes, random),
  };
}

/** What is packed is broken before it is packed, and checksums are right, so that they do not hide the rest of a reader. */
function brokenInside(bytes: Uint8Array, random: Random): Uint8Array | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    return new Uint8Array(gzipSync(mutated(new Uint8Array(gunzipSync(bytes)), random), { level: 1 }));
  }
  if (bytes[0] !== 0x89 || bytes[1] !== 0x50) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: [string, Uint8Array][] = [];
  for (let at = 8; at < bytes.length; at += 12 + view.getUint32(at)) {
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    chunks.push([type, bytes.slice(at + 8, at + 8 + view.getUint32(at))]);
  }
  const chosen = chunks[random.integer(chunks.length)];
  if (chosen[0] === 'IDAT') {
    const pixels = Buffer.concat(chunks.filter(([type]) => type === 'IDAT').map(([, data]) => data));
    chosen[1] = new Uint8Array(deflateSync(mutated(new Uint8Array(inflateSync(pixels)), random)));
    return pngFile(...chunks.filter((chunk) => chunk[0] !== 'IDAT' || chunk === chosen));
  }
  if (chosen[1].length > 0) chosen[1] = mutated(chosen[1], random);
  return pngFile(...chunks);
}

/** The directories of a TIFF file (Adobe TIFF 6.0) and of BigTIFF: what each says of its image. */
import { InputError } from '../../errors.ts';

export interface TiffDirectory {
  /** Numbers of a tag, at most as many as wanted; none where it is absent. */
  readonly numbers: (tag: number, most?: number) => readonly number[];
  readonly text: (tag: number) => string | undefined;
}

export interface TiffFile {
  readonly bigEndian: boolean;
  readonly directories: readonly TiffDirectory[];
}

/** Bytes of a value: byte, ascii, short, long, rational, their signed kinds, float, double, ifd; and those of BigTIFF. */
const sizes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

interface Entry {
  readonly type: number;
  readonly count: number;
  readonly at: number;
}

/** @throws InputError where a directory stands outside the file, or one leads back to one before */
export function tiffFile(bytes: Uint8Array, where: string): TiffFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = bytes[0] === 0x49;
  const within = (at: number, size: number) => {
    if (Number.isSafeInteger(at) && at >= 0 && at + size <= bytes.length) return at;
    throw new InputError({
      where,
      what: 'broken TIFF file',
      expected: 'all parts inside it',
      got: `one at byte ${at}`,
    });
  };
  const u16 = (at: number) => view.getUint16(within(at, 2), little);
  const u32 = (at: number) => view.getUint32(within(at, 4), little);
  const u64 = (at: number) => Number(view.getBigUint64(within(at, 8), little));
  const big = u16(2) === 43;
  if (big && (u16(4) !== 8 || u16(6) !== 0)) {
    throw new InputError({ where, what: 'broken TIFF file', expected: 'offsets of 8 bytes', got: `${u16(4)}` });
  }
  const word = big ? u64 : u32;
  const [countSize, entrySize, wordSize] = big ? [8, 20, 8] : [2, 12, 4];

  const entryValue = ({ type, at }: Entry, i: number): number => {
    const size = sizes[type];
    const place = within(at + i * size, size);
    if (type === 6) return view.getInt8(place);
    if (type === 8) return view.getInt16(place, little);
    if (type === 9) return view.getInt32(place, little);
    if (type === 5) return u32(place) / u32(place + 4);
    if (type === 11) return view.getFloat32(place, little);
    if (type === 12) return view.getFloat64(place, little);
    return size === 1 ? bytes[place] : size === 2 ? u16(place) : size === 4 ? u32(place) : u64(place);
  };

  const directoryAt = (at: number): [TiffDirectory, next: number] => {
    const many = big ? u64(at) : u16(at);
    within(at + countSize, many * entrySize);
    const entries = new Map<number, Entry>();
    for (let i = 0; i < many; i++) {
      const entry = at + countSize + i * entrySize;
      const [type, count] = [u16(entry + 2), word(entry + 4)];
      if (!(type in sizes)) continue;
      const value = entry + 4 + wordSize;
      const inside = sizes[type] * count <= wordSize;
      entries.set(u16(entry), { type, count, at: inside ? value : word(value) });
    }
    const directory: TiffDirectory = {
      numbers: (tag, most = 1) => {
        const entry = entries.get(tag);
        if (!entry) return [];
        const length = Math.min(entry.count, most);
        within(entry.at, length * sizes[entry.type]);
        return Array.from({ length }, (_, i) => entryValue(entry, i));
      },
      text: (tag) => {
        const entry = entries.get(tag);
        if (entry?.type !== 2) return undefined;
        within(entry.at, entry.count);
        return new TextDecoder().decode(bytes.subarray(entry.at, entry.at + Math.min(entry.count, 2 ** 16)));
      },
    };
    return [directory, word(at + countSize + many * entrySize)];
  };

  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  for (let at = word(big ? 8 : 4); at !== 0; ) {
    if (seen.has(at))
      throw new InputError({ where, what: 'broken TIFF file', got: 'directories that lead in a circle' });
    seen.add(at);
    const [directory, next] = directoryAt(at);
    directories.push(directory);
    at = next;
  }
  if (directories.length === 0) throw new InputError({ where, what: 'broken TIFF file', got: 'no image in it' });
  return { bigEndian: !little, directories };
}

/**
 * The pages of a Parquet column chunk, walked before anything decodes them. A page says how many values it holds, how
 * long it is unpacked and how often a value repeats; a decoder that believes it can be made to fill the memory or to loop
 * without end. Here every claim is held against the bytes that are there.
 */
import { type ColumnMetaData, type CompressionCodec, snappyUncompress } from 'hyparquet';
import { decompressLz4, decompressLz4Raw, decompressZstd, gunzip } from 'hyparquet-compressors';
import { type Cursor, readStruct, type Struct, type Value, varint } from './thrift.ts';

type Unpack = (packed: Uint8Array, length: number) => Uint8Array;

/** Each writes into an array of the length said and never beyond. Brotli's decoder grows without bound, and is left out. */
export const unpackers: { readonly [C in CompressionCodec]?: Unpack } = {
  SNAPPY: orNothing((packed, length) => {
    const out = new Uint8Array(length);
    snappyUncompress(packed, out);
    return out;
  }),
  GZIP: orNothing((packed, length) => gunzip(packed, new Uint8Array(length))),
  ZSTD: orNothing((packed, length) => decompressZstd(packed, new Uint8Array(length))),
  LZ4: orNothing(decompressLz4),
  LZ4_RAW: orNothing(decompressLz4Raw),
};

/** A page of nothing, as of a column in which all is missing, needs no decoder, and some fail on it. */
function orNothing(unpack: Unpack): Unpack {
  return (packed, length) => (length === 0 ? new Uint8Array(0) : unpack(packed, length));
}

/** Most that a page may unpack to: what writers make of a page of equal values, and beyond it what deflate reaches. */
const roomyPage = 2 ** 24; // bytes
const deflateRatio = 1032;

export interface Chunk {
  readonly meta: ColumnMetaData;
  readonly rows: number;
  /** Whether a value may be missing: then each page has levels that say which are. */
  readonly optional: boolean;
  /** Bytes that a value takes at least where it stands plainly; an eighth for a boolean. */
  readonly width: number;
}

/** Bytes that may still be unpacked; shared by all chunks of a file. */
export interface Budget {
  bytes: number;
}

/** @throws Error or RangeError, in words for the reader's InputError, on the first claim that cannot be true */
export function checkChunk(bytes: Uint8Array, { meta, rows, optional, width }: Chunk, budget: Budget): void {
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
  const size = Number(meta.total_compressed_size);
  if (!(start >= 4 && size >= 0 && start + size <= bytes.length - 8)) {
    throw new Error(`pages at bytes ${start} to ${start + size} of ${bytes.length}`);
  }
  const at: Cursor = { view: new DataView(bytes.buffer, bytes.byteOffset + start, size), offset: 0 };
  let told = 0;
  let dictionary = 0;
  while (told < rows) {
    const header = readStruct(at);
    const page = bodyOf(at, header, meta.codec, budget);
    if (header.get(1) === pages.dictionary) {
      dictionary = whole(inner(header, 7), 1, page.length / width);
      continue;
    }
    const second = header.get(1) === pages.second;
    if (!second && header.get(1) !== pages.data) throw new Error('a page of an unknown kind');
    const said = inner(header, second ? 8 : 5);
    const values = whole(said, 1, rows - told);
    const found = second ? secondLevels(page, said, values, optional) : levels(page, values, optional);
    checkValues(page, found, said.get(second ? 4 : 2), { second, dictionary, width });
    told += values;
  }
}

const pages = { data: 0, dictionary: 2, second: 3 };

function checkValues(
  page: Uint8Array,
  { levelled, present }: Levels,
  encoding: Value | undefined,
  { second, dictionary, width }: { readonly second: boolean; readonly dictionary: number; readonly width: number },
): void {
  switch (encoding) {
    case 0: // PLAIN
    case 9: // BYTE_STREAM_SPLIT
      if (present * width > page.length - levelled) throw new RangeError(`${present} values in a page too short`);
      return;
    case 2: // PLAIN_DICTIONARY
    case 8: // RLE_DICTIONARY
      if (width < 1) break; // of truth values: nobody writes it, and decoders differ on where the indices begin
      checkIndices(page, levelled, present, dictionary, second);
      return;
    case 3: // RLE
      if (width >= 1) break;
      checkRuns(page, levelled + 4, page.length, 1, present);
      return;
    case 5: // DELTA_BINARY_PACKED
    case 6: // DELTA_LENGTH_BYTE_ARRAY
      checkDeltas(page, levelled, present);
      return;
  }
  throw new Error(`encoding ${shown(encoding)}, which is not read here`);
}

/** The page after its header, unpacked; of a page of the second kind the levels stay as they are, packed or not. */
function bodyOf(at: Cursor, header: Struct, codec: CompressionCodec, budget: Budget): Uint8Array {
  const length = whole(header, 2, budget.bytes);
  const packedLength = whole(header, 3, at.view.byteLength - at.offset);
  const packed = new Uint8Array(at.view.buffer, at.view.byteOffset + at.offset, packedLength);
  at.offset += packedLength;
  checkSum(packed, header.get(4));
  if (length > Math.max(roomyPage, deflateRatio * packedLength)) {
    throw new Error(`a page of ${packedLength} bytes that claims to hold ${length}`);
  }
  budget.bytes -= length;
  if (header.get(1) !== pages.second) return unpacked(packed, length, codec);
  const second = inner(header, 8);
  const levelled = whole(second, 5, packedLength) + whole(second, 6, packedLength);
  if (levelled > packedLength || levelled > length) throw new Error('levels longer than their page');
  const body = packed.subarray(levelled);
  const out = new Uint8Array(length);
  out.set(packed.subarray(0, levelled));
  out.set(second.get(7) === false ? body : unpacked(body, length - levelled, codec), levelled);
  return out;
}

function unpacked(packed: Uint8Array, length: number, codec: CompressionCodec): Uint8Array {
  const unpack = unpackers[codec];
  if (codec !== 'UNCOMPRESSED' && !unpack) throw new Error(`compression ${codec}, which is not read here`);
  const page = unpack ? unpack(packed, length) : packed;
  if (page.length !== length) throw new Error(`a page of ${page.length} bytes that claims to hold ${length}`);
  return page;
}

interface Levels {
  /** Where the values begin. */
  readonly levelled: number;
  /** How many values are there. */
  readonly present: number;
}

function levels(page: Uint8Array, values: number, optional: boolean): Levels {
  if (!optional) return { levelled: 0, present: values };
  const length = new DataView(page.buffer, page.byteOffset, page.length).getUint32(0, true);
  if (length > page.length - 4) throw new Error('levels longer than their page');
  return { levelled: 4 + length, present: checkRuns(page, 4, 4 + length, 1, values) };
}

function secondLevels(page: Uint8Array, said: Struct, values: number, optional: boolean): Levels {
  const levelled = whole(said, 5, page.length) + whole(said, 6, page.length);
  const missing = whole(said, 2, values);
  if (whole(said, 3, values) !== values) throw new Error('a page whose rows are not its values');
  if (!optional) {
    if (missing > 0) throw new Error('missing values where none may be');
    return { levelled, present: values };
  }
  const present = checkRuns(page, whole(said, 6, page.length), levelled, 1, values);
  if (present !== values - missing) throw new Error(`${missing} missing values said, ${values - present} found`);
  return { levelled, present };
}

/** Runs of equal values and bit-packed ones: they must fit their bytes and end with the last value. Counts the ones. */
function checkRuns(page: Uint8Array, from: number, to: number, width: number, values: number): number {
  const at: Cursor = { view: new DataView(page.buffer, page.byteOffset, to), offset: from };
  let seen = 0;
  let ones = 0;
  while (seen < values) {
    const head = Number(varint(at));
    const packed = head % 2 === 1;
    const many = (packed ? 8 : 1) * (head >>> 1);
    const use = Math.min(many, values - seen);
    const bytes = packed ? Math.ceil((use * width) / 8) : Math.ceil(width / 8);
    const most = !packed ? use : width > 0 ? 2 ** 28 : use + 7; // a last group is filled up; its bytes are all that it takes
    if (head >= 2 ** 28 || many > most) throw new Error(`a run of ${many} values where ${values - seen} are left`);
    if (bytes > to - at.offset) throw new RangeError(`a run of ${bytes} bytes where ${to - at.offset} are left`);
    if (width === 1) ones += onesIn(page, at.offset, use, packed);
    at.offset += bytes;
    seen += many;
  }
  return ones;
}

function onesIn(page: Uint8Array, from: number, values: number, packed: boolean): number {
  if (!packed) return page[from] & 1 ? values : 0;
  let ones = 0;
  for (let i = 0; i < values; i++) ones += (page[from + (i >> 3)] >> (i & 7)) & 1;
  return ones;
}

function checkIndices(page: Uint8Array, from: number, values: number, dictionary: number, second: boolean): void {
  if (values === 0) return;
  if (dictionary === 0) throw new Error('indices without a dictionary');
  const width = new DataView(page.buffer, page.byteOffset, page.length).getUint8(from);
  if (width > 32) throw new Error(`indices of ${width} bits`);
  if (width > 0 || second) checkRuns(page, from + 1, page.length, width, values);
}

/** Blocks of differences (DELTA_BINARY_PACKED), with which a page of such values, or of such lengths, begins. */
function checkDeltas(page: Uint8Array, from: number, values: number): void {
  const at: Cursor = { view: new DataView(page.buffer, page.byteOffset, page.length), offset: from };
  if (values === 0) return;
  const block = Number(varint(at));
  const parts = Number(varint(at));
  const many = Number(varint(at));
  if (!(block > 0 && block <= 2 ** 16 && parts > 0 && block % (32 * parts) === 0)) {
    throw new Error(`blocks of ${block} differences in ${parts} parts`);
  }
  if (many !== values) throw new Error(`${many} differences for ${values} values`);
  varint(at); // the first value
  for (let seen = 1; seen < values; seen += block) {
    varint(at); // the least difference
    const widths = at.offset;
    at.offset += parts;
    for (let part = 0; part < parts && seen + (part * block) / parts < values; part++) {
      const width = at.view.getUint8(widths + part);
      if (width > 64) throw new Error(`differences of ${width} bits`);
      at.offset += ((block / parts) * width) / 8;
    }
  }
}

function inner(struct: Struct, id: number): Struct {
  const value = struct.get(id);
  if (!(value instanceof Map)) throw new Error('a page header without its kind');
  return value as Struct;
}

function whole(struct: Struct, id: number, most: number): number {
  const value: Value | undefined = struct.get(id);
  if (typeof value !== 'number' || !(value >= 0 && value <= most)) {
    throw new Error(`a page header that says ${shown(value)} where 0 to ${most} can be`);
  }
  return value;
}

function shown(value: Value | undefined): string {
  return typeof value === 'number' ? String(value) : value === undefined ? 'nothing' : 'no number';
}

/** CRC-32 of the page as it stands in the file, where its writer gave one. */
function checkSum(packed: Uint8Array, told: Value | undefined): void {
  if (typeof told !== 'number') return;
  let crc = -1;
  for (const byte of packed) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 0xff];
  if (~crc !== told) throw new Error('a page whose checksum is wrong');
}

const crcTable = Int32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

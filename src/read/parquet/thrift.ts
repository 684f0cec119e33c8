/**
 * Thrift's compact protocol, in which Parquet writes its footer and page headers, read as distrusted bytes: no length is
 * believed before the bytes are seen to be there.
 */

/** A struct by field id. Only what Parquet uses: booleans, whole numbers, doubles, bytes, lists, structs. */
export type Struct = ReadonlyMap<number, Value>;
export type Value = boolean | number | bigint | Uint8Array | readonly Value[] | Struct;

export interface Cursor {
  readonly view: DataView;
  offset: number;
}

const deepest = 24; // structs and lists inside each other; the footer has 8
const longestVarint = 10; // bytes: 64 bits, seven a byte

/** @throws RangeError where the bytes end too early, Error where they are no struct */
export function readStruct(at: Cursor, depth = 0): Struct {
  if (depth > deepest) throw new Error('structures nested too deeply');
  const fields = new Map<number, Value>();
  let id = 0;
  for (;;) {
    const head = at.view.getUint8(at.offset++);
    const type = head & 0x0f;
    if (type === 0) return fields;
    const step = head >> 4;
    id = step > 0 ? id + step : Number(zigZag(at));
    if (fields.has(id)) throw new Error(`field ${id} stands twice`);
    fields.set(id, type === 1 ? true : type === 2 ? false : readValue(at, type, depth));
  }
}

function readValue(at: Cursor, type: number, depth: number): Value {
  switch (type) {
    case 1: // a boolean as the element of a list: a byte
    case 2:
    case 3:
      return at.view.getInt8(at.offset++);
    case 4:
    case 5:
      return Number(zigZag(at));
    case 6:
      return zigZag(at);
    case 7:
      at.offset += 8;
      return at.view.getFloat64(at.offset - 8, true);
    case 8:
      return readBytes(at);
    case 9:
      return readList(at, depth + 1);
    case 12:
      return readStruct(at, depth + 1);
    default:
      throw new Error(`type ${type}, which Parquet does not use`);
  }
}

function readBytes(at: Cursor): Uint8Array {
  const length = Number(varint(at));
  if (length > left(at)) throw new RangeError(`${length} bytes of which ${left(at)} are there`);
  at.offset += length;
  return new Uint8Array(at.view.buffer, at.view.byteOffset + at.offset - length, length);
}

/** An element takes a byte at least, so no list is longer than what is left. */
function readList(at: Cursor, depth: number): Value[] {
  if (depth > deepest) throw new Error('structures nested too deeply');
  const head = at.view.getUint8(at.offset++);
  const short = head >> 4;
  const length = short < 15 ? short : Number(varint(at));
  if (length > left(at)) throw new RangeError(`a list of ${length} in ${left(at)} bytes`);
  const values: Value[] = [];
  for (let i = 0; i < length; i++) values.push(readValue(at, head & 0x0f, depth));
  return values;
}

function left({ view, offset }: Cursor): number {
  return view.byteLength - offset;
}

/** Seven bits a byte, the lowest first (LEB128). */
export function varint(at: Cursor): bigint {
  let value = 0n;
  for (let i = 0; i < longestVarint; i++) {
    const byte = at.view.getUint8(at.offset++);
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) return value;
  }
  throw new Error('a whole number of more than 64 bits');
}

function zigZag(at: Cursor): bigint {
  const value = varint(at);
  return (value >> 1n) ^ -(value & 1n);
}

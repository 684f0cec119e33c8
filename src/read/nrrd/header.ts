/** The text header of NRRD: fields of one line each, up to an empty line. After Teem's definition of NRRD00.01 to NRRD0005. */
import { InputError } from '../../errors.ts';
import { isSpread, type SpreadFiles, spreadFiles } from '../image/spread-files.ts';
import type { StoredType } from '../image/volume.ts';

export interface NrrdHeader {
  readonly type: StoredType;
  readonly sizes: readonly number[];
  readonly encoding: 'raw' | 'gzip' | 'bzip2' | 'ascii' | 'hex';
  readonly bigEndian: boolean;
  /** Further fields, by their names in small letters without spaces. */
  readonly fields: ReadonlyMap<string, string>;
  readonly lineSkip: number;
  /** -1: the numbers are the last bytes. */
  readonly byteSkip: number;
  /** File with the numbers, where they do not follow the header. */
  readonly dataFile: string | SpreadFiles | undefined;
  /** Where the header ends. */
  readonly end: number;
}

/** A header is text for people; whatever goes on longer is none. */
const longest = 2 ** 20;

const typeNames: readonly (readonly [StoredType, string])[] = [
  ['int8', 'signed char, int8, int8_t'],
  ['uint8', 'uchar, unsigned char, uint8, uint8_t'],
  ['int16', 'short, short int, signed short, signed short int, int16, int16_t'],
  ['uint16', 'ushort, unsigned short, unsigned short int, uint16, uint16_t'],
  ['int32', 'int, signed int, int32, int32_t'],
  ['uint32', 'uint, unsigned int, uint32, uint32_t'],
  ['int64', 'longlong, long long, long long int, signed long long, signed long long int, int64, int64_t'],
  ['uint64', 'ulonglong, unsigned long long, unsigned long long int, uint64, uint64_t'],
  ['float32', 'float'],
  ['float64', 'double'],
];
const types = new Map(typeNames.flatMap(([type, names]) => names.split(', ').map((name) => [name, type] as const)));

const encodings: Readonly<Record<string, NrrdHeader['encoding']>> = {
  raw: 'raw',
  gz: 'gzip',
  gzip: 'gzip',
  bz2: 'bzip2',
  bzip2: 'bzip2',
  txt: 'ascii',
  text: 'ascii',
  ascii: 'ascii',
  hex: 'hex',
};

/** @throws InputError where fields are missing, contradict each other, or mean nothing */
export function nrrdHeader(bytes: Uint8Array, where: string): NrrdHeader {
  const { lines: all, end } = headerLines(bytes);
  const { lines, names } = withoutNames(all);
  if (!/^NRRD0(00[1-5]|0\.01)$/.test(lines[0])) {
    const what = 'not NRRD by its magic';
    throw new InputError({ where, what, expected: 'NRRD0001 to NRRD0005', got: JSON.stringify(lines[0].slice(0, 20)) });
  }
  const fields = fieldsOf(lines.slice(1), where);
  const type = known('type', types, fields.get('type'), where);
  const encoding = known('encoding', new Map(Object.entries(encodings)), fields.get('encoding'), where);
  const told = fields.get('datafile');
  if (told === undefined && end === undefined) {
    throw new InputError({ where, what: 'the file ends inside its NRRD header', expected: 'an empty line after it' });
  }
  return {
    type,
    sizes: sizesOf(fields, where),
    encoding,
    bigEndian: bigEndianOf(type, encoding, fields.get('endian'), where),
    fields,
    lineSkip: skipOf(fields, 'lineskip', 0, where),
    byteSkip: skipOf(fields, 'byteskip', -1, where),
    dataFile: told !== undefined && isSpread(told) ? spreadFiles(told, names, where) : told,
    end: end ?? bytes.length,
  };
}

/** Lines up to the empty one; no `end` where there is none. */
function headerLines(bytes: Uint8Array): { lines: string[]; end: number | undefined } {
  const lines: string[] = [];
  const decoder = new TextDecoder();
  const last = Math.min(bytes.length, longest);
  for (let at = 0; at < last; ) {
    const newline = bytes.indexOf(0x0a, at);
    const stop = newline < 0 || newline > last ? last : newline;
    const line = decoder.decode(bytes.subarray(at, stop)).replace(/\r$/, '');
    at = stop + 1;
    if (line === '' && lines.length > 0 && stop < last) return { lines, end: at };
    lines.push(line);
  }
  return { lines: lines.length > 0 ? lines : [''], end: undefined };
}

/** Behind `data file: LIST` there are names only. */
function withoutNames(lines: readonly string[]): { lines: readonly string[]; names: readonly string[] } {
  const last = lines.findIndex((line) => /^data ?file:\s*LIST(\s|$)/i.test(line));
  return last < 0 ? { lines, names: [] } : { lines: lines.slice(0, last + 1), names: lines.slice(last + 1) };
}

function fieldsOf(lines: readonly string[], where: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of lines) {
    // pynrrd writes a field it knows no name for as a key (`byte skip:= -1`) and reads it as a field again.
    const found = /^([^:#][^:]*):=?(.*)$/.exec(line);
    if (!found) continue;
    const isKey = line.startsWith(':=', found[1].length);
    const name = found[1].trim().toLowerCase().replace(/\s+/g, '');
    if (isKey && name !== 'byteskip' && name !== 'lineskip') continue;
    const value = found[2].trim();
    if (fields.has(name) && fields.get(name) !== value) {
      throw new InputError({
        where,
        what: `two fields "${found[1].trim()}" in its header`,
        got: `${fields.get(name)}; ${value}`,
      });
    }
    fields.set(name, value);
  }
  return fields;
}

function known<T>(field: string, values: ReadonlyMap<string, T>, given: string | undefined, where: string): T {
  if (given === undefined) throw missing(field, where);
  const value = values.get(given.toLowerCase().replace(/\s+/g, ' '));
  if (value !== undefined) return value;
  const what = given === 'block' ? 'blocks have no numbers to read' : `unknown ${field}`;
  throw new InputError({ where, what, expected: [...new Set(values.values())].join(', '), got: JSON.stringify(given) });
}

function missing(field: string, where: string): InputError {
  return new InputError({ where, what: `no field "${field}" in its header` });
}

function sizesOf(fields: ReadonlyMap<string, string>, where: string): number[] {
  const [dimension, sizes] = ['dimension', 'sizes'].map((field) => {
    const value = fields.get(field);
    if (value === undefined) throw missing(field, where);
    return value;
  });
  const numbers = sizes.split(/\s+/).map(Number);
  if (`${numbers.length}` !== dimension) {
    const what = 'sizes do not fit the dimension';
    throw new InputError({ where, what, expected: `${dimension} of them`, got: sizes });
  }
  return numbers;
}

function bigEndianOf(
  type: StoredType,
  encoding: NrrdHeader['encoding'],
  endian: string | undefined,
  where: string,
): boolean {
  if (type.endsWith('int8') || encoding === 'ascii') return false;
  const expected = 'little or big, since its numbers have several bytes';
  if (endian === undefined) throw new InputError({ where, what: 'no field "endian" in its header', expected });
  const order = endian.toLowerCase();
  if (order === 'little' || order === 'big') return order === 'big';
  throw new InputError({ where, what: 'unknown endian', expected, got: JSON.stringify(endian) });
}

function skipOf(fields: ReadonlyMap<string, string>, field: string, least: number, where: string): number {
  const given = fields.get(field);
  if (given === undefined) return 0;
  const value = Number(given);
  if (given !== '' && Number.isSafeInteger(value) && value >= least) return value;
  const expected = `a whole number from ${least} on`;
  throw new InputError({ where, what: `${field} is no number to skip`, expected, got: JSON.stringify(given) });
}

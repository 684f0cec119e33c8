/**
 * The text header of MetaImage: lines `Key = Value`, the last of them `ElementDataFile`. After MetaIO as ITK has it, whose
 * matrix lists the axes one after another (the transpose of an ITK direction) and whose world is LPS.
 */
import { type Affine, identityAffine } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { checkedAffine, checkedSizes, checkedSpacing, lpsToRas, spacingAffine } from '../image/place.ts';
import { isSpread, type SpreadFiles, spreadFiles } from '../image/spread-files.ts';
import type { StoredType, VolumeWarning } from '../image/volume.ts';

export interface MetaImageHeader {
  readonly type: StoredType;
  readonly sizes: readonly number[];
  readonly channels: number;
  readonly text: boolean;
  readonly compressed: boolean;
  readonly compressedSize: number | undefined;
  readonly bigEndian: boolean;
  readonly slope: number;
  readonly intercept: number;
  readonly affine: Affine;
  readonly placed: boolean;
  /** Bytes to skip in a file of its own; -1: the numbers are the last bytes. */
  readonly headerSize: number;
  /** Undefined: the numbers follow the header. */
  readonly dataFile: string | SpreadFiles | undefined;
  readonly end: number;
  readonly warnings: readonly VolumeWarning[];
}

const longest = 2 ** 20;

/** A long is four bytes here, wherever it was written. */
const types: Readonly<Record<string, StoredType>> = {
  MET_CHAR: 'int8',
  MET_UCHAR: 'uint8',
  MET_SHORT: 'int16',
  MET_USHORT: 'uint16',
  MET_INT: 'int32',
  MET_UINT: 'uint32',
  MET_LONG: 'int32',
  MET_ULONG: 'uint32',
  MET_LONG_LONG: 'int64',
  MET_ULONG_LONG: 'uint64',
  MET_FLOAT: 'float32',
  MET_DOUBLE: 'float64',
};

/** @throws InputError where keys are missing, contradict each other, or mean nothing */
export function metaImageHeader(bytes: Uint8Array, where: string): MetaImageHeader {
  const { keys, end } = keysOf(bytes, where);
  const text = (...names: string[]) => {
    const told = names.filter((name) => keys.has(name));
    const other = told.find((name) => keys.get(name) !== keys.get(told[0]));
    if (other === undefined) return keys.get(told[0]);
    const got = `${told[0]} = ${keys.get(told[0])}, ${other} = ${keys.get(other)}`;
    throw new InputError({
      where,
      what: 'two keys of one meaning contradict each other',
      expected: 'one of them',
      got,
    });
  };
  const flag = (fallback: boolean, ...names: string[]) => {
    const value = text(...names);
    if (value === undefined) return fallback;
    if (/^(true|1)$/i.test(value)) return true;
    if (/^(false|0)$/i.test(value)) return false;
    throw new InputError({
      where,
      what: `${names[0]} is neither`,
      expected: 'True or False',
      got: JSON.stringify(value),
    });
  };
  const many = (length: number, ...names: string[]) => numbers(text(...names), length, names[0], where);
  const object = text('ObjectType') ?? 'Image';
  if (!/^image$/i.test(object)) {
    throw new InputError({ where, what: 'no image', expected: 'ObjectType = Image', got: object });
  }
  const [dimensions] = many(1, 'NDims') ?? [];
  if (!(dimensions >= 1 && dimensions <= 4)) {
    throw new InputError({
      where,
      what: 'NDims is no number of axes',
      expected: '1 to 4',
      got: text('NDims') ?? 'none',
    });
  }
  const sizes = required(many(dimensions, 'DimSize'), 'DimSize', where);
  checkedSizes(sizes, where, 'DimSize');
  const [channels] = many(1, 'ElementNumberOfChannels') ?? [1];
  checkedSizes([channels], where, 'ElementNumberOfChannels');
  const spacing = many(dimensions, 'ElementSpacing') ?? many(dimensions, 'ElementSize') ?? sizes.map(() => 1);
  checkedSpacing(spacing, where, 'ElementSpacing');
  const matrix = many(dimensions ** 2, 'TransformMatrix', 'Rotation', 'Orientation');
  const offset = many(dimensions, 'Offset', 'Position', 'Origin');
  const [slope] = many(1, 'ElementToIntensityFunctionSlope') ?? [1];
  const [intercept] = many(1, 'ElementToIntensityFunctionOffset') ?? [0];
  const [compressedSize] = many(1, 'CompressedDataSize') ?? [];
  const [headerSize] = many(1, 'HeaderSize') ?? [0];
  const type = required(text('ElementType'), 'ElementType', where).replace(/_ARRAY$/, '');
  return {
    type: typeOf(type, where),
    sizes,
    channels,
    text: !flag(true, 'BinaryData'),
    compressed: flag(false, 'CompressedData'),
    compressedSize: compressedSize === 0 ? undefined : compressedSize,
    bigEndian: flag(false, 'BinaryDataByteOrderMSB', 'ElementByteOrderMSB'),
    slope: slope === 0 ? 1 : slope,
    intercept: slope === 0 ? 0 : intercept,
    ...placeOf(spacing, matrix, offset, where),
    headerSize,
    dataFile: dataFileOf(keys.get('ElementDataFile')!, bytes.subarray(end), where),
    end,
  };
}

function keysOf(bytes: Uint8Array, where: string): { keys: Map<string, string>; end: number } {
  const keys = new Map<string, string>();
  const decoder = new TextDecoder();
  for (let at = 0; at < Math.min(bytes.length, longest); ) {
    const newline = bytes.indexOf(0x0a, at);
    const stop = newline < 0 ? bytes.length : newline;
    const line = decoder.decode(bytes.subarray(at, Math.min(stop, at + 65536)));
    at = stop + 1;
    // ITK writes further keys, such as tags of DICOM: 0008|0060 = CT.
    const found = /^\s*([\w|.\- ]+?)\s*[=:](.*)$/.exec(line.replace(/\r$/, ''));
    if (!found) {
      if (line.trim() === '') continue;
      const expected = 'lines Key = Value, the last of them of that';
      throw new InputError({ where, what: 'no ElementDataFile in its header', expected, got: 'a line that is none' });
    }
    const [, key, value] = found;
    if (keys.has(key) && keys.get(key) !== value.trim()) {
      const got = `${keys.get(key)}; ${value.trim()}`;
      throw new InputError({ where, what: `two lines ${key} in its header`, expected: 'one', got });
    }
    keys.set(key, value.trim());
    if (key === 'ElementDataFile') return { keys, end: Math.min(at, bytes.length) };
  }
  throw new InputError({ where, what: 'no ElementDataFile in its header' });
}

function required<T>(value: T | undefined, key: string, where: string): T {
  if (value !== undefined) return value;
  throw new InputError({ where, what: `no ${key} in its header` });
}

function numbers(text: string | undefined, many: number, key: string, where: string): number[] | undefined {
  if (text === undefined) return undefined;
  const list = text
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map(Number);
  if (list.length === many && list.every(Number.isFinite)) return list;
  throw new InputError({ where, what: `${key} does not fit NDims`, expected: `${many} numbers`, got: text });
}

function typeOf(name: string, where: string): StoredType {
  const type = types[name];
  if (type) return type;
  const expected = Object.keys(types).join(', ');
  throw new InputError({ where, what: 'unknown ElementType', expected, got: name });
}

function dataFileOf(value: string, after: Uint8Array, where: string): string | SpreadFiles | undefined {
  if (/^local$/i.test(value)) return undefined;
  if (!isSpread(value)) return value;
  return spreadFiles(value, new TextDecoder().decode(after.subarray(0, longest)).split(/\r?\n/), where);
}

/** @param matrix the axes one after another, in LPS */
function placeOf(
  spacing: readonly number[],
  matrix: readonly number[] | undefined,
  offset: readonly number[] | undefined,
  where: string,
): { affine: Affine; placed: boolean; warnings: VolumeWarning[] } {
  const affineTold = offset || matrix ? affineOf(spacing, matrix, offset ?? spacing.map(() => 0), where) : undefined;
  if (offset && affineTold) return { affine: affineTold, placed: true, warnings: [] };
  const message = `${where}: no Offset places no image; its directions are not used, only its spacing is`;
  const warnings = matrix ? [{ code: 'space-unknown', message }] : [];
  return { affine: spacingAffine(spacing[0], spacing[1] ?? 1, spacing[2] ?? 1), placed: false, warnings };
}

function affineOf(
  spacing: readonly number[],
  matrix: readonly number[] | undefined,
  offset: readonly number[],
  where: string,
): Affine {
  const n = spacing.length;
  const affine = identityAffine();
  for (let axis = 0; axis < Math.min(3, n); axis++) {
    affine[axis * 4 + 3] = offset[axis];
    for (let row = 0; row < Math.min(3, n); row++) {
      affine[row * 4 + axis] = (matrix ? matrix[axis * n + row] : row === axis ? 1 : 0) * spacing[axis];
    }
  }
  const mixed = n === 4 && matrix?.some((value, i) => i % 5 !== 0 && (i % 4 === 3 || i >= 12) && value !== 0);
  if (mixed) {
    throw new InputError({
      where,
      what: 'its TransformMatrix mixes space with the fourth axis',
      got: matrix?.join(' ') ?? '',
    });
  }
  return checkedAffine(lpsToRas(affine), where, 'TransformMatrix');
}

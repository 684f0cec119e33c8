/**
 * The header of NIfTI-1 (348 bytes) and NIfTI-2 (540 bytes), in either byte order. After `nifti1.h` and `nifti2.h` of the
 * NIfTI Data Format Working Group (2004, 2011). Read here and not by a library, since what matters is what is refused.
 */
import { InputError } from '../../errors.ts';
import { checkedSizes } from '../image/place.ts';
import type { StoredType, Volume } from '../image/volume.ts';
import { bytesOfType } from '../image/voxels.ts';
import { niftiVersion } from './version.ts';

export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly bigEndian: boolean;
  /** Whether the numbers stand in a file of their own. */
  readonly pair: boolean;
  /** Sizes along x, y, z, t and the fifth axis; 1 where the file has no such axis. */
  readonly sizes: readonly [number, number, number, number, number];
  readonly axes: number;
  readonly type: NiftiType;
  /** Qfac, then the spacings as written. */
  readonly pixdim: readonly number[];
  readonly offset: number;
  readonly slope: number;
  readonly intercept: number;
  /** Millimetres a unit of space; seconds a unit of time, 0 where the fourth axis is not time, or not told. */
  readonly unitMm: number;
  readonly unitSeconds: number;
  readonly qform: { readonly code: number; readonly quaternion: readonly number[]; readonly offset: readonly number[] };
  readonly sform: { readonly code: number; readonly rows: readonly number[] };
}

export interface NiftiType {
  readonly stored: Volume['stored']['type'];
  /** Of one number at a voxel. */
  readonly type: StoredType;
  /** Numbers at a voxel that stand side by side in the file: colours, or real and imaginary part. */
  readonly together: number;
}

const types: Readonly<Record<number, NiftiType>> = {
  2: one('uint8'),
  4: one('int16'),
  8: one('int32'),
  16: one('float32'),
  32: { stored: 'complex64', type: 'float32', together: 2 },
  64: one('float64'),
  128: { stored: 'uint8', type: 'uint8', together: 3 },
  256: one('int8'),
  512: one('uint16'),
  768: one('uint32'),
  1024: one('int64'),
  1280: one('uint64'),
  1792: { stored: 'complex128', type: 'float64', together: 2 },
  2304: { stored: 'uint8', type: 'uint8', together: 4 },
};

/** Those the standard has and JavaScript has no numbers for. */
const unreadable: Readonly<Record<number, string>> = { 1: 'single bits', 1536: '128-bit floats', 2048: 'complex256' };

function one(type: StoredType): NiftiType {
  return { stored: type, type, together: 1 };
}

/** @throws InputError for everything in it that contradicts itself or the standard */
export function niftiHeader(bytes: Uint8Array, where: string): NiftiHeader {
  const found = niftiVersion(bytes);
  if (!found) {
    const got = bytes.length < 4 ? `${bytes.length} bytes` : 'another number there, in either byte order';
    throw new InputError({ where, what: 'not NIfTI', expected: 'a file that begins with 348 or 540', got });
  }
  const { version, bigEndian } = found;
  const length = version === 1 ? 348 : 540;
  if (bytes.length < length) {
    const expected = `${length} bytes of it`;
    throw new InputError({ where, what: 'the file ends inside its NIfTI header', expected, got: `${bytes.length}` });
  }
  const pair = isPair(bytes, version, where);
  const fields = (version === 1 ? fieldsOfNifti1 : fieldsOfNifti2)(
    new DataView(bytes.buffer, bytes.byteOffset, length),
    !bigEndian,
  );
  const axes = fields.dim[0];
  if (!(axes >= 1 && axes <= 7)) {
    throw new InputError({ where, what: 'dim[0] is no number of axes', expected: '1 to 7', got: `${axes}` });
  }
  const all = Array.from({ length: 7 }, (_, i) => (i < axes ? fields.dim[i + 1] : 1));
  checkedSizes(all, where, 'dim');
  if (all[5] > 1 || all[6] > 1) {
    throw new InputError({
      where,
      what: 'more than five axes',
      expected: 'space, time and channels',
      got: all.join(' x '),
    });
  }
  return {
    version,
    bigEndian,
    pair,
    axes,
    sizes: [all[0], all[1], all[2], all[3], all[4]],
    type: typeOf(fields.datatype, fields.bitpix, where),
    pixdim: fields.pixdim,
    offset: offsetOf(fields.offset, pair, version, where),
    slope: fields.slope,
    intercept: fields.intercept,
    unitMm: { 1: 1000, 3: 1e-3 }[fields.units & 7] ?? 1,
    unitSeconds: { 8: 1, 16: 1e-3, 24: 1e-6 }[fields.units & 56] ?? 0,
    qform: fields.qform,
    sform: fields.sform,
  };
}

function isPair(bytes: Uint8Array, version: 1 | 2, where: string): boolean {
  const at = version === 1 ? 344 : 4;
  const magic = String.fromCharCode(...bytes.subarray(at, at + 4));
  const pair = magic === `ni${version}\0`;
  const mangled = version === 2 && String.fromCharCode(...bytes.subarray(8, 12)) !== '\r\n\x1a\n';
  if ((pair || magic === `n+${version}\0`) && !mangled) return pair;
  const expected = `n+${version} or ni${version}`;
  const what = `no NIfTI-${version} by its magic bytes (ANALYZE 7.5, which tells no orientation, or damaged)`;
  throw new InputError({ where, what, expected, got: JSON.stringify(magic) });
}

function typeOf(code: number, bitpix: number, where: string): NiftiType {
  const type = types[code];
  if (!type) {
    const got = unreadable[code] ? `${code}, ${unreadable[code]}` : `${code}, unknown to NIfTI`;
    throw new InputError({ where, what: 'its datatype cannot be read', expected: Object.keys(types).join(', '), got });
  }
  const expected = 8 * bytesOfType(type.type) * type.together;
  if (bitpix === expected) return type;
  const what = `bitpix contradicts datatype ${code} (${type.stored})`;
  throw new InputError({ where, what, expected: `${expected}`, got: `${bitpix}` });
}

function offsetOf(offset: number, pair: boolean, version: 1 | 2, where: string): number {
  const least = pair ? 0 : version === 1 ? 352 : 544;
  if (offset === 0) return least;
  if (Number.isSafeInteger(offset) && offset >= least) return offset;
  const expected = `a whole number from ${least} on`;
  throw new InputError({ where, what: 'vox_offset is no place in the file', expected, got: `${offset}` });
}

interface Fields extends Pick<NiftiHeader, 'pixdim' | 'offset' | 'slope' | 'intercept' | 'qform' | 'sform'> {
  readonly dim: readonly number[];
  readonly datatype: number;
  readonly bitpix: number;
  readonly units: number;
}

function fieldsOfNifti1(view: DataView, little: boolean): Fields {
  const shorts = (at: number, many: number) =>
    Array.from({ length: many }, (_, i) => view.getInt16(at + 2 * i, little));
  const floats = (at: number, many: number) =>
    Array.from({ length: many }, (_, i) => view.getFloat32(at + 4 * i, little));
  const [datatype, bitpix] = shorts(70, 2);
  const [qformCode, sformCode] = shorts(252, 2);
  const [offset, slope, intercept] = floats(108, 3);
  return {
    dim: shorts(40, 8),
    datatype,
    bitpix,
    pixdim: floats(76, 8),
    offset,
    slope,
    intercept,
    units: view.getUint8(123),
    qform: { code: qformCode, quaternion: floats(256, 3), offset: floats(268, 3) },
    sform: { code: sformCode, rows: floats(280, 12) },
  };
}

function fieldsOfNifti2(view: DataView, little: boolean): Fields {
  const longs = (at: number, many: number) =>
    Array.from({ length: many }, (_, i) => Number(view.getBigInt64(at + 8 * i, little)));
  const doubles = (at: number, many: number) =>
    Array.from({ length: many }, (_, i) => view.getFloat64(at + 8 * i, little));
  const [slope, intercept] = doubles(176, 2);
  return {
    dim: longs(16, 8),
    datatype: view.getInt16(12, little),
    bitpix: view.getInt16(14, little),
    pixdim: doubles(104, 8),
    offset: longs(168, 1)[0],
    slope,
    intercept,
    units: view.getInt32(500, little),
    qform: { code: view.getInt32(344, little), quaternion: doubles(352, 3), offset: doubles(376, 3) },
    sform: { code: view.getInt32(348, little), rows: doubles(400, 12) },
  };
}

/** The pixels of one TIFF directory, from its strips or tiles. */
import { InputError } from '../../errors.ts';
import { plausible } from '../image/source.ts';
import type { StoredType, VolumeData } from '../image/volume.ts';
import { valuesOf } from '../image/voxels.ts';
import { unzlib } from '../packed/unzlib.ts';
import { addLeft, floatRows, unpackBits, unpackLzw } from './codecs.ts';
import type { TiffDirectory } from './directory.ts';
import { unpackJpeg } from './jpeg.ts';

export interface TiffForm {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  /** Of a sample; below 8, and from 9 to 15, samples share bytes. */
  readonly bits: number;
  /** Of the numbers that are read: floats of 16 bits come as those of 32. */
  readonly type: StoredType;
  readonly compression: number;
  readonly predictor: number;
  /** Whether each sample has a plane of its own. */
  readonly planar: boolean;
  /** Of compression 7: the tables that its parts share, and whether its colours are luminance and chrominance. */
  readonly jpeg?: { readonly tables: Uint8Array | undefined; readonly chrominance: boolean };
}

/** A strip or tile: where its bytes are, what part of the image it is. */
export interface TiffPart {
  readonly offset: number;
  readonly size: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** First sample it holds, and how many of them a pixel has there. */
  readonly sample: number;
  readonly samples: number;
}

/** Largest ratio of any of them, that of LZW: a table of 3838 ever longer strings in 12 bits each. */
const lzwRatio = 1400;

/** @throws InputError where there are fewer parts than the image takes, or one stands outside the file */
export function tiffParts(directory: TiffDirectory, form: TiffForm, length: number, where: string): TiffPart[] {
  const { width, height } = form;
  const [tileWidth] = directory.numbers(322);
  const [tileHeight] = directory.numbers(323);
  const tiled = tileWidth !== undefined || tileHeight !== undefined;
  const rows = directory.numbers(278)[0] ?? height;
  const [w, h] = tiled ? [tileWidth ?? 0, tileHeight ?? 0] : [width, Math.min(rows, height)];
  if (!(w > 0 && h > 0)) throw new InputError({ where, what: 'broken TIFF file', got: `parts of ${w} x ${h}` });
  const [across, down, planes] = [Math.ceil(width / w), Math.ceil(height / h), form.planar ? form.samples : 1];
  const many = across * down * planes;
  if (many > length) throw new InputError({ where, what: 'broken TIFF file', got: `${many} parts in ${length} bytes` });
  const offsets = directory.numbers(tiled ? 324 : 273, many);
  let sizes = directory.numbers(tiled ? 325 : 279, many);
  const samples = form.planar ? 1 : form.samples;
  if (sizes.length === 0 && form.compression === 1 && many === 1)
    sizes = [partSize(form, { width: w, height: h, samples })];
  if (offsets.length < many || sizes.length < many) {
    const got = `${Math.min(offsets.length, sizes.length)}`;
    throw new InputError({
      where,
      what: 'the file lacks parts of its image',
      expected: `${many} strips or tiles`,
      got,
    });
  }
  return offsets.map((offset, i) => {
    const plane = Math.floor(i / (across * down));
    const [x, y] = [(i % across) * w, (Math.floor(i / across) % down) * h];
    const part = {
      offset,
      size: sizes[i],
      x,
      y,
      width: w,
      height: tiled ? h : Math.min(h, height - y),
      sample: plane,
      samples,
    };
    if (offset + part.size > length) {
      const expected = `${part.size} bytes at ${offset}`;
      throw new InputError({ where, what: 'the file ends inside its image', expected, got: `${length} in all` });
    }
    const size = partSize(form, part);
    if (form.compression === 1 && part.size < size) {
      throw new InputError({
        where,
        what: 'the file ends inside its image',
        expected: `${size} bytes of a strip`,
        got: `${part.size}`,
      });
    }
    if (form.compression !== 1) plausible(where, part.size, size, lzwRatio);
    return part;
  });
}

/** Bytes of a part once unpacked. */
function partSize({ bits }: TiffForm, part: Pick<TiffPart, 'width' | 'height' | 'samples'>): number {
  return Math.ceil((part.width * part.samples * bits) / 8) * part.height;
}

/** The samples of a part, `[height, width, samples]`. */
export async function partValues(
  bytes: Uint8Array,
  part: TiffPart,
  form: TiffForm,
  bigEndian: boolean,
  where: string,
): Promise<VolumeData> {
  const size = partSize(form, part);
  const packed = bytes.subarray(part.offset, part.offset + part.size);
  if (form.jpeg) return unpackJpeg(packed, form.jpeg.tables, form.jpeg.chrominance, part, where);
  const plain = await unpacked(packed, form.compression, size, where);
  const row = part.width * part.samples;
  if (form.bits % 8 !== 0) return spread(plain, form.bits, row, part.height);
  if (form.predictor === 3) {
    const floats = floatRows(plain.slice(), row, part.samples, form.bits / 8);
    return form.bits === 16 ? halfFloats(floats, false) : valuesOf(floats, form.type, false, where);
  }
  if (form.bits === 16 && form.type === 'float32') return halfFloats(plain, bigEndian);
  const values = valuesOf(plain, form.type, bigEndian, where);
  if (form.predictor === 2) addLeft(values, row, part.samples);
  return values;
}

async function unpacked(packed: Uint8Array, compression: number, size: number, where: string): Promise<Uint8Array> {
  if (compression === 5) return unpackLzw(packed, size, where);
  if (compression === 32773) return unpackBits(packed, size, where);
  if (compression === 1) return packed.subarray(0, size);
  const plain = await unzlib(packed, where, size + 64);
  if (plain.length >= size) return plain.subarray(0, size);
  throw new InputError({
    where,
    what: 'the file ends inside its image',
    expected: `${size} bytes of a strip`,
    got: `${plain.length}`,
  });
}

/** The first sample in the high bits, whatever the byte order; each row begins with a byte of its own. */
function spread(bytes: Uint8Array, bits: number, row: number, rows: number): Uint8Array | Uint16Array {
  const out = bits < 8 ? new Uint8Array(row * rows) : new Uint16Array(row * rows);
  const rowBytes = Math.ceil((row * bits) / 8);
  const mask = (1 << bits) - 1;
  for (let y = 0; y < rows; y++) {
    for (let i = 0; i < row; i++) {
      const bit = i * bits;
      const at = y * rowBytes + (bit >> 3);
      const three = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
      out[y * row + i] = (three >> (24 - bits - (bit & 7))) & mask;
    }
  }
  return out;
}

/** Floats of 16 bits (IEEE 754 binary16), each of which a float32 holds exactly. */
function halfFloats(bytes: Uint8Array, bigEndian: boolean): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const out = new Float32Array(bytes.length >> 1);
  for (let i = 0; i < out.length; i++) {
    const word = view.getUint16(2 * i, !bigEndian);
    const [exponent, fraction] = [(word >> 10) & 31, word & 1023];
    const finite = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    const size = exponent < 31 ? finite : fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
    out[i] = word & 0x8000 ? -size : size;
  }
  return out;
}

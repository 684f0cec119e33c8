/** The pixels of one TIFF directory, from its strips or tiles. */
import { InputError } from '../errors.ts';
import { plausible } from './image-source.ts';
import { addLeft, floatRows, unpackBits, unpackLzw } from './tiff-codecs.ts';
import type { TiffDirectory } from './tiff-directory.ts';
import { unzlib } from './unzlib.ts';
import type { StoredType, VolumeData } from './volume.ts';
import { bytesOfType, valuesOf } from './voxels.ts';

export interface TiffForm {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  /** Of a sample; below 8 several share a byte. */
  readonly bits: number;
  readonly type: StoredType;
  readonly compression: number;
  readonly predictor: number;
  /** Whether each sample has a plane of its own. */
  readonly planar: boolean;
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
export function partSize({ bits }: TiffForm, part: Pick<TiffPart, 'width' | 'height' | 'samples'>): number {
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
  const plain = await unpacked(bytes.subarray(part.offset, part.offset + part.size), form.compression, size, where);
  const row = part.width * part.samples;
  if (form.bits < 8) return spread(plain, form.bits, row, part.height);
  if (form.predictor === 3) {
    return valuesOf(floatRows(plain.slice(), row, part.samples, bytesOfType(form.type)), form.type, false, where);
  }
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

function spread(bytes: Uint8Array, bits: number, row: number, rows: number): Uint8Array {
  const out = new Uint8Array(row * rows);
  const rowBytes = Math.ceil((row * bits) / 8);
  const mask = (1 << bits) - 1;
  for (let y = 0; y < rows; y++) {
    for (let i = 0; i < row; i++) {
      const bit = i * bits;
      out[y * row + i] = (bytes[y * rowBytes + (bit >> 3)] >> (8 - bits - (bit & 7))) & mask;
    }
  }
  return out;
}

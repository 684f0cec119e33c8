/** Small image files for tests, made by hand, field by field. */
import { deflateSync } from 'node:zlib';

export interface NiftiFields {
  readonly version?: 1 | 2;
  readonly bigEndian?: boolean;
  readonly magic?: string;
  readonly dim?: readonly number[];
  readonly datatype?: number;
  readonly bitpix?: number;
  readonly pixdim?: readonly number[];
  readonly offset?: number;
  readonly slope?: number;
  readonly intercept?: number;
  readonly units?: number;
  readonly qform?: readonly [code: number, b: number, c: number, d: number, x: number, y: number, z: number];
  readonly sform?: readonly number[];
}

/** A NIfTI file of little-endian int16 unless told otherwise; `data` are its bytes. */
export function niftiFile(fields: NiftiFields, data: Uint8Array): Uint8Array {
  const { version = 1, bigEndian = false, dim = [3, 2, 2, 2], datatype = 4, bitpix = 16 } = fields;
  const { pixdim = [1, 1, 1, 1], slope = 1, intercept = 0, units = 2, qform, sform } = fields;
  const start = version === 1 ? 352 : 544;
  const { offset = start, magic = `n+${version}\0` } = fields;
  const out = new Uint8Array(start + data.length);
  const view = new DataView(out.buffer);
  const little = !bigEndian;
  const dims = Array.from({ length: 8 }, (_, i) => dim[i] ?? 1);
  const spacings = Array.from({ length: 8 }, (_, i) => pixdim[i] ?? 1);
  const put = (text: string, at: number) => [...text].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  view.setInt32(0, version === 1 ? 348 : 540, little);
  if (version === 1) {
    dims.forEach((value, i) => view.setInt16(40 + 2 * i, value, little));
    view.setInt16(70, datatype, little);
    view.setInt16(72, bitpix, little);
    spacings.forEach((value, i) => view.setFloat32(76 + 4 * i, value, little));
    [offset, slope, intercept].forEach((value, i) => view.setFloat32(108 + 4 * i, value, little));
    view.setUint8(123, units);
    view.setInt16(252, qform?.[0] ?? 0, little);
    view.setInt16(254, sform ? 2 : 0, little);
    qform?.slice(1).forEach((value, i) => view.setFloat32(256 + 4 * i, value, little));
    sform?.forEach((value, i) => view.setFloat32(280 + 4 * i, value, little));
    put(magic, 344);
  } else {
    put(`${magic}\r\n\x1a\n`, 4);
    view.setInt16(12, datatype, little);
    view.setInt16(14, bitpix, little);
    dims.forEach((value, i) => view.setBigInt64(16 + 8 * i, BigInt(value), little));
    spacings.forEach((value, i) => view.setFloat64(104 + 8 * i, value, little));
    view.setBigInt64(168, BigInt(offset), little);
    [slope, intercept].forEach((value, i) => view.setFloat64(176 + 8 * i, value, little));
    view.setInt32(344, qform?.[0] ?? 0, little);
    view.setInt32(348, sform ? 2 : 0, little);
    qform?.slice(1).forEach((value, i) => view.setFloat64(352 + 8 * i, value, little));
    sform?.forEach((value, i) => view.setFloat64(400 + 8 * i, value, little));
    view.setInt32(500, units, little);
  }
  out.set(data, start);
  return out;
}

/** Header lines and the bytes after them. */
export function textFile(lines: readonly string[], data: Uint8Array): Uint8Array {
  return joined(new TextEncoder().encode(lines.map((line) => `${line}\n`).join('')), data);
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** The bytes of numbers in the machine's order, which is little-endian. */
export function raw(values: {
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly byteLength: number;
}): Uint8Array {
  return new Uint8Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength));
}

/** A PNG of the given chunks, with right checksums. */
export function pngFile(...chunks: readonly (readonly [type: string, data: Uint8Array])[]): Uint8Array {
  const parts = chunks.map(([type, data]) => {
    const out = new Uint8Array(12 + data.length);
    const view = new DataView(out.buffer);
    view.setUint32(0, data.length);
    [...type].forEach((c, i) => view.setUint8(4 + i, c.charCodeAt(0)));
    out.set(data, 8);
    view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
    return out;
  });
  return joined(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), ...parts);
}

export function pngHeader(width: number, height: number, depth: number, colour: number): Uint8Array {
  const out = new Uint8Array(13);
  const view = new DataView(out.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  out.set([depth, colour, 0, 0, 0], 8);
  return out;
}

export function deflated(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(deflateSync(bytes));
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/** Tags of one directory: `[tag, type, values]`, of types 3 (short) and 4 (long); strips follow it. */
export function tiffFile(
  tags: readonly (readonly [tag: number, type: 3 | 4, ...values: number[]])[],
  strip: Uint8Array,
): Uint8Array {
  const size = 8 + 2 + tags.length * 12 + 4;
  const long = tags.filter(([, type, ...values]) => values.length * (type === 3 ? 2 : 4) > 4);
  let extra = size;
  const out = new Uint8Array(
    size + long.reduce((sum, [, type, ...values]) => sum + values.length * (type === 3 ? 2 : 4), 0) + strip.length,
  );
  const view = new DataView(out.buffer);
  out.set([0x49, 0x49, 42, 0, 8]);
  view.setUint16(8, tags.length, true);
  tags.forEach(([tag, type, ...given], i) => {
    const at = 10 + 12 * i;
    const bytes = type === 3 ? 2 : 4;
    const values = tag === 273 ? given.map((value) => value + out.length - strip.length) : given;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, values.length, true);
    const inside = values.length * bytes <= 4;
    if (!inside) view.setUint32(at + 8, extra, true);
    values.forEach((value, v) => {
      const place = (inside ? at + 8 : extra) + v * bytes;
      if (type === 3) view.setUint16(place, value, true);
      else view.setUint32(place, value, true);
    });
    if (!inside) extra += values.length * bytes;
  });
  out.set(strip, out.length - strip.length);
  return out;
}

/** How often each value occurs, where values are integers of 8 or 16 bits. */
import type { VolumeData } from '../../read/image/volume.ts';

export type SmallIntegers = Uint8Array | Int8Array | Uint16Array | Int16Array;

export function isSmallInteger(values: VolumeData): values is SmallIntegers {
  return values.BYTES_PER_ELEMENT <= 2;
}

/** Values as codes without a sign, so that loops meet but two kinds of array: value = (code ^ flip) + lowest. */
export interface Codes {
  readonly codes: Uint8Array | Uint16Array;
  readonly flip: number;
  readonly lowest: number;
  /** Values there can be: 256 or 65536. */
  readonly levels: number;
}

export function codesOf(values: SmallIntegers): Codes {
  const { buffer, byteOffset, length } = values;
  const wide = values.BYTES_PER_ELEMENT === 2;
  const signed = values instanceof Int8Array || values instanceof Int16Array;
  const half = signed ? (wide ? 0x8000 : 0x80) : 0;
  const codes = wide ? new Uint16Array(buffer, byteOffset, length) : new Uint8Array(buffer, byteOffset, length);
  return { codes, flip: half, lowest: half ? -half : 0, levels: wide ? 0x10000 : 0x100 };
}

export interface CountTable {
  readonly counts: Uint32Array; // [values from the lowest there can be]
  readonly lowest: number;
}

export function tableOf(values: SmallIntegers, mask?: Uint8Array): CountTable {
  const { codes, flip, lowest, levels } = codesOf(values);
  const counts = new Uint32Array(levels);
  if (mask) {
    for (let i = 0; i < codes.length; i++) if (mask[i]) counts[codes[i] ^ flip]++;
    return { counts, lowest };
  }
  // Four tables by turns: a run of one value would wait for its own last count.
  const [a, b, c, d] = [counts, new Uint32Array(levels), new Uint32Array(levels), new Uint32Array(levels)];
  const whole = codes.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    a[codes[i] ^ flip]++;
    b[codes[i + 1] ^ flip]++;
    c[codes[i + 2] ^ flip]++;
    d[codes[i + 3] ^ flip]++;
  }
  for (let i = whole; i < codes.length; i++) a[codes[i] ^ flip]++;
  for (let k = 0; k < levels; k++) a[k] += b[k] + c[k] + d[k];
  return { counts, lowest };
}

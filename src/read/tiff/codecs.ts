/** How TIFF packs its strips and tiles: LZW, PackBits, and the differences from the pixel to the left (predictors 2 and 3). */
import { InputError } from '../../errors.ts';

function cut(where: string, expected: number, got: number): InputError {
  return new InputError({
    where,
    what: 'the file ends inside its image',
    expected: `${expected} bytes of a strip`,
    got: `${got}`,
  });
}

/** Codes of 9 to 12 bits, high ones first, a code early (TIFF 6.0, section 13). Stops at `size` bytes. */
export function unpackLzw(packed: Uint8Array, size: number, where: string): Uint8Array {
  const out = new Bytes(size);
  // Each entry is some stretch of what was written: where it begins, and how long it is.
  const starts = new Int32Array(4096);
  const lengths = new Int32Array(4096);
  let next = 258;
  let width = 9;
  let bit = 0;
  let previous = -1;
  let previousAt = 0;
  while (out.length < size) {
    if (bit + width > packed.length * 8) break;
    const byte = Math.floor(bit / 8);
    const three = (packed[byte] << 16) | ((packed[byte + 1] ?? 0) << 8) | (packed[byte + 2] ?? 0);
    const code = (three >> (24 - width - (bit % 8))) & ((1 << width) - 1);
    bit += width;
    if (code === 257) break;
    if (code !== 256 && bit === 9) {
      const what = 'LZW data of the kind before TIFF 5.0, or broken, in its TIFF';
      throw new InputError({ where, what, expected: 'a first code of 256', got: `${code}` });
    }
    if (code === 256) {
      next = 258;
      width = 9;
      previous = -1;
      continue;
    }
    const at = out.length;
    const known = code < 256 || code < next;
    if (!known && (code !== next || previous < 0)) {
      throw new InputError({
        where,
        what: 'broken LZW data in its TIFF',
        expected: `a code below ${next}`,
        got: `${code}`,
      });
    }
    const length = code < 256 ? 1 : known ? lengths[code] : at - previousAt + 1;
    if (code < 256) out.put(code);
    else out.repeat(known ? starts[code] : previousAt, length);
    if (previous >= 0 && next < 4096) {
      starts[next] = previousAt;
      lengths[next++] = at - previousAt + 1;
    }
    previous = code;
    previousAt = at;
    if (next >= (1 << width) - 1 && width < 12) width++;
  }
  if (out.length < size) throw cut(where, size, out.length);
  return out.taken(size);
}

/** Runs, and stretches without (TIFF 6.0, section 9). Stops at `size` bytes. */
export function unpackBits(packed: Uint8Array, size: number, where: string): Uint8Array {
  const out = new Bytes(size);
  for (let at = 0; at < packed.length && out.length < size; ) {
    const control = packed[at++];
    if (control === 128) continue;
    if (control < 128) {
      for (let i = 0; i <= control && at < packed.length; i++) out.put(packed[at++]);
    } else if (at < packed.length) {
      for (let i = control; i <= 256; i++) out.put(packed[at]);
      at++;
    }
  }
  if (out.length < size) throw cut(where, size, out.length);
  return out.taken(size);
}

/** Grows with what is written, never beyond the size wanted and one last stretch. */
class Bytes {
  length = 0;
  private bytes: Uint8Array;

  constructor(size: number) {
    this.bytes = new Uint8Array(Math.min(size + 256, 65536));
  }

  put(byte: number): void {
    if (this.length === this.bytes.length) this.grow(this.length + 1);
    this.bytes[this.length++] = byte;
  }

  repeat(from: number, many: number): void {
    if (this.length + many > this.bytes.length) this.grow(this.length + many);
    for (let i = 0; i < many; i++) this.bytes[this.length + i] = this.bytes[from + i];
    this.length += many;
  }

  taken(size: number): Uint8Array {
    return this.bytes.subarray(0, size);
  }

  private grow(least: number): void {
    const larger = new Uint8Array(Math.max(least, this.bytes.length * 2));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** Predictor 2, in place: each sample is stored as what it exceeds its left neighbour by. */
export function addLeft(
  values: { readonly length: number; [index: number]: number },
  row: number,
  samples: number,
): void {
  for (let start = 0; start + row <= values.length; start += row) {
    for (let i = start + samples; i < start + row; i++) values[i] += values[i - samples];
  }
}

/** Predictor 3 of floats: bytes of a row, sorted by their weight, the heaviest first, each less the one before. */
export function floatRows(bytes: Uint8Array, rowSamples: number, samples: number, size: number): Uint8Array {
  const out = new Uint8Array(bytes.length); // little-endian
  const row = rowSamples * size;
  for (let start = 0; start + row <= bytes.length; start += row) {
    for (let i = start + samples; i < start + row; i++) bytes[i] += bytes[i - samples];
    for (let i = 0; i < rowSamples; i++) {
      for (let b = 0; b < size; b++) out[start + i * size + (size - 1 - b)] = bytes[start + b * rowSamples + i];
    }
  }
  return out;
}

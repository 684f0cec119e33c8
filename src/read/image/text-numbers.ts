/** Image numbers written as text, separated by blanks or commas. */
import { InputError } from '../../errors.ts';
import type { StoredType } from './volume.ts';
import { bytesOfType } from './voxels.ts';

const whole: Partial<Record<StoredType, readonly [least: number, most: number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65535],
  int16: [-32768, 32767],
  uint32: [0, 2 ** 32 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint64: [0, Number.MAX_SAFE_INTEGER],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
};

const special: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

/**
 * @returns the numbers as little-endian bytes of `type`
 * @throws InputError where there are fewer than `many`, or one is not of the type
 */
export function textNumbers(text: Uint8Array, type: StoredType, many: number, where: string): Uint8Array {
  // A number and what separates it take two characters.
  if (many > (text.length + 1) / 2) throw tooFew(where, many, `room for ${Math.ceil(text.length / 2)}`);
  const size = bytesOfType(type);
  const out = new DataView(new ArrayBuffer(many * size));
  const decoder = new TextDecoder('latin1');
  let found = 0;
  for (let at = 0; at < text.length && found < many; ) {
    while (at < text.length && isSeparator(text[at])) at++;
    const start = at;
    while (at < text.length && !isSeparator(text[at])) at++;
    if (at === start) break;
    const word = decoder.decode(text.subarray(start, Math.min(at, start + 64)));
    write(out, found++ * size, type, numberOf(word, type, where));
  }
  if (found < many) throw tooFew(where, many, `${found}`);
  return new Uint8Array(out.buffer);
}

function isSeparator(code: number): boolean {
  return code <= 32 || code === 0x2c;
}

function tooFew(where: string, many: number, got: string): InputError {
  return new InputError({ where, what: 'the file ends inside its image', expected: `${many} numbers`, got });
}

function numberOf(word: string, type: StoredType, where: string): number {
  const range = whole[type];
  const value = range ? Number(word) : (special[word.toLowerCase()] ?? Number(word));
  const fits = range ? Number.isInteger(value) && value >= range[0] && value <= range[1] : true;
  if (fits && (!Number.isNaN(value) || word.toLowerCase() === 'nan')) return value;
  throw new InputError({ where, what: 'a word among its numbers', expected: type, got: JSON.stringify(word) });
}

function write(out: DataView, at: number, type: StoredType, value: number): void {
  if (type === 'float32') out.setFloat32(at, value, true);
  else if (type === 'float64') out.setFloat64(at, value, true);
  else if (bytesOfType(type) === 8) out.setBigInt64(at, BigInt(value), true);
  else if (bytesOfType(type) === 4) out.setUint32(at, value, true);
  else if (bytesOfType(type) === 2) out.setUint16(at, value, true);
  else out.setUint8(at, value);
}

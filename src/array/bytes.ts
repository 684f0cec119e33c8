import { InputError } from '../errors.ts';

/** Typed arrays as bytes for saved models, little-endian on every machine this runs on (checked below). */
if (new Uint8Array(Uint16Array.of(1).buffer)[0] !== 1) {
  throw new InputError({ where: 'consilience', what: 'this processor is big-endian', expected: 'a little-endian one' });
}

export function toBytes(values: Float64Array | Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(values.slice().buffer);
}

/** @throws InputError where the length is not a whole number of values, or not the expected one. */
export function floatsFrom(bytes: Uint8Array | undefined, length: number, where: string): Float64Array {
  if (!bytes || bytes.byteLength !== length * 8) {
    throw new InputError({
      where,
      what: 'damaged or missing part of a saved model',
      expected: `${length * 8} bytes`,
      got: bytes ? `${bytes.byteLength}` : 'none',
    });
  }
  return new Float64Array(bytes.slice().buffer);
}

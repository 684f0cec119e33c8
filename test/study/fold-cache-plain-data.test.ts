import { isDeepStrictEqual } from 'node:util';
import {
  array,
  assert,
  constantFrom,
  dictionary,
  double,
  letrec,
  oneof,
  property,
  string,
  uint8Array,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packPlain, plainParts, unpackPlain } from '../../src/study/plain-data.ts';

const numbers = [undefined, null, true, false, 0, -0, 1e-320, Number.NaN, Number.POSITIVE_INFINITY, -Infinity] as const;
const { tree } = letrec((tie) => ({
  tree: oneof(
    { depthSize: 'small' },
    constantFrom(...numbers),
    double(),
    string({ unit: 'binary' }),
    uint8Array(),
    uint8Array().map((bytes) => Float64Array.from(bytes, (byte) => 1 / (byte - 1))),
    uint8Array().map((bytes) => Int32Array.from(bytes).subarray(1)),
    array(tie('tree')),
    dictionary(oneof(string(), constantFrom('$', '__proto__', 'constructor', '10', '2')), tie('tree')).map(
      (fields) => ({
        ...fields,
      }),
    ),
  ),
}));

describe('plain data', () => {
  it('comes back from bytes as it was, down to typed arrays, -0, NaN and undefined', () => {
    assert(
      property(tree, (value) => {
        const packed = packPlain(value);
        expect(isDeepStrictEqual(unpackPlain(packed), value)).toBe(true);
        expect(packPlain(unpackPlain(packed))).toEqual(packed);
      }),
    );
  });

  it('comes back in arrays of its own, also from a Buffer that is a window on a larger one', () => {
    const value = { a: Float32Array.of(1, 2), b: [Uint8Array.of(3), new Float64Array(0)] };
    const packed = packPlain(value);
    const window = Buffer.concat([Buffer.from('before'), packed, Buffer.from('after')]).subarray(6, 6 + packed.length);
    const back = unpackPlain(window) as typeof value;
    expect(back).toStrictEqual(value);
    expect(back.a.buffer.byteLength).toBe(8);
  });

  it('is told apart by type, length and order of its arrays', () => {
    const one = plainParts({ x: Int32Array.of(1, 2), y: Int32Array.of() }).tree;
    expect(plainParts({ x: Int32Array.of(1), y: Int32Array.of(2) }).tree).not.toBe(one);
    expect(plainParts({ x: Float32Array.of(1, 2), y: Int32Array.of() }).tree).not.toBe(one);
    expect(plainParts({ y: Int32Array.of(), x: Int32Array.of(1, 2) }).tree).not.toBe(one);
    expect(plainParts({ x: Int32Array.of(3, 4), y: Int32Array.of() }).tree).toBe(one);
  });

  it.each([
    ['function', { f: () => 1 }],
    ['Map', [new Map()]],
    ['Date', { at: new Date(0) }],
    ['bigint', 1n],
  ])('does not include a %s', (name, value) => {
    expect(() => packPlain(value)).toThrow(`internal: not plain data: ${name}`);
  });

  it('is refused where an array reaches beyond the bytes', () => {
    const packed = packPlain({ x: Float64Array.of(1, 2) });
    expect(() => unpackPlain(packed.subarray(0, packed.length - 8))).toThrow('internal: packed data');
  });
});

/**
 * Plain data as bytes, and back: whatever may cross from a worker (objects, lists, text, numbers, typed arrays), so that
 * what keeps it need not know its fields. JSON alone would lose typed arrays, NaN, -0 and undefined: these stand in the
 * JSON as `{ "$": ... }`, and the numbers of typed arrays follow it, in their own bytes.
 */
import { internal } from '../errors.ts';

const arrayTypes = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Int16Array,
  Uint16Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
} as const;

const unwritable: readonly unknown[] = [undefined, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];

export interface PlainParts {
  /** The data as JSON, on one line. */
  readonly tree: string;
  /** The bytes of its typed arrays in order; not copied. */
  readonly arrays: readonly Uint8Array[];
}

/**
 * The parts that `packPlain` puts together. The same data in the same order of keys gives the same parts.
 *
 * @throws Error (internal) for what is not plain data, such as a function or a Map
 */
export function plainParts(value: unknown): PlainParts {
  const arrays: Uint8Array[] = [];
  let length = 0;
  const treeOf = (one: unknown): unknown => {
    if (typeof one === 'string' || typeof one === 'boolean' || one === null) return one;
    const special = unwritable.findIndex((other) => Object.is(one, other));
    if (special >= 0) return { $: special };
    if (typeof one === 'number') return one;
    if (Array.isArray(one)) return Array.from(one, treeOf);
    if (ArrayBuffer.isView(one) && one.constructor.name in arrayTypes) {
      const bytes = new Uint8Array(one.buffer, one.byteOffset, one.byteLength);
      const at = length;
      arrays.push(bytes);
      length += bytes.length;
      return { $: [one.constructor.name, at, bytes.length] };
    }
    if (typeof one !== 'object' || ![Object.prototype, null].includes(Object.getPrototypeOf(one))) {
      throw internal(`not plain data: ${typeof one === 'object' ? one.constructor.name : typeof one}`);
    }
    const entries = Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, treeOf(inner)]));
    return Object.hasOwn(entries, '$') ? { $: entries } : entries;
  };
  return { tree: JSON.stringify(treeOf(value)), arrays };
}

export function packPlain(value: unknown): Uint8Array {
  const { tree, arrays } = plainParts(value);
  const parts = [new TextEncoder().encode(`${tree}\n`), ...arrays];
  const packed = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    packed.set(part, at);
    at += part.length;
  }
  return packed;
}

/** @throws Error where the bytes are not what `packPlain` makes */
export function unpackPlain(packed: Uint8Array): unknown {
  const end = packed.indexOf(10); // the line feed after the tree
  const start = packed.byteOffset + end + 1;
  const numbers = new Uint8Array(packed.buffer, start, packed.length - end - 1); // of a Buffer, `slice` would not copy
  const plainOf = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(plainOf);
    if (one === null || typeof one !== 'object') return one;
    if (!Object.hasOwn(one, '$')) return fieldsOf(one);
    const { $: stands } = one as { readonly $: unknown };
    if (Array.isArray(stands)) return arrayOf(stands);
    if (typeof stands === 'number') return unwritable[stands];
    return fieldsOf(stands as object);
  };
  const fieldsOf = (one: object) =>
    Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, plainOf(inner)]));
  const arrayOf = ([name, at, length]: readonly unknown[]) => {
    const type = Object.hasOwn(arrayTypes, `${name}`) && arrayTypes[name as keyof typeof arrayTypes];
    if (!type || !(Number(at) >= 0 && Number(at) + Number(length) <= numbers.length)) throw internal('packed data');
    return new type(numbers.slice(Number(at), Number(at) + Number(length)).buffer);
  };
  return plainOf(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(packed.subarray(0, end))));
}

/** Sorting the voxels of a scan by value. */
import type { VolumeData } from '../../read/image/volume.ts';
import { type Voxels, valuesOf } from './voxels.ts';

/** Values as doubles or singles, so that loops meet but two kinds of array. */
function asFloats(values: VolumeData): Float32Array | Float64Array {
  return values instanceof Float32Array || values instanceof Float64Array ? values : Float64Array.from(values);
}

/** The bits of values in single precision; of singles no copy. */
export function bitsOf(values: VolumeData): Uint32Array {
  const { buffer, byteOffset, length } = values instanceof Float32Array ? values : new Float32Array(values);
  return new Uint32Array(buffer, byteOffset, length);
}

/** A whole number that stands as the value of these bits does among others; 0 and -0 are one. */
export function orderOf(bits: number): number {
  if (bits === 0x80000000) return 0x80000000;
  return (bits & 0x80000000 ? ~bits : bits | 0x80000000) >>> 0;
}

export interface Ascending {
  readonly sorted: Float32Array | Float64Array; // [voxels that count]
  /** Where each stands in the scan; of equal values in the order of the data. */
  readonly places: Uint32Array; // [voxels that count]
}

/**
 * The voxels that count by ascending value: a radix sort of single-precision keys, eleven bits at a time, after which doubles
 * of one key are put in order.
 */
export function ascending(voxels: Voxels): Ascending {
  const values = asFloats(voxels.values);
  const places = placesOf(voxels);
  const { keys, placed } = radixSorted(values, voxels, places);
  if (values instanceof Float32Array) return { sorted: valuesOfKeys(keys), places: placed };
  orderWithinKeys(values, keys, placed);
  return { sorted: Float64Array.from(placed, (at) => values[at]), places: placed };
}

/** The values alone. */
export function sortedValues(voxels: Voxels): Float32Array | Float64Array {
  if (voxels.values instanceof Float32Array) return valuesOfKeys(radixSorted(voxels.values, voxels).keys);
  return valuesOf(voxels).sort();
}

function placesOf({ values, mask, count }: Voxels): Uint32Array {
  const places = new Uint32Array(count);
  for (let i = 0, n = 0; i < values.length; i++) if (!mask || mask[i]) places[n++] = i;
  return places;
}

function radixSorted(values: Float32Array | Float64Array, { mask, count }: Voxels, places?: Uint32Array) {
  const bits = bitsOf(values);
  let keys = new Uint32Array(count);
  const low = new Uint32Array(2048);
  const middle = new Uint32Array(2048);
  const high = new Uint32Array(2048);
  for (let i = 0, n = 0; i < bits.length; i++) {
    if (mask && !mask[i]) continue;
    const key = orderOf(bits[i]);
    keys[n++] = key;
    low[key & 2047]++;
    middle[(key >>> 11) & 2047]++;
    high[key >>> 22]++;
  }
  let placed: Uint32Array = places ?? new Uint32Array(0);
  let keysThen = new Uint32Array(count);
  let placedThen: Uint32Array = new Uint32Array(placed.length);
  for (const [counts, shift] of [[low, 0] as const, [middle, 11] as const, [high, 22] as const]) {
    startsOf(counts);
    if (places) scatterBoth(keys, placed, keysThen, placedThen, counts, shift);
    else scatter(keys, keysThen, counts, shift);
    [keys, keysThen] = [keysThen, keys];
    [placed, placedThen] = [placedThen, placed];
  }
  return { keys, placed };
}

function startsOf(counts: Uint32Array): void {
  let sum = 0;
  for (let k = 0; k < counts.length; k++) {
    const own = counts[k];
    counts[k] = sum;
    sum += own;
  }
}

function scatter(keys: Uint32Array, keysThen: Uint32Array, next: Uint32Array, shift: number): void {
  for (let i = 0; i < keys.length; i++) keysThen[next[(keys[i] >>> shift) & 2047]++] = keys[i];
}

function scatterBoth(
  keys: Uint32Array,
  places: Uint32Array,
  keysThen: Uint32Array,
  placesThen: Uint32Array,
  next: Uint32Array,
  shift: number,
): void {
  for (let i = 0; i < keys.length; i++) {
    const to = next[(keys[i] >>> shift) & 2047]++;
    keysThen[to] = keys[i];
    placesThen[to] = places[i];
  }
}

/** The singles that keys were made of, in the same memory. */
function valuesOfKeys(keys: Uint32Array<ArrayBuffer>): Float32Array {
  for (let i = 0; i < keys.length; i++) keys[i] = keys[i] & 0x80000000 ? keys[i] & 0x7fffffff : ~keys[i];
  return new Float32Array(keys.buffer);
}

/** Doubles that are one single stand together; most often they are one double too. */
function orderWithinKeys(values: Float64Array, keys: Uint32Array, places: Uint32Array): void {
  for (let from = 0, to = 0; from < keys.length; from = to) {
    let inOrder = true;
    for (to = from + 1; to < keys.length && keys[to] === keys[from]; to++) {
      if (values[places[to]] < values[places[to - 1]]) inOrder = false;
    }
    if (!inOrder) places.subarray(from, to).sort((a, b) => values[a] - values[b] || a - b);
  }
}

/** From the bytes of an image file to its numbers: byte order, order of axes, slope and intercept. */
import { InputError } from '../../errors.ts';
import { roomLike, type StoredType, type VolumeData } from './volume.ts';

/** Along width, height and depth, from frame to frame, from channel to channel. */
export type VoxelAxis = 'x' | 'y' | 'z' | 't' | 'c';

export interface VoxelLayout {
  readonly type: StoredType;
  readonly bigEndian: boolean;
  /** Sizes along the axes, as in a `Volume`. */
  readonly shape: readonly [frames: number, channels: number, depth: number, height: number, width: number];
  /** The file's axes, fastest first; axes of one entry may be left out. */
  readonly axes: readonly VoxelAxis[];
  readonly slope: number;
  readonly intercept: number;
}

/** Arrays that hold the numbers of a type; of 64-bit whole numbers doubles. */
const arrays: Record<StoredType, { new (length: number): VolumeData; readonly BYTES_PER_ELEMENT: number }> = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: Float64Array,
  int64: Float64Array,
  float32: Float32Array,
  float64: Float64Array,
};

export function isStoredType(name: string): name is StoredType {
  return Object.hasOwn(arrays, name);
}

export function emptyValues(type: StoredType, length: number): VolumeData {
  return new arrays[type](length);
}

export function bytesOfType(type: StoredType): number {
  return arrays[type].BYTES_PER_ELEMENT;
}

/** How many bytes the numbers take. May be more than can be; nothing is allocated here. */
export function bytesOfVoxels({ type, shape }: Pick<VoxelLayout, 'type' | 'shape'>): number {
  return shape.reduce((product, size) => product * size, bytesOfType(type));
}

/**
 * @param bytes that many as `bytesOfVoxels` says, or more; they are not altered, and the result does not share them
 * @throws InputError where 64-bit whole numbers are beyond those a float64 holds exactly
 */
export function voxelsOf(bytes: Uint8Array, layout: VoxelLayout, where: string): VolumeData {
  const raw = valuesOf(bytes.subarray(0, bytesOfVoxels(layout)), layout.type, layout.bigEndian, where);
  return scaled(inOrder(raw, layout), layout);
}

/** Numbers of the stored type, in the file's order. */
export function valuesOf(bytes: Uint8Array, type: StoredType, bigEndian: boolean, where: string): VolumeData {
  const copy = new Uint8Array(bytes); // its buffer begins where the numbers do
  if (bigEndian) swapBytes(copy, bytesOfType(type));
  const { buffer } = copy;
  switch (type) {
    case 'uint8':
      return copy;
    case 'int8':
      return new Int8Array(buffer);
    case 'uint16':
      return new Uint16Array(buffer);
    case 'int16':
      return new Int16Array(buffer);
    case 'uint32':
      return new Uint32Array(buffer);
    case 'int32':
      return new Int32Array(buffer);
    case 'float32':
      return new Float32Array(buffer);
    case 'float64':
      return new Float64Array(buffer);
    case 'uint64':
    case 'int64':
      return wide(buffer, type === 'int64', where);
  }
}

function swapBytes(bytes: Uint8Array, size: number): void {
  if (size === 1) return;
  for (let at = 0; at + size <= bytes.length; at += size) {
    for (let a = at, b = at + size - 1; a < b; a++, b--) {
      const kept = bytes[a];
      bytes[a] = bytes[b];
      bytes[b] = kept;
    }
  }
}

function wide(buffer: ArrayBuffer, signed: boolean, where: string): Float64Array {
  const low = new Uint32Array(buffer);
  const high = signed ? new Int32Array(buffer) : low;
  const out = new Float64Array(low.length / 2);
  for (let i = 0; i < out.length; i++) {
    out[i] = high[2 * i + 1] * 2 ** 32 + low[2 * i];
    if (Math.abs(out[i]) > Number.MAX_SAFE_INTEGER) {
      throw new InputError({ where, what: 'a 64-bit number too large to be held exactly', expected: 'within 2^53' });
    }
  }
  return out;
}

/** As a `Volume` orders them: `[frames, channels, depth, height, width]`. */
function inOrder(values: VolumeData, { axes, shape }: VoxelLayout): VolumeData {
  const size = { t: shape[0], c: shape[1], z: shape[2], y: shape[3], x: shape[4] };
  const told = axes.filter((axis) => size[axis] > 1);
  const wanted = ['x', 'y', 'z', 'c', 't'].filter((axis) => told.includes(axis as VoxelAxis));
  if (told.join() === wanted.join()) return values;
  const stride = { x: 0, y: 0, z: 0, c: 0, t: 0 };
  let step = 1;
  for (const axis of axes) {
    stride[axis] = step;
    step *= size[axis];
  }
  const out = roomLike(values, values.length);
  let to = 0;
  for (let t = 0; t < size.t; t++) {
    for (let c = 0; c < size.c; c++) {
      for (let z = 0; z < size.z; z++) {
        for (let y = 0; y < size.y; y++) {
          let from = t * stride.t + c * stride.c + z * stride.z + y * stride.y;
          for (let x = 0; x < size.x; x++, from += stride.x) out[to++] = values[from];
        }
      }
    }
  }
  return out;
}

/** Float64 holds every result; float32 does where all of it are whole numbers below 2^24, as those of CT. */
function scaled(values: VolumeData, { type, slope, intercept }: VoxelLayout): VolumeData {
  if (slope === 1 && intercept === 0) return values;
  const largest = 2 ** (8 * bytesOfType(type)) * Math.abs(slope) + Math.abs(intercept);
  const exact =
    !type.startsWith('float') && Number.isInteger(slope) && Number.isInteger(intercept) && largest < 2 ** 24;
  const out = exact ? new Float32Array(values.length) : new Float64Array(values.length);
  for (let i = 0; i < out.length; i++) out[i] = values[i] * slope + intercept;
  return out;
}

/** What every image reader gives: numbers with their place. What they mean is told elsewhere. */
import type { Grid } from '../../array/grid.ts';

/** Element types of image files. Bits (segmentations) come as `uint8`. */
export type StoredType =
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'uint32'
  | 'int32'
  | 'uint64'
  | 'int64'
  | 'float32'
  | 'float64';

export type VolumeData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Room for numbers of the same type, all 0. */
export function roomLike(data: VolumeData, length: number): VolumeData {
  return new (data.constructor as new (length: number) => VolumeData)(length);
}

/**
 * An image as read. Its numbers are the measured ones, after the file's slope and intercept; where those change nothing the
 * array is of the stored type (64-bit whole numbers come as float64, or are refused beyond 2^53). What the file holds as NaN
 * or infinite stays so: no reader invents a number.
 */
export interface Volume extends Grid {
  /** Row-major: `[frames, channels, depth, height, width]`. */
  readonly data: VolumeData;
  /** Points in time, or whatever else the file repeats the volume over. */
  readonly frames: number;
  /** Numbers at a voxel: 1, 3 of RGB, 2 of complex numbers (real, imaginary), the components of a vector. */
  readonly channels: number;
  /** Whether the image has two or three axes in space. */
  readonly dimensions: 2 | 3;
  /** Whether the file says where the image stands; else the affine is but spacing, or 1 mm a voxel. */
  readonly placed: boolean;
  /** Of the numbers, such as `HU`, where the file tells it. */
  readonly unit?: string;
  /** From one frame to the next, where the file tells it and frames are points in time. */
  readonly frameSeconds?: number;
  readonly stored: {
    readonly format: string;
    readonly type: StoredType | 'complex64' | 'complex128' | 'bit';
    readonly slope: number;
    readonly intercept: number;
  };
  /** What was read differently from what a plain reading of the file would suggest, in sentences. */
  readonly warnings: readonly VolumeWarning[];
}

/** What a file says of its image before the numbers. */
export type VolumeHeader = Omit<Volume, 'data'>;

export interface VolumeWarning {
  readonly code: string;
  readonly message: string;
}

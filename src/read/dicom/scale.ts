/** Numbers of slices put in the order of a volume, each with the slope and intercept of its own slice. */
import type { VolumeData } from '../image/volume.ts';

export interface ScaledSlice {
  /** `[channels, rows, columns]`. */
  readonly values: VolumeData;
  readonly slope: number;
  readonly intercept: number;
}

/**
 * `[frames, channels, depth, rows, columns]`, of the stored type where no scale changes anything; else float32 where it holds
 * every result exactly (whole numbers below 2^24, as those of CT), else float64.
 */
export function scaledVolume(
  slices: readonly ScaledSlice[],
  order: readonly (readonly number[])[],
  channels: number,
): VolumeData {
  const size = slices[0].values.length / channels;
  const depth = order[0].length;
  const out = emptyFor(slices, order.length * depth * channels * size);
  for (const [t, levels] of order.entries()) {
    for (const [z, index] of levels.entries()) {
      const { values, slope, intercept } = slices[index];
      for (let c = 0; c < channels; c++) {
        const plane = values.subarray(c * size, (c + 1) * size);
        const at = ((t * channels + c) * depth + z) * size;
        if (slope === 1 && intercept === 0) out.set(plane as never, at);
        else for (let i = 0; i < size; i++) out[at + i] = plane[i] * slope + intercept;
      }
    }
  }
  return out;
}

function emptyFor(slices: readonly ScaledSlice[], length: number): VolumeData {
  const kinds = new Set(slices.map(({ values }) => values.constructor as new (length: number) => VolumeData));
  const plain = slices.every(({ slope, intercept }) => slope === 1 && intercept === 0);
  if (plain && kinds.size === 1) return new [...kinds][0](length);
  const exact = slices.every(({ values, slope, intercept }) => {
    if (values instanceof Float32Array || values instanceof Float64Array) return false;
    if (!Number.isInteger(slope) || !Number.isInteger(intercept)) return false;
    return 2 ** (8 * values.BYTES_PER_ELEMENT) * Math.abs(slope) + Math.abs(intercept) < 2 ** 24;
  });
  return exact ? new Float32Array(length) : new Float64Array(length);
}

/** What intensity harmonizers take: the numbers of one image, and which voxels count. */
import type { Grid } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import type { VolumeData } from '../../read/image/volume.ts';

/** Every `Volume` of one frame is a scan. Scans of one modality may be of different size. */
export interface Scan {
  readonly data: VolumeData; // [channels, voxels]
  /** Default 1. Each channel is harmonized by itself. */
  readonly channels?: number;
  /** Not 0 where a voxel counts, for all channels or for each; default: by the rule of the harmonizer (`mask`). */
  readonly mask?: Uint8Array; // [voxels] or [channels, voxels]
  /** Asked for by the rule `head` only. */
  readonly shape?: Grid['shape'];
  /** Harmonizers take one frame at a time. */
  readonly frames?: number;
}

/** One channel of a scan. */
export interface Channel {
  readonly values: VolumeData; // [voxels]
  readonly mask?: Uint8Array | undefined; // [voxels]
  /** Voxels that were measured; default: all. */
  readonly observed?: Uint8Array | undefined; // [voxels]
  readonly shape?: Grid['shape'] | undefined;
  /** For errors, such as `nyul: scan 2 of 5, channel 0`. */
  readonly where: string;
}

/** @throws InputError on no voxels, several frames, numbers that are no whole channels, and a mask or shape of another size */
export function channelsOf({ data, channels = 1, mask, shape, frames = 1 }: Scan, where: string): Channel[] {
  if (frames !== 1) throw new InputError({ where, what: 'several frames', expected: 'one', got: `${frames}` });
  const size = data.length / channels;
  if (!(Number.isInteger(channels) && channels > 0 && Number.isInteger(size) && size > 0)) {
    const got = `${data.length} values, ${channels} channels`;
    throw new InputError({ where, what: 'not a scan', expected: 'as many values in each channel', got });
  }
  if (mask && mask.length !== size && mask.length !== data.length) {
    const got = `${mask.length}`;
    throw new InputError({ where: `${where}: mask`, what: 'of another size', expected: `${size} voxels`, got });
  }
  if (shape && shape[0] * shape[1] * shape[2] !== size) {
    const got = `[${shape.join(', ')}]`;
    throw new InputError({ where: `${where}: shape`, what: 'of another size', expected: `${size} voxels`, got });
  }
  return Array.from({ length: channels }, (_, c) => {
    const from = mask && mask.length === size ? 0 : c * size;
    return {
      values: data.subarray(c * size, (c + 1) * size),
      mask: mask?.subarray(from, from + size),
      shape,
      where: channels > 1 ? `${where}, channel ${c}` : where,
    };
  });
}

/** What registration works on: one number a voxel, NaN where there is none or where a mask says that it must not count. */
import { type Grid, voxelCount } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import type { Volume } from '../../read/image/volume.ts';

export interface ScalarImage extends Grid {
  readonly data: Float32Array; // [depth, height, width]
  readonly dimensions: 2 | 3;
}

/**
 * The volume as one number a voxel. Voxels outside the mask, and those that are not finite, become NaN.
 *
 * @throws InputError where the volume has several frames or channels, fewer than 8 voxels along an axis, or the mask another grid.
 */
export function scalarImage(volume: Volume, name: string, mask?: Volume): ScalarImage {
  const { frames, channels, shape, affine, dimensions } = volume;
  if (frames !== 1 || channels !== 1) {
    throw new InputError({
      where: 'register',
      what: `the ${name} image has more than one number a voxel`,
      expected: 'one frame and one channel',
      got: `${frames} frames, ${channels} channels`,
    });
  }
  if (shape[1] < 8 || shape[2] < 8 || (dimensions === 3 && shape[0] < 4)) {
    throw new InputError({
      where: 'register',
      what: `the ${name} image is too small`,
      expected: '8 voxels along width and height, 4 along depth',
      got: shape.join(' x '),
    });
  }
  if (mask && (mask.shape.join() !== shape.join() || mask.affine.some((a, i) => Math.abs(a - affine[i]) > 1e-3))) {
    throw new InputError({
      where: 'register',
      what: `the mask of the ${name} image stands on another grid`,
      expected: shape.join(' x '),
      got: mask.shape.join(' x '),
    });
  }
  const data = new Float32Array(voxelCount(volume)); // [depth, height, width]
  let finite = 0;
  for (let i = 0; i < data.length; i++) {
    const value = volume.data[i];
    const counts = Number.isFinite(value) && (!mask || (mask.data[i] !== 0 && Number.isFinite(mask.data[i])));
    data[i] = counts ? value : Number.NaN;
    if (counts) finite++;
  }
  if (finite === 0) throw new InputError({ where: 'register', what: `the ${name} image has no voxel that counts` });
  return { shape, affine, data, dimensions };
}

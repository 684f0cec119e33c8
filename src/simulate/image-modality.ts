import { imageFeatures } from '../describe/image-layout.ts';
import type { ImageLayout, Modality } from '../describe/modality.ts';
import { gaussianModality } from './gaussian-modality.ts';

/** A simulated image: a feature a voxel, Gaussian noise. */
export function imageModality(name: string, image: ImageLayout): Modality {
  return { ...gaussianModality(name, 0), features: imageFeatures(image, { scale: 'interval' }), image };
}

/** Voxels as cubes of so many millimetres about the origin, with axes along those of the world. */
export function centredLayout(
  [depth, height, width]: readonly [depth: number, height: number, width: number],
  spacingMm: number,
  channels = 1,
): ImageLayout {
  const from = (many: number) => (-spacingMm * (many - 1)) / 2; // `|| 0` below: of one voxel 0, not −0
  const [x, y, z] = [from(width) || 0, from(height) || 0, from(depth) || 0];
  return {
    channels,
    shape: [depth, height, width],
    affine: [spacingMm, 0, 0, x, 0, spacingMm, 0, y, 0, 0, spacingMm, z, 0, 0, 0, 1],
  };
}

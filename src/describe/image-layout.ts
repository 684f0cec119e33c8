/** An image as a modality: its features are the voxels of one grid, the same for all subjects. */
import { type Grid, spacingMm } from '../array/grid.ts';
import type { Feature, ImageLayout, Scale } from './modality.ts';

export function gridOf({ shape, affine }: ImageLayout): Grid {
  return { shape, affine: Float64Array.from(affine) };
}

export function layoutOf({ shape, affine }: Grid, channels = 1): ImageLayout {
  return { channels, shape: [...shape], affine: Array.from(affine) };
}

export function voxelsOf({ channels, shape: [depth, height, width] }: ImageLayout): number {
  return channels * depth * height * width;
}

export interface ImageSize {
  /** Voxels along width, height and, in 3-D, depth. */
  readonly size: readonly number[];
  readonly spacingMm: readonly number[];
  readonly channels: number;
}

export function sizeOf(image: ImageLayout): ImageSize {
  const [depth, height, width] = image.shape;
  const axes = depth > 1 ? 3 : 2;
  return {
    size: [width, height, depth].slice(0, axes),
    spacingMm: spacingMm(gridOf(image)).slice(0, axes),
    channels: image.channels,
  };
}

/** Voxels along each axis, as people say it: width x height x depth. */
export function sizeWords({ shape: [depth, height, width], channels }: ImageLayout): string {
  const size = depth > 1 ? `${width} x ${height} x ${depth}` : `${width} x ${height}`;
  return channels > 1 ? `${size} voxels of ${channels} channels` : `${size} voxels`;
}

/** A feature a voxel, `voxel i,j,k` (of several channels: `channel c voxel i,j,k`), in the order of the data. */
export function imageFeatures(
  { channels, shape: [depth, height, width] }: ImageLayout,
  { scale, unit }: { readonly scale: Scale; readonly unit?: string | undefined },
): Feature[] {
  const more = { scale, ...(unit !== undefined && { unit }) };
  const features: Feature[] = [];
  for (let c = 0; c < channels; c++) {
    const channel = channels > 1 ? `channel ${c} ` : '';
    for (let k = 0; k < depth; k++) {
      for (let j = 0; j < height; j++) {
        for (let i = 0; i < width; i++) features.push({ name: `${channel}voxel ${i},${j},${k}`, ...more });
      }
    }
  }
  return features;
}

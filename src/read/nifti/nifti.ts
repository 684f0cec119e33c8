/** NIfTI-1 and NIfTI-2: one file or a pair, plain or gzip. */
import { InputError } from '../../errors.ts';
import {
  besides,
  enough,
  gunzipStart,
  gunzipTo,
  type ImageSource,
  type OpenedImage,
  trailing,
} from '../image/source.ts';
import type { VolumeHeader } from '../image/volume.ts';
import { bytesOfVoxels, type VoxelAxis, type VoxelLayout, voxelsOf } from '../image/voxels.ts';
import { isGzip } from '../packed/gunzip.ts';
import { type NiftiHeader, niftiHeader } from './header.ts';
import { niftiPlace } from './place.ts';

export async function openNifti(source: ImageSource): Promise<OpenedImage> {
  const { bytes, name } = source;
  const header = niftiHeader(isGzip(bytes) ? await gunzipStart(source, 540) : bytes, name);
  const layout = layoutOf(header, name);
  const size = header.offset + bytesOfVoxels(layout);
  const packed = header.pair ? await otherHalf(source) : bytes;
  if (!isGzip(packed)) enough(name, packed, size);
  return {
    header: headerOf(header, layout, name, isGzip(packed) ? 0 : packed.length - size),
    data: async () => {
      const plain = isGzip(packed) ? await gunzipTo(source, packed, size) : packed;
      return voxelsOf(plain.subarray(header.offset), layout, name);
    },
  };
}

/** The numbers of a pair, whose header is told by its magic bytes to be one. */
function otherHalf(source: ImageSource): Promise<Uint8Array> {
  const found = /^(.*)\.(hdr)(\.gz)?$/i.exec(source.name);
  if (!found) {
    const expected = 'a file .hdr with one .img beside it';
    throw new InputError({ where: source.name, what: 'only the header of a NIfTI pair', expected });
  }
  const [, stem, ending, gz = ''] = found;
  return besides(source, `${stem}.${ending === 'HDR' ? 'IMG' : 'img'}${gz}`);
}

function layoutOf({ sizes, type, bigEndian, slope, intercept }: NiftiHeader, where: string): VoxelLayout {
  const [width, height, depth, frames, fifth] = sizes;
  if (type.together > 1 && fifth > 1) {
    const what = `${type.stored} numbers of ${type.together} parts along a fifth axis of ${fifth}`;
    throw new InputError({ where, what, expected: 'one or the other' });
  }
  // Slope 0 means none (nifti1.h); NaN is what nibabel writes for it. Colours are never scaled.
  const unscaled = slope === 0 || !Number.isFinite(slope) || (type.together > 1 && type.type === 'uint8');
  if (!unscaled && !Number.isFinite(intercept)) {
    throw new InputError({ where, what: 'scl_inter is no number', got: `${intercept}` });
  }
  const space: VoxelAxis[] = ['x', 'y', 'z', 't'];
  return {
    type: type.type,
    bigEndian,
    shape: [frames, type.together > 1 ? type.together : fifth, depth, height, width],
    axes: type.together > 1 ? ['c', ...space] : [...space, 'c'],
    slope: unscaled ? 1 : slope,
    intercept: unscaled ? 0 : intercept,
  };
}

function headerOf(header: NiftiHeader, layout: VoxelLayout, name: string, after: number): VolumeHeader {
  const [frames, channels, depth, height, width] = layout.shape;
  const { warnings, ...place } = niftiPlace(header, name);
  const frameSeconds = Math.abs(header.pixdim[4]) * header.unitSeconds;
  return {
    shape: [depth, height, width],
    ...place,
    frames,
    channels,
    dimensions: header.axes <= 2 ? 2 : 3,
    ...(frames > 1 && frameSeconds > 0 && Number.isFinite(frameSeconds) && { frameSeconds }),
    stored: {
      format: `NIfTI-${header.version}`,
      type: header.type.stored,
      slope: layout.slope,
      intercept: layout.intercept,
    },
    warnings: [...warnings, ...trailing(name, after)],
  };
}

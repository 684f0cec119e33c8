/** FreeSurfer's MGH, and MGZ, its gzip. After the format's page in the FreeSurfer wiki; always big-endian. */
import { spacingMm } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { checkedAffine, checkedSizes, checkedSpacing, spacingAffine } from '../image/place.ts';
import { enough, gunzipStart, gunzipTo, type ImageSource, type OpenedImage } from '../image/source.ts';
import type { StoredType, VolumeHeader } from '../image/volume.ts';
import { bytesOfVoxels, type VoxelLayout, voxelsOf } from '../image/voxels.ts';
import { isGzip } from '../packed/gunzip.ts';

const headerSize = 284;
/** Tags may follow the numbers: the commands that made the image, colour tables, transforms. */
const tags = 2 ** 24;

const types: Readonly<Record<number, StoredType>> = { 0: 'uint8', 1: 'int32', 3: 'float32', 4: 'int16', 10: 'uint16' };

export async function openMgh(source: ImageSource): Promise<OpenedImage> {
  const { bytes, name } = source;
  const gz = isGzip(bytes);
  const start = gz ? await gunzipStart(source, headerSize) : bytes.subarray(0, headerSize);
  if (start.length < headerSize) {
    const expected = `${headerSize} bytes of it`;
    throw new InputError({
      where: name,
      what: 'the file ends inside its MGH header',
      expected,
      got: `${start.length}`,
    });
  }
  const { header, layout } = parsed(new DataView(start.buffer, start.byteOffset, headerSize), name);
  const size = headerSize + bytesOfVoxels(layout);
  if (!gz) enough(name, bytes, size);
  return {
    header,
    data: async () => {
      const plain = gz ? await gunzipTo(source, bytes, size, tags) : bytes;
      return voxelsOf(plain.subarray(headerSize), layout, name);
    },
  };
}

function parsed(view: DataView, where: string): { header: VolumeHeader; layout: VoxelLayout } {
  if (view.getInt32(0) !== 1) {
    throw new InputError({ where, what: 'not MGH', expected: 'version 1', got: `${view.getInt32(0)}` });
  }
  const [width, height, depth, frames, code] = [4, 8, 12, 16, 20].map((at) => view.getInt32(at));
  checkedSizes([width, height, depth, frames], where, 'image');
  const type = types[code];
  if (!type) {
    const expected = Object.entries(types).map(([number, name]) => `${number} (${name})`);
    throw new InputError({ where, what: 'its type cannot be read', expected: expected.join(', '), got: `${code}` });
  }
  const placed = view.getInt16(28) > 0;
  return {
    header: {
      shape: [depth, height, width],
      affine: placed ? affineOf(view, [width, height, depth], where) : spacingAffine(1, 1, 1),
      placed,
      frames,
      channels: 1,
      dimensions: 3,
      stored: { format: 'MGH', type, slope: 1, intercept: 0 },
      warnings: [],
    },
    layout: {
      type,
      bigEndian: true,
      shape: [frames, 1, depth, height, width],
      axes: ['x', 'y', 'z', 't'],
      slope: 1,
      intercept: 0,
    },
  };
}

/** The header tells the direction of each axis, and where the middle of the image stands. */
function affineOf(view: DataView, sizes: readonly number[], where: string): Float64Array {
  const floats = Array.from({ length: 15 }, (_, i) => view.getFloat32(30 + 4 * i));
  const spacing = floats.slice(0, 3);
  checkedSpacing(spacing, where, 'spacing');
  const affine = spacingAffine(1, 1, 1);
  for (let row = 0; row < 3; row++) {
    affine[row * 4 + 3] = floats[12 + row];
    for (let column = 0; column < 3; column++) {
      const step = floats[3 + 3 * column + row] * spacing[column];
      affine[row * 4 + column] = step;
      affine[row * 4 + 3] -= (step * sizes[column]) / 2;
    }
  }
  checkedSpacing(spacingMm({ affine }), where, 'directions');
  return checkedAffine(affine, where, 'directions');
}

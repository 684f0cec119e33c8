/** MetaImage: attached (.mha) and detached (.mhd), raw, zlib and text. */
import { InputError } from '../../errors.ts';
import { besides, enough, gunzipTo, type ImageSource, type OpenedImage, plausible, trailing } from '../image/source.ts';
import { checkSpread, openSpread } from '../image/spread-files.ts';
import { textNumbers } from '../image/text-numbers.ts';
import { bytesOfVoxels, type VoxelLayout, voxelsOf } from '../image/voxels.ts';
import { isGzip } from '../packed/gunzip.ts';
import { joined } from '../packed/joined.ts';
import { unzlib } from '../packed/unzlib.ts';
import { type MetaImageHeader, metaImageHeader } from './header.ts';

export async function openMetaImage(source: ImageSource): Promise<OpenedImage> {
  const { name } = source;
  const header = metaImageHeader(source.bytes, name);
  const [width, height = 1, depth = 1, frames = 1] = header.sizes;
  const layout: VoxelLayout = {
    type: header.type,
    bigEndian: header.bigEndian && !header.text,
    shape: [frames, header.channels, depth, height, width],
    axes: ['c', 'x', 'y', 'z', 't'],
    slope: header.slope,
    intercept: header.intercept,
  };
  const size = bytesOfVoxels(layout);
  const stored = await storedOf(source, header, size);
  const plain = !header.text && !header.compressed;
  if (plain) enough(name, stored, size);
  return {
    header: {
      shape: [depth, height, width],
      affine: header.affine,
      placed: header.placed,
      frames,
      channels: header.channels,
      dimensions: header.sizes.length <= 2 ? 2 : 3,
      stored: { format: 'MetaImage', type: header.type, slope: header.slope, intercept: header.intercept },
      warnings: [...header.warnings, ...trailing(name, plain ? stored.length - size : 0)],
    },
    data: async () => voxelsOf(await unpacked(source, stored, header, layout, size), layout, name),
  };
}

/** The bytes of the numbers, in one piece; behind them there may be others. */
async function storedOf(source: ImageSource, header: MetaImageHeader, size: number): Promise<Uint8Array> {
  const { name } = source;
  const { dataFile, end, sizes, text, compressed } = header;
  if (dataFile === undefined) return source.bytes.subarray(end);
  if (typeof dataFile === 'string') return afterHeader(await besides(source, dataFile), header, size, name);
  if (text || compressed) {
    const expected = 'binary numbers as they are';
    throw new InputError({ where: name, what: 'many data files that are text or packed', expected });
  }
  checkSpread(dataFile, sizes, name);
  const each = size / dataFile.names.length;
  const parts = (await openSpread(dataFile, source)).map((file) => {
    const bytes = enough(file.name, afterHeader(file.bytes, header, each, file.name), each);
    return bytes.subarray(0, each);
  });
  return joined(parts);
}

function afterHeader(file: Uint8Array, { headerSize, compressed }: MetaImageHeader, size: number, where: string) {
  if (headerSize === 0) return file;
  if (headerSize === -1 && !compressed) return enough(where, file, size).subarray(file.length - size);
  if (Number.isInteger(headerSize) && headerSize > 0) return file.subarray(headerSize);
  throw new InputError({ where, what: 'HeaderSize is no number to skip', got: `${headerSize}` });
}

async function unpacked(
  source: ImageSource,
  stored: Uint8Array,
  { text, compressed, compressedSize, type }: MetaImageHeader,
  { shape }: VoxelLayout,
  size: number,
): Promise<Uint8Array> {
  const { name } = source;
  let bytes = stored;
  if (compressed) {
    if (compressedSize !== undefined && Number.isInteger(compressedSize) && compressedSize > 0) {
      enough(name, stored, compressedSize);
      bytes = stored.subarray(0, compressedSize);
    }
    if (isGzip(bytes)) return gunzipTo(source, bytes, size);
    plausible(name, bytes.length, size);
    return enough(name, await unzlib(bytes, name, size), size);
  }
  return text
    ? textNumbers(
        bytes,
        type,
        shape.reduce((a, b) => a * b, 1),
        name,
      )
    : bytes;
}

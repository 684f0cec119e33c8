/** NRRD, attached (.nrrd) and detached (.nhdr): raw, gzip, bzip2, ascii and hex. */

import { InputError } from '../../errors.ts';
import { checkedSizes } from '../image/place.ts';
import { besides, enough, gunzipTo, type ImageSource, type OpenedImage, trailing } from '../image/source.ts';
import { checkSpread, openSpread } from '../image/spread-files.ts';
import { textNumbers } from '../image/text-numbers.ts';
import { bytesOfType, bytesOfVoxels, type VoxelAxis, type VoxelLayout, voxelsOf } from '../image/voxels.ts';
import { bunzip2 } from '../packed/bzip2.ts';
import { joined } from '../packed/joined.ts';
import { nrrdAxes } from './axes.ts';
import { type NrrdHeader, nrrdHeader } from './header.ts';

export async function openNrrd(source: ImageSource): Promise<OpenedImage> {
  const { name } = source;
  const header = nrrdHeader(source.bytes, name);
  checkedSizes(header.sizes, name, 'sizes');
  const { axes, affine, placed, warnings } = nrrdAxes(header, name);
  const size = (axis: VoxelAxis) => (axes.includes(axis) ? header.sizes[axes.indexOf(axis)] : 1);
  const layout: VoxelLayout = {
    type: header.type,
    bigEndian: header.bigEndian,
    shape: [size('t'), size('c'), size('z'), size('y'), size('x')],
    axes,
    slope: 1,
    intercept: 0,
  };
  const files = await filesOf(source, header);
  const bytes = bytesOfVoxels(layout) / files.length;
  const raw = header.encoding === 'raw';
  if (raw) for (const file of files) enough(file.name, file.bytes, bytes + Math.max(0, header.byteSkip));
  const after = raw && header.byteSkip >= 0 ? files[0].bytes.length - header.byteSkip - bytes : 0;
  return {
    header: {
      shape: [size('z'), size('y'), size('x')],
      affine,
      placed,
      frames: size('t'),
      channels: size('c'),
      dimensions: axes.includes('z') ? 3 : 2,
      stored: { format: 'NRRD', type: header.type, slope: 1, intercept: 0 },
      warnings: [...warnings, ...trailing(name, after)],
    },
    data: async () => {
      const parts: Uint8Array[] = [];
      for (const file of files) parts.push(await unpacked(file, header, bytes));
      return voxelsOf(parts.length > 1 ? joined(parts) : parts[0], layout, name);
    },
  };
}

/** Those with the numbers, from where they (or what is packed) begin. */
async function filesOf(source: ImageSource, { dataFile, end, lineSkip, sizes }: NrrdHeader): Promise<ImageSource[]> {
  const { name } = source;
  let files: ImageSource[];
  if (dataFile === undefined) files = [{ ...source, bytes: source.bytes.subarray(end) }];
  else if (typeof dataFile === 'string') files = [{ ...source, bytes: await besides(source, dataFile) }];
  else {
    checkSpread(dataFile, sizes, name);
    files = await openSpread(dataFile, source);
  }
  return files.map((file) => ({ ...file, bytes: afterLines(file.bytes, lineSkip, file.name) }));
}

function afterLines(bytes: Uint8Array, many: number, where: string): Uint8Array {
  let at = 0;
  for (let i = 0; i < many; i++) {
    at = bytes.indexOf(0x0a, at) + 1;
    if (at === 0)
      throw new InputError({ where, what: 'the file ends inside the lines to skip', expected: `${many} lines` });
  }
  return bytes.subarray(at);
}

/** @returns as many bytes as `size`, of numbers in the byte order that the header says */
async function unpacked(
  source: ImageSource,
  { encoding, byteSkip, type }: NrrdHeader,
  size: number,
): Promise<Uint8Array> {
  const { name, bytes: packed } = source;
  if (encoding === 'ascii') return textNumbers(packed, type, size / bytesOfType(type), name);
  if (encoding === 'hex') return hexBytes(packed, size, name);
  const skip = Math.max(0, byteSkip);
  let plain = packed;
  if (encoding === 'gzip') plain = await gunzipTo(source, packed, size + skip);
  if (encoding === 'bzip2') plain = enough(name, bunzip2(packed, name, size + skip), size + skip);
  const at = byteSkip < 0 ? plain.length - size : byteSkip;
  return plain.subarray(at, at + size);
}

function hexBytes(text: Uint8Array, size: number, where: string): Uint8Array {
  enough(where, text, 2 * size);
  const out = new Uint8Array(size);
  let digits = 0;
  for (const code of text) {
    if (code <= 32) continue;
    const digit = Number.parseInt(String.fromCharCode(code), 16);
    if (Number.isNaN(digit)) {
      throw new InputError({
        where,
        what: 'a character that is no hexadecimal digit',
        got: JSON.stringify(String.fromCharCode(code)),
      });
    }
    if (digits < 2 * size) out[digits >> 1] |= digits & 1 ? digit : digit << 4;
    digits++;
  }
  if (digits >= 2 * size) return out;
  throw new InputError({
    where,
    what: 'the file ends inside its image',
    expected: `${2 * size} digits`,
    got: `${digits}`,
  });
}

/**
 * PNG (ISO/IEC 15948). Read here and not by `fast-png`, which takes what a cut file lacks for zeros, mistakes interlaced images of
 * less than 8 bits, tests no checksum of the pixels, and unpacks whatever comes out.
 */
import { identityAffine } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { checkedSizes } from '../image/place.ts';
import { enough, type ImageSource, type OpenedImage, plausible, trailing } from '../image/source.ts';
import type { VolumeWarning } from '../image/volume.ts';
import { voxelsOf } from '../image/voxels.ts';
import { joined } from '../packed/joined.ts';
import { unzlib } from '../packed/unzlib.ts';
import { type PngForm, rawSize, samplesOf } from './pixels.ts';

interface Png extends PngForm {
  /** Three numbers a colour. */
  readonly palette: Uint8Array | undefined;
  readonly packed: Uint8Array;
  readonly warnings: readonly VolumeWarning[];
}

export async function openPng({ bytes, name }: ImageSource): Promise<OpenedImage> {
  const png = parsed(bytes, name);
  const { width, height, depth, samples, palette } = png;
  const size = rawSize(png);
  plausible(name, png.packed.length, size);
  const grey = palette?.every((value, i) => value === palette[i - (i % 3)]);
  const channels = palette ? (grey ? 1 : 3) : samples;
  return {
    header: {
      shape: [1, height, width],
      affine: identityAffine(),
      placed: false,
      frames: 1,
      channels,
      dimensions: 2,
      stored: {
        format: 'PNG',
        type: depth === 16 ? 'uint16' : depth === 1 && !palette ? 'bit' : 'uint8',
        slope: 1,
        intercept: 0,
      },
      warnings: png.warnings,
    },
    data: async () => {
      const raw = samplesOf(enough(name, await unzlib(png.packed, name, size), size), png, name);
      const values = palette ? coloured(raw, palette, channels, name) : raw;
      const type = depth === 16 ? 'uint16' : 'uint8';
      const shape = [1, channels, 1, height, width] as const;
      return voxelsOf(values, { type, bigEndian: true, shape, axes: ['c', 'x', 'y'], slope: 1, intercept: 0 }, name);
    },
  };
}

function coloured(places: Uint8Array, palette: Uint8Array, channels: number, where: string): Uint8Array {
  const out = new Uint8Array(places.length * channels);
  const colours = palette.length / 3;
  for (let i = 0; i < places.length; i++) {
    if (places[i] >= colours) {
      throw new InputError({
        where,
        what: 'a pixel outside the palette',
        expected: `${colours} colours`,
        got: `${places[i]}`,
      });
    }
    for (let c = 0; c < channels; c++) out[i * channels + c] = palette[places[i] * 3 + c];
  }
  return out;
}

function parsed(bytes: Uint8Array, where: string): Png {
  let form: (PngForm & { readonly indexed: boolean; readonly alpha: boolean }) | undefined;
  let palette: Uint8Array | undefined;
  const packed: Uint8Array[] = [];
  const warnings: VolumeWarning[] = [];
  const warn = (code: string, message: string) => warnings.push({ code, message: `${where}: ${message}` });
  let end = 0;
  for (const { type, data, next } of chunks(bytes, where)) {
    if (!form && type !== 'IHDR') throw broken(where, `${type} before its header`);
    if (type === 'IHDR') form = formOf(data, where);
    else if (type === 'PLTE') palette = data;
    else if (type === 'IDAT') packed.push(data);
    else if (type === 'IEND') end = next;
    else if (type === 'tRNS')
      warn('transparency', 'some of its colours are said to be transparent; they are read as any other');
    else if (type === 'acTL') warn('animation', 'the first picture of an animation is read');
    else if (/^[A-Z]/.test(type)) throw broken(where, `a chunk ${type} that cannot be passed over`);
  }
  if (!form || packed.length === 0) throw broken(where, 'no pixels');
  if (form.alpha) warn('alpha', 'its last channel is opacity');
  const { indexed } = form;
  if (indexed && (!palette || palette.length === 0 || palette.length % 3 > 0)) throw broken(where, 'no palette');
  warnings.push(...trailing(where, bytes.length - end));
  return { ...form, palette: indexed ? palette : undefined, packed: joined(packed), warnings };
}

function broken(where: string, got: string): InputError {
  return new InputError({ where, what: 'broken PNG file', expected: 'a whole one', got });
}

/** Up to IEND, each with its checksum tested. */
function* chunks(bytes: Uint8Array, where: string): Generator<{ type: string; data: Uint8Array; next: number }> {
  const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  if (!signature.every((code, i) => bytes[i] === code)) throw broken(where, 'other first bytes');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const next = at + 12 + length;
    if (next > bytes.length) throw broken(where, `one that ends inside its chunk ${JSON.stringify(type)}`);
    if (crc32(bytes.subarray(at + 4, next - 4)) !== view.getUint32(next - 4)) {
      throw broken(where, `another checksum of its chunk ${JSON.stringify(type)}`);
    }
    yield { type, data: bytes.subarray(at + 8, next - 4), next };
    if (type === 'IEND') return;
    at = next;
  }
  throw broken(where, 'one that ends before its last chunk');
}

function formOf(data: Uint8Array, where: string): PngForm & { indexed: boolean; alpha: boolean } {
  if (data.length !== 13) throw broken(where, `a header of ${data.length} bytes`);
  const view = new DataView(data.buffer, data.byteOffset, 13);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  checkedSizes([width, height], where, 'image');
  const [depth, colour, compression, filter, interlace] = data.subarray(8);
  const samples = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }[colour];
  const depths = colour === 0 ? [1, 2, 4, 8, 16] : colour === 3 ? [1, 2, 4, 8] : [8, 16];
  if (!samples || !depths.includes(depth) || compression !== 0 || filter !== 0 || interlace > 1) {
    throw broken(where, `colour type ${colour} of ${depth} bits, packing ${compression}, ${filter}, ${interlace}`);
  }
  return { width, height, depth, samples, interlaced: interlace === 1, indexed: colour === 3, alpha: colour >= 4 };
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 255];
  return ~crc >>> 0;
}

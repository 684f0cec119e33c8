/** JPEG of 8 bits, baseline and progressive, by `jpeg-js`; what it lets pass is tested before. */
import { identityAffine } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { checkedSizes } from '../image/place.ts';
import { type ImageSource, type OpenedImage, trailing } from '../image/source.ts';
import type { VolumeWarning } from '../image/volume.ts';
import { voxelsOf } from '../image/voxels.ts';
import { tiffFile } from '../tiff/directory.ts';

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Whether three components are luminance and chrominance, as they mostly are, and not red, green and blue. */
  readonly chrominance: boolean;
  /** Of rows and columns, as a camera's Exif tells it; 1 where they are as they should be shown. */
  readonly orientation: number;
  /** Where the picture ends. */
  readonly end: number;
}

/** A block of 8 x 8 takes a bit at least. */
const mostPixelsAByte = 512;

export async function openJpeg({ bytes, name }: ImageSource): Promise<OpenedImage> {
  const { width, height, components, chrominance, orientation, end } = jpegFrame(bytes, name);
  checkedSizes([width, height], name, 'image');
  if (components !== 1 && components !== 3) {
    const expected = '1 or 3, grey or colour';
    throw new InputError({
      where: name,
      what: 'its number of components cannot be read',
      expected,
      got: `${components}`,
    });
  }
  return {
    header: {
      shape: [1, height, width],
      affine: identityAffine(),
      placed: false,
      frames: 1,
      channels: components,
      dimensions: 2,
      stored: { format: 'JPEG', type: 'uint8', slope: 1, intercept: 0 },
      warnings: [...turned(name, orientation), ...trailing(name, bytes.length - end)],
    },
    data: async () => {
      const rgb = await decodedJpeg(bytes.subarray(0, end), chrominance, name);
      if (rgb.length !== width * height * 3) throw broken(name, 'another size than its header says');
      const values = components === 3 ? rgb : everyThird(rgb); // grey comes three times
      const shape = [1, components, 1, height, width] as const;
      return voxelsOf(
        values,
        { type: 'uint8', bigEndian: false, shape, axes: ['c', 'x', 'y'], slope: 1, intercept: 0 },
        name,
      );
    },
  };
}

function everyThird(values: Uint8Array): Uint8Array {
  const out = new Uint8Array(values.length / 3);
  for (let i = 0; i < out.length; i++) out[i] = values[3 * i];
  return out;
}

/** Red, green and blue of each pixel, of grey thrice the same. */
export async function decodedJpeg(bytes: Uint8Array, chrominance: boolean, where: string): Promise<Uint8Array> {
  const { default: jpeg } = await import('jpeg-js');
  try {
    // By itself it takes red, green and blue for luminance and chrominance where Adobe's marker says they are not.
    const kind = chrominance ? {} : { colorTransform: false };
    const options = { useTArray: true, formatAsRGBA: false, tolerantDecoding: false, ...kind } as const;
    return jpeg.decode(bytes, { ...options, maxResolutionInMP: 256, maxMemoryUsageInMB: 4096 }).data;
  } catch (cause) {
    throw broken(where, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function broken(where: string, got: string, cause?: unknown): InputError {
  return new InputError({ where, what: 'broken JPEG file', expected: 'a whole one', got, cause });
}

/** Walks the markers to the end of the picture: a file without its last marker is cut. */
export function jpegFrame(bytes: Uint8Array, where: string): Frame {
  let frame: Omit<Frame, 'orientation' | 'end'> | undefined;
  let adobe: number | undefined;
  let orientation = 1;
  let scans = 0;
  for (let at = 2; at + 1 < bytes.length; ) {
    if (bytes[at] !== 0xff) throw broken(where, `no marker at byte ${at}`);
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xd9) {
      if (!frame || scans === 0) throw broken(where, 'no picture');
      const { width, height } = frame;
      if (width * height > bytes.length * mostPixelsAByte)
        throw broken(where, `${width} x ${height} in ${bytes.length} bytes`);
      return { ...frame, chrominance: adobe === undefined ? frame.chrominance : adobe !== 0, orientation, end: at + 2 };
    }
    const length = at + 3 < bytes.length ? (bytes[at + 2] << 8) | bytes[at + 3] : 0;
    if (length < 2 || at + 2 + length > bytes.length) throw broken(where, 'one that ends inside a segment');
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      if (frame) throw broken(where, 'two frames');
      frame = frameHeader(bytes.subarray(at + 4, at + 2 + length), marker, where);
    }
    const isAdobe =
      marker === 0xee && length >= 14 && String.fromCharCode(...bytes.subarray(at + 4, at + 9)) === 'Adobe';
    if (marker === 0xe1) orientation = exifOrientation(bytes.subarray(at + 4, at + 2 + length)) ?? orientation;
    if (isAdobe) adobe = bytes[at + 15];
    at += 2 + length;
    if (marker !== 0xda) continue;
    scans++;
    while (at + 1 < bytes.length && !(bytes[at] === 0xff && bytes[at + 1] !== 0 && (bytes[at + 1] & 0xf8) !== 0xd0))
      at++;
  }
  throw broken(where, 'one that ends before its last marker');
}

/** Exif is a TIFF without an image; what cannot be read of it says nothing. */
function exifOrientation(segment: Uint8Array): number | undefined {
  if (String.fromCharCode(...segment.subarray(0, 6)) !== 'Exif\0\0') return undefined;
  try {
    return tiffFile(segment.subarray(6), '').directories[0].numbers(274)[0];
  } catch {
    return undefined;
  }
}

function turned(name: string, orientation: number): VolumeWarning[] {
  if (orientation === 1) return [];
  const message = `${name}: orientation ${orientation} of its rows and columns is not applied`;
  return [{ code: 'orientation', message }];
}

function frameHeader(data: Uint8Array, marker: number, where: string): Omit<Frame, 'orientation' | 'end'> {
  if (data.length < 6) throw broken(where, 'a frame header that is too short');
  const bits = data[0];
  if (marker > 0xc2 || bits !== 8) {
    const kind = marker === 0xc3 ? 'lossless' : marker > 0xc2 ? `frame type ${marker - 0xc0}` : 'of';
    const expected = 'baseline or progressive, of 8 bits';
    throw new InputError({ where, what: 'a kind of JPEG that cannot be read', expected, got: `${kind} ${bits} bits` });
  }
  const names = String.fromCharCode(data[6], data[9], data[12]);
  return {
    height: (data[1] << 8) | data[2],
    width: (data[3] << 8) | data[4],
    components: data[5],
    chrominance: names !== 'RGB',
  };
}

/**
 * JPEG 2000 (ISO 15444-1; Taubman 2000): lossless and lossy, of any number of tiles, layers, precincts and orders. Written
 * here, so that it is read everywhere, strictly and in bounds. Regions of interest, raw passes, packed headers and components
 * of different sizes, which DICOM does not use, are refused.
 */

import { joined } from '../../packed/joined.ts';
import { readBlock } from './blocks.ts';
import { brokenJ2k, type J2kSize, type J2kTilePart, j2kStream, outOfBoxes } from './markers.ts';
import { readPackets } from './packets.ts';
import { type Band, type Tile, type TileComponent, tileOf } from './tiles.ts';
import { finer, type Plane } from './wavelets.ts';

export interface Jpeg2000Image {
  /** `[components, height, width]` */
  readonly values: Int32Array;
  /** Whether the stream says that its numbers have signs. */
  readonly signed: boolean;
  /** Whether colours were transformed, so that they are red, green and blue now. */
  readonly colourTransform: boolean;
}

interface FrameSize {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  readonly precision: number;
}

/**
 * @param check is told the size before anything is allocated
 * @throws InputError where the stream is cut, contradicts itself, or uses what is not read
 */
export function jpeg2000(packed: Uint8Array, where: string, check: (frame: FrameSize) => void): Jpeg2000Image {
  const bytes = outOfBoxes(packed);
  const { size, parts, parameters } = j2kStream(bytes, where, (told) => checkSize(told, bytes.length, check, where));
  const [width, height] = [size.x1 - size.x0, size.y1 - size.y0];
  const values = new Int32Array(size.components.length * width * height);
  const tiles =
    Math.ceil((size.x1 - size.tileX0) / size.tileWidth) * Math.ceil((size.y1 - size.tileY0) / size.tileHeight);
  let colourTransform = false;
  const partsOf = new Map<number, J2kTilePart[]>();
  for (const part of parts) {
    const own = partsOf.get(part.tile);
    if (own) own.push(part);
    else partsOf.set(part.tile, [part]);
  }
  for (let index = 0; index < tiles; index++) {
    const own = partsOf.get(index);
    if (!own) throw brokenJ2k(where, `one without tile ${index + 1} of ${tiles}`);
    const data = joined(own.map(({ start, end }) => bytes.subarray(start, end)));
    const tile = tileOf(size, parameters(index), index, data.length, where);
    readPackets(tile, data, where);
    colourTransform = tile.parameters.colourTransform && size.components.length === 3;
    putTile(values, tile, size, where);
  }
  if (parts.some(({ tile }) => tile >= tiles)) throw brokenJ2k(where, 'a tile outside the image');
  return { values, signed: size.components[0].signed, colourTransform };
}

/** 8192 x 8192. */
const mostPixels = 2 ** 26;

/** Images above this many pixels must bring a byte for each 1024: a few bytes that claim a large image would take seconds. */
const freePixels = 2 ** 22;
const pixelsPerByte = 1024;

function checkSize(size: J2kSize, room: number, check: (frame: FrameSize) => void, where: string): void {
  const [width, height] = [size.x1 - size.x0, size.y1 - size.y0];
  const [{ precision, signed }] = size.components;
  if (size.components.some((one) => one.precision !== precision || one.signed !== signed)) {
    throw brokenJ2k(where, 'components of different precisions');
  }
  if (precision > 16) throw brokenJ2k(where, `a precision of ${precision} bits`);
  check({ width, height, components: size.components.length, precision });
  if (width * height > mostPixels) throw brokenJ2k(where, `${width} x ${height}, more than 2^26`);
  if (width * height > Math.max(freePixels, pixelsPerByte * room)) {
    throw brokenJ2k(where, `${room} bytes for ${width} x ${height} pixels`);
  }
  const tiles =
    Math.ceil((size.x1 - size.tileX0) / size.tileWidth) * Math.ceil((size.y1 - size.tileY0) / size.tileHeight);
  // Each has a header of 12 bytes.
  if (tiles * 12 > room) throw brokenJ2k(where, 'more tiles than there are bytes');
}

function putTile(values: Int32Array, tile: Tile, size: J2kSize, where: string): void {
  const planes = tile.components.map((component) => componentOf(component, where).data);
  const [{ reversible }] = tile.components.map(({ coding }) => coding);
  if (tile.parameters.colourTransform && planes.length >= 3) {
    if (tile.components.slice(0, 3).some(({ coding }) => coding.reversible !== reversible)) {
      throw brokenJ2k(where, 'colours that are coded in different ways');
    }
    if (reversible) wholeColours(planes);
    else fractionalColours(planes);
  }
  const [width, height] = [size.x1 - size.x0, size.y1 - size.y0];
  const across = tile.x1 - tile.x0;
  for (const [c, { precision, signed }] of size.components.entries()) {
    const shift = signed ? 0 : 2 ** (precision - 1);
    const [least, most] = signed ? [-(2 ** (precision - 1)), 2 ** (precision - 1) - 1] : [0, 2 ** precision - 1];
    for (let y = tile.y0; y < tile.y1; y++) {
      let to = (c * height + y - size.y0) * width + tile.x0 - size.x0;
      let from = (y - tile.y0) * across;
      for (let x = 0; x < across; x++) {
        values[to++] = Math.max(least, Math.min(most, Math.round(planes[c][from++]) + shift));
      }
    }
  }
}

function componentOf({ coding, resolutions }: TileComponent, where: string): Plane {
  const { reversible, style } = coding;
  const bandOf = (band: Band): Plane => {
    const length = Math.max(0, band.x1 - band.x0) * Math.max(0, band.y1 - band.y0);
    const data = reversible ? new Int32Array(length) : new Float32Array(length);
    for (const { blocks } of band.groups) {
      for (const block of blocks) readBlock(block, band, style, reversible, data, where);
    }
    return { x0: band.x0, y0: band.y0, x1: band.x1, y1: band.y1, data };
  };
  let image = bandOf(resolutions[0].bands[0]);
  for (const { bands, x0, y0, x1, y1 } of resolutions.slice(1)) {
    image = finer(image, bands.map(bandOf), { x0, y0, x1, y1 }, reversible);
  }
  return image;
}

/** G.2. */
function wholeColours([luma, blue, red]: readonly (Int32Array | Float32Array)[]): void {
  for (let i = 0; i < luma.length; i++) {
    const green = luma[i] - Math.floor((blue[i] + red[i]) / 4);
    const [r, b] = [red[i] + green, blue[i] + green];
    [luma[i], blue[i], red[i]] = [r, green, b];
  }
}

/** G.3. */
function fractionalColours([luma, blue, red]: readonly (Int32Array | Float32Array)[]): void {
  for (let i = 0; i < luma.length; i++) {
    const [y, cb, cr] = [luma[i], blue[i], red[i]];
    luma[i] = y + 1.402 * cr;
    blue[i] = y - 0.344136 * cb - 0.714136 * cr;
    red[i] = y + 1.772 * cb;
  }
}

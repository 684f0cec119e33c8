/** How a tile is cut up: resolutions, bands, precincts and code blocks (ISO 15444-1, annex B). */
import { brokenJ2k, type J2kCoding, type J2kParameters, type J2kQuantization, type J2kSize } from './markers.ts';
import { TagTree } from './tag-tree.ts';

export interface Box {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export interface CodeBlock extends Box {
  /** Bit planes, of those there may be, that hold nothing; told with the first of its data. */
  zeroPlanes: number;
  included: boolean;
  lengthBits: number;
  passes: number;
  readonly data: Uint8Array[];
}

/** Code blocks of one band in one precinct. */
export interface BlockGroup {
  readonly across: number;
  readonly blocks: readonly CodeBlock[];
  readonly inclusion: TagTree;
  readonly zeroPlanes: TagTree;
}

export interface Band extends Box {
  /** Horizontally high, vertically high. */
  readonly highX: 0 | 1;
  readonly highY: 0 | 1;
  /** Of magnitudes. */
  readonly bitPlanes: number;
  readonly step: number;
  readonly groups: readonly BlockGroup[]; // a precinct each
}

export interface Resolution extends Box {
  readonly bands: readonly Band[];
  /** Where precincts begin on the reference grid, in the order they are counted. */
  readonly precincts: readonly { readonly x: number; readonly y: number }[];
}

export interface TileComponent extends Box {
  readonly coding: J2kCoding;
  readonly resolutions: readonly Resolution[];
}

export interface Tile extends Box {
  readonly parameters: J2kParameters;
  readonly components: readonly TileComponent[];
}

/**
 * @param room bytes of the stream: a packet takes one at least, so that there are no more precincts than that
 * @throws InputError where there would be
 */
export function tileOf(size: J2kSize, parameters: J2kParameters, index: number, room: number, where: string): Tile {
  const across = Math.ceil((size.x1 - size.tileX0) / size.tileWidth);
  const [p, q] = [index % across, Math.floor(index / across)];
  const box = {
    x0: Math.max(size.tileX0 + p * size.tileWidth, size.x0),
    y0: Math.max(size.tileY0 + q * size.tileHeight, size.y0),
    x1: Math.min(size.tileX0 + (p + 1) * size.tileWidth, size.x1),
    y1: Math.min(size.tileY0 + (q + 1) * size.tileHeight, size.y1),
  };
  let left = Math.floor(room / parameters.layers);
  const components = size.components.map(({ precision }, c) => {
    const coding = parameters.codingOf.get(c) ?? parameters.coding;
    const quantization = parameters.quantizationOf.get(c) ?? parameters.quantization;
    if (!coding || !quantization) throw brokenJ2k(where, 'one without its way of coding');
    const resolutions = Array.from({ length: coding.levels + 1 }, (_, r) => {
      const made = resolutionOf(box, coding, r, left, where);
      left -= made.precincts.length;
      const bands = bandsOf(box, made, coding, quantization, r, precision, where);
      return { ...made.box, bands, precincts: made.precincts };
    });
    return { ...box, coding, resolutions };
  });
  return { ...box, parameters, components };
}

interface PrecinctGrid {
  readonly box: Box;
  readonly across: number;
  readonly down: number;
  /** The first precinct's number along each axis. */
  readonly firstX: number;
  readonly firstY: number;
  readonly precincts: readonly { x: number; y: number }[];
}

const ceilShift = (value: number, bits: number) => Math.ceil(value / 2 ** bits);
const floorShift = (value: number, bits: number) => Math.floor(value / 2 ** bits);

function resolutionOf(tile: Box, coding: J2kCoding, r: number, most: number, where: string): PrecinctGrid {
  const down = coding.levels - r;
  const box = {
    x0: ceilShift(tile.x0, down),
    y0: ceilShift(tile.y0, down),
    x1: ceilShift(tile.x1, down),
    y1: ceilShift(tile.y1, down),
  };
  const [width, height] = coding.precincts[r];
  const [firstX, firstY] = [floorShift(box.x0, width), floorShift(box.y0, height)];
  const across = box.x1 > box.x0 ? ceilShift(box.x1, width) - firstX : 0;
  const rows = box.y1 > box.y0 ? ceilShift(box.y1, height) - firstY : 0;
  if (across * rows > most) throw brokenJ2k(where, 'more precincts than there are bytes');
  const precincts: { x: number; y: number }[] = [];
  for (let py = 0; py < (across > 0 ? rows : 0); py++) {
    for (let px = 0; px < across; px++) {
      precincts.push({
        x: px === 0 ? tile.x0 : (firstX + px) * 2 ** (width + down),
        y: py === 0 ? tile.y0 : (firstY + py) * 2 ** (height + down),
      });
    }
  }
  return { box, across, down: rows, firstX, firstY, precincts };
}

function bandsOf(
  tile: Box,
  grid: PrecinctGrid,
  coding: J2kCoding,
  quantization: J2kQuantization,
  r: number,
  precision: number,
  where: string,
): Band[] {
  const kinds: readonly (readonly [0 | 1, 0 | 1])[] =
    r === 0
      ? [[0, 0]]
      : [
          [1, 0],
          [0, 1],
          [1, 1],
        ]; // prettier-ignore
  const level = r === 0 ? coding.levels : coding.levels - r + 1;
  const down = r === 0 ? 0 : 1;
  const [width, height] = coding.precincts[r].map((bits) => bits - down);
  return kinds.map(([highX, highY], i) => {
    const along = (value: number, high: 0 | 1) =>
      level === 0 ? value : Math.ceil((value - high * 2 ** (level - 1)) / 2 ** level);
    const box = {
      x0: along(tile.x0, highX),
      y0: along(tile.y0, highY),
      x1: along(tile.x1, highX),
      y1: along(tile.y1, highY),
    };
    const index = r === 0 ? 0 : 3 * (r - 1) + 1 + i;
    const told = quantization.steps[quantization.style === 1 ? 0 : index];
    if (!told) throw brokenJ2k(where, 'one without a quantization of each band');
    const exponent = quantization.style === 1 ? told.exponent - Math.max(0, r - 1) : told.exponent;
    const bitPlanes = quantization.guardBits + exponent - 1;
    if (bitPlanes > 31) throw brokenJ2k(where, 'numbers of more than 31 bits');
    const step = coding.reversible ? 1 : 2 ** (precision + highX + highY - exponent) * (1 + told.mantissa / 2048);
    const groups = grid.precincts.map((_, p) => {
      const [px, py] = [grid.firstX + (p % grid.across), grid.firstY + Math.floor(p / grid.across)];
      return blocksOf(
        {
          x0: Math.max(box.x0, px * 2 ** width),
          y0: Math.max(box.y0, py * 2 ** height),
          x1: Math.min(box.x1, (px + 1) * 2 ** width),
          y1: Math.min(box.y1, (py + 1) * 2 ** height),
        },
        Math.min(coding.blockWidth, width),
        Math.min(coding.blockHeight, height),
      );
    });
    return { ...box, highX, highY, bitPlanes, step, groups };
  });
}

function blocksOf(box: Box, width: number, height: number): BlockGroup {
  const empty = box.x1 <= box.x0 || box.y1 <= box.y0;
  const [left, top] = [floorShift(box.x0, width), floorShift(box.y0, height)];
  const across = empty ? 0 : ceilShift(box.x1, width) - left;
  const down = empty ? 0 : ceilShift(box.y1, height) - top;
  const blocks: CodeBlock[] = [];
  for (let y = 0; y < down; y++) {
    for (let x = 0; x < across; x++) {
      blocks.push({
        x0: Math.max(box.x0, (left + x) * 2 ** width),
        y0: Math.max(box.y0, (top + y) * 2 ** height),
        x1: Math.min(box.x1, (left + x + 1) * 2 ** width),
        y1: Math.min(box.y1, (top + y + 1) * 2 ** height),
        zeroPlanes: 0,
        included: false,
        lengthBits: 3,
        passes: 0,
        data: [],
      });
    }
  }
  return { across, blocks, inclusion: new TagTree(across, down), zeroPlanes: new TagTree(across, down) };
}

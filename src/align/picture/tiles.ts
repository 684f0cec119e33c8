/** Slices side by side: what all pictures of images share. */
import { type Grid, spacingMm } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import type { Volume } from '../../read/image/volume.ts';
import { checkGrid } from '../space/check-grid.ts';
import { checkWindow, type GreyWindow, greyOf, greyWindow } from './grey-window.ts';
import { letterHeight, textWidth, writeText } from './letters.ts';
import { blankPicture, type Picture, paste } from './picture.ts';
import { type Cut, cutOf, type Plane, planes as planeNames, scaledSlice, sliceOf } from './plane.ts';

export interface TileOptions {
  /** Default all three; of an image of one slice, or one that does not say where it stands, the first. */
  readonly planes?: readonly Plane[];
  /** Slices of each plane, evenly spaced; default 3. */
  readonly slices?: number;
  /** Pixels of the longest side of a slice; default its voxels times a whole number, about 256. */
  readonly sidePx?: number;
  /** Default 0. */
  readonly frame?: number;
  /** Whether letters tell where the patient's right, left, front, back, head and feet are; default true. */
  readonly letters?: boolean;
}

/** One slice as it is shown. */
export interface TilePlace {
  readonly cut: Cut;
  readonly slice: number;
  readonly width: number;
  readonly height: number;
}

const gap = 4;

/** A row of the picture for each plane. */
export function placesOf(image: Grid & Pick<Volume, 'placed'>, options: TileOptions, where: string): TilePlace[][] {
  const { slices = 3, sidePx } = options;
  checkGrid(image, where);
  checkWhole(slices, 1, `${where}: slices`);
  if (sidePx !== undefined) checkWhole(sidePx, 8, `${where}: sidePx`);
  const { planes = image.placed ? planeNames : planeNames.slice(0, 1) } = options;
  if (planes.length === 0 || !planes.every((plane) => planeNames.includes(plane))) {
    const expected = `one or more of ${planeNames.join(', ')}`;
    throw new InputError({ where: `${where}: planes`, what: 'unusable', expected, got: planes.join(', ') || 'none' });
  }
  const cuts = planes.map((plane) => cutOf(image, plane));
  const own = image.shape[0] === 1 ? cuts.slice(0, 1) : cuts;
  const pxPerMm = scaleOf(own, Math.min(...spacingMm(image).slice(0, image.shape[0] === 1 ? 2 : 3)), sidePx);
  return own.map((cut) => {
    const count = Math.min(slices, cut.slices);
    const px = (mm: number) => Math.max(1, Math.round(mm * pxPerMm));
    return Array.from({ length: count }, (_, at) => {
      const slice = Math.floor(((at + 0.5) / count) * cut.slices);
      return { cut, slice, width: px(cut.widthMm), height: px(cut.heightMm) };
    });
  });
}

/** One scale for all planes. */
function scaleOf(cuts: readonly Cut[], finestMm: number, sidePx: number | undefined): number {
  const longest = Math.max(...cuts.flatMap(({ widthMm, heightMm }) => [widthMm, heightMm]));
  if (sidePx !== undefined) return sidePx / longest;
  const natural = longest / finestMm;
  if (natural > 640) return 640 / longest;
  return Math.max(1, Math.round(256 / natural)) / finestMm;
}

/** @throws InputError on what is no whole number from the least to 4096 */
export function checkWhole(value: number, least: number, where: string): void {
  if (Number.isInteger(value) && value >= least && value <= 4096) return;
  const expected = `a whole number from ${least} to 4096`;
  throw new InputError({ where, what: 'unusable', expected, got: String(value) });
}

/** One frame and channel as greys of a place. */
export type GreyTiles = (place: TilePlace) => Uint8Array;

/** @throws InputError where there is no such frame or the window has no width */
export function greyTiles(
  volume: Volume,
  {
    frame = 0,
    channel = 0,
    window,
  }: { readonly frame?: number; readonly channel?: number; readonly window?: GreyWindow | undefined },
  where: string,
): GreyTiles {
  const { frames, channels, shape } = volume;
  checkBelow(frame, frames, `${where}: frame`);
  checkBelow(channel, channels, `${where}: channel`);
  if (window) checkWindow(window, `${where}: window`);
  const size = shape[0] * shape[1] * shape[2];
  const from = (frame * channels + channel) * size;
  const voxels = volume.data.subarray(from, from + size);
  const shown = window ?? greyWindow(volume, { frame, channel });
  return ({ cut, slice, width, height }) =>
    greyOf(scaledSlice(sliceOf(voxels, volume, cut, slice), width, height).data, shown);
}

function checkBelow(value: number, count: number, where: string): void {
  if (Number.isInteger(value) && value >= 0 && value < count) return;
  throw new InputError({ where, what: 'there is none', expected: `a whole number below ${count}`, got: String(value) });
}

/** Lays tiles out; a row with many slices is broken into lines about as wide as high. */
export function tiled(
  rows: readonly (readonly TilePlace[])[],
  channels: 1 | 3,
  tile: (place: TilePlace) => Uint8Array,
  letters = true,
): Picture {
  const lines = rows.length > 1 ? rows : broken(rows[0]);
  const widthOf = (line: readonly TilePlace[]) => line.reduce((sum, { width }) => sum + width + gap, -gap);
  const heightOf = (line: readonly TilePlace[]) => Math.max(...line.map(({ height }) => height));
  const height = lines.reduce((sum, line) => sum + heightOf(line) + gap, -gap);
  const picture = blankPicture(Math.max(...lines.map(widthOf)), height, channels, lines.flat().length > 1 ? 48 : 0);
  let top = 0;
  for (const line of lines) {
    let left = 0;
    for (const place of line) {
      const { width: wide, height: high } = place;
      const part: Picture = { width: wide, height: high, channels, data: tile(place) };
      if (letters) label(part, place.cut);
      paste(picture, part, left, top);
      left += wide + gap;
    }
    top += heightOf(line) + gap;
  }
  return picture;
}

function broken(places: readonly TilePlace[]): TilePlace[][] {
  const [{ width, height }] = places;
  const wanted = Math.max(1, Math.round(Math.sqrt((places.length * height * 1.5) / width)));
  const blanks = (across: number) => (across - (places.length % across)) % across;
  const across = [wanted, wanted + 1, wanted - 1, wanted + 2]
    .filter((one) => one >= 1)
    .reduce((best, one) => (blanks(one) < blanks(best) ? one : best));
  const lines: TilePlace[][] = [];
  for (let at = 0; at < places.length; at += across) lines.push(places.slice(at, at + across));
  return lines;
}

/** Letters of the four edges, where there is room. */
function label(part: Picture, { edges }: Cut): void {
  const { width, height } = part;
  if (!edges || Math.min(width, height) < 40) return;
  const dot = Math.min(width, height) >= 160 ? 2 : 1;
  const [wide, high, rim] = [textWidth('R', dot), letterHeight * dot, 2 * dot];
  const [middle, halfway] = [Math.round((width - wide) / 2), Math.round((height - high) / 2)];
  writeText(part, edges.left, rim, halfway, { dot });
  writeText(part, edges.right, width - rim - wide, halfway, { dot });
  writeText(part, edges.top, middle, rim, { dot });
  writeText(part, edges.bottom, middle, height - rim - high, { dot });
}

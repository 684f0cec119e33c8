/** Two images of one grid in one picture: whether edges of one go on in the other. */
import type { Volume } from '../../read/image/volume.ts';
import { checkSameGrid } from '../space/same-grid.ts';
import type { GreyWindow } from './grey-window.ts';
import { interleaved } from './montage.ts';
import type { Picture } from './picture.ts';
import { checkWhole, type GreyTiles, greyTiles, placesOf, type TileOptions, type TilePlace, tiled } from './tiles.ts';

export interface PairOptions extends TileOptions {
  /** Of the first image; default `greyWindow` of its own. */
  readonly window?: GreyWindow;
  /** Of the second image; default `greyWindow` of its own. */
  readonly otherWindow?: GreyWindow;
  /** Of both; default 0. */
  readonly channel?: number;
}

export interface CheckerboardOptions extends PairOptions {
  /** Squares along the longer side of a slice; default 8. */
  readonly squares?: number;
}

/**
 * Squares of the first image and of the second in turn: where they are aligned, edges run on across the squares.
 *
 * @throws InputError where the images are not on one grid, and by the option's name
 */
export function checkerboard(first: Volume, second: Volume, options: CheckerboardOptions = {}): Picture {
  const { squares = 8 } = options;
  checkWhole(squares, 1, 'checkerboard: squares');
  return ofPair(first, second, options, 'checkerboard', 1, (a, b, { width, height }) => {
    const side = Math.max(1, Math.round(Math.max(width, height) / squares));
    return a.map((grey, at) => {
      const odd = (Math.floor((at % width) / side) + Math.floor(Math.floor(at / width) / side)) % 2;
      return odd ? b[at] : grey;
    });
  });
}

/**
 * The first image in green, the second in red and blue: grey where both are as bright, green or magenta where one is brighter.
 *
 * @throws InputError as `checkerboard`
 */
export function overlay(first: Volume, second: Volume, options: PairOptions = {}): Picture {
  return ofPair(first, second, options, 'overlay', 3, (a, b) => interleaved([b, a, b]));
}

/**
 * The first image less the second, each in its window: middle grey where they are equal. Of images of one contrast only; those
 * of two differ everywhere, aligned or not.
 *
 * @throws InputError as `checkerboard`
 */
export function difference(first: Volume, second: Volume, options: PairOptions = {}): Picture {
  return ofPair(first, second, options, 'difference', 1, (a, b) =>
    a.map((grey, at) => 128 + Math.trunc((grey - b[at]) / 2)),
  );
}

function ofPair(
  first: Volume,
  second: Volume,
  options: PairOptions,
  where: string,
  channels: 1 | 3,
  together: (a: Uint8Array, b: Uint8Array, place: TilePlace) => Uint8Array,
): Picture {
  checkSameGrid([
    { grid: first, name: `${where}: the first image` },
    { grid: second, name: `${where}: the second image` },
  ]);
  const { window, otherWindow, letters = true, frame = 0, channel = 0 } = options;
  const places = placesOf(first, options, where);
  const tilesOf = (volume: Volume, shown: GreyWindow | undefined): GreyTiles =>
    greyTiles(
      volume,
      { frame: volume.frames > 1 ? frame : 0, channel: volume.channels > 1 ? channel : 0, window: shown },
      where,
    );
  const [a, b] = [tilesOf(first, window), tilesOf(second, otherWindow)];
  return tiled(places, channels, (place) => together(a(place), b(place), place), letters);
}

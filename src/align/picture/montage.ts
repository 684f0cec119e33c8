/** Slices of an image on one sheet. */
import type { Volume } from '../../read/image/volume.ts';
import type { GreyWindow } from './grey-window.ts';
import type { Picture } from './picture.ts';
import { greyTiles, placesOf, type TileOptions, tiled } from './tiles.ts';

export interface MontageOptions extends TileOptions {
  /** Default: `greyWindow`, or 0 to 255 of colour. */
  readonly window?: GreyWindow;
  /** Default 0; of red, green and blue bytes all, in colour. */
  readonly channel?: number;
}

/**
 * Evenly spaced slices, a row for each plane, at their true proportions in millimetres, with letters that tell directions. The
 * patient's right is on the left. Slices are those of the image's own axes.
 *
 * @throws InputError by the option's name
 */
export function montage(volume: Volume, options: MontageOptions = {}): Picture {
  const { channel, frame = 0, window, letters = true } = options;
  const places = placesOf(volume, options, 'montage');
  const isColour = channel === undefined && volume.channels >= 3 && volume.data instanceof Uint8Array;
  if (!isColour)
    return tiled(places, 1, greyTiles(volume, { frame, channel: channel ?? 0, window }, 'montage'), letters);
  const shown = window ?? { low: 0, high: 255 };
  const parts = [0, 1, 2].map((one) => greyTiles(volume, { frame, channel: one, window: shown }, 'montage'));
  return tiled(places, 3, (place) => interleaved(parts.map((part) => part(place))), letters);
}

/** Red, green and blue of each pixel beside each other. */
export function interleaved([red, green, blue]: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(3 * red.length); // [pixels, 3]
  for (let at = 0; at < red.length; at++) {
    out[3 * at] = red[at];
    out[3 * at + 1] = green[at];
    out[3 * at + 2] = blue[at];
  }
  return out;
}

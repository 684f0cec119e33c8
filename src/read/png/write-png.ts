/** PNG, by `fast-png`. */
import { encode } from 'fast-png';
import { InputError } from '../../errors.ts';

export interface PngPicture {
  readonly width: number;
  readonly height: number;
  /** Grey, grey and opacity, RGB, RGB and opacity. */
  readonly channels: 1 | 2 | 3 | 4;
  /** `[height, width, channels]`, of 8 or 16 bits. */
  readonly data: Uint8Array | Uint16Array;
}

/**
 * The same bytes for the same picture; its `Software` is told as Consilience.
 *
 * @throws InputError where the data have another length than the picture, and on more than four channels
 */
export function writePng({ width, height, channels, data }: PngPicture): Uint8Array {
  if (!(Number.isInteger(channels) && channels >= 1 && channels <= 4)) {
    throw new InputError({ where: 'writePng: channels', what: 'unusable', expected: '1 to 4', got: `${channels}` });
  }
  const many = width * height * channels;
  if (!(Number.isInteger(width) && Number.isInteger(height) && many > 0) || data.length !== many) {
    const got = `${data.length} numbers for ${width} x ${height} x ${channels}`;
    throw new InputError({ where: 'writePng', what: 'data of another length', expected: `${many}`, got });
  }
  const depth = data instanceof Uint16Array ? 16 : 8;
  return encode({ width, height, channels, data, depth, text: { Software: 'Consilience' } });
}

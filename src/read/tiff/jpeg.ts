/** JPEG inside TIFF (Adobe's Technical Note 2): a picture in each strip or tile, their shared tables in a tag. */
import { InputError } from '../../errors.ts';
import { decodedJpeg, jpegFrame } from '../jpeg/jpeg.ts';

/**
 * @param tables of the tag JPEGTables: a JPEG file without a picture
 * @param chrominance whether its three components are luminance and chrominance; they come as red, green and blue
 * @returns `[height, width, samples]`
 */
export async function unpackJpeg(
  packed: Uint8Array,
  tables: Uint8Array | undefined,
  chrominance: boolean,
  { width, height, samples }: { readonly width: number; readonly height: number; readonly samples: number },
  where: string,
): Promise<Uint8Array> {
  const whole = tables && tables.length > 4 ? withTables(packed, tables) : packed;
  const frame = jpegFrame(whole, where);
  if (frame.width !== width || frame.height < height || frame.components !== samples) {
    const expected = `${width} x ${height} of ${samples} samples`;
    const got = `${frame.width} x ${frame.height} of ${frame.components}`;
    throw new InputError({ where, what: 'a strip or tile of JPEG is another than its TIFF says', expected, got });
  }
  const rgb = await decodedJpeg(whole.subarray(0, frame.end), chrominance, where);
  const step = samples === 1 ? 3 : 1; // grey comes three times
  const out = new Uint8Array(width * height * samples);
  for (let i = 0; i < out.length; i++) out[i] = rgb[i * step];
  return out;
}

/** Start, tables, and what follows the picture's own start. */
function withTables(packed: Uint8Array, tables: Uint8Array): Uint8Array {
  const head = tables.subarray(0, tables.length - 2);
  const out = new Uint8Array(head.length + packed.length - 2);
  out.set(head);
  out.set(packed.subarray(2), head.length);
  return out;
}

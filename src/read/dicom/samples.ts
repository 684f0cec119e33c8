/** From bits as they are packed to the numbers they stand for: overlays masked away, signs extended, colours apart. */

import type { VolumeData } from '../image/volume.ts';
import { emptyValues } from '../image/voxels.ts';
import { type DicomLayout, samplesOf, storedTypeOf } from './layout.ts';

type Whole = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

export function emptySamples(layout: DicomLayout, length: number): VolumeData {
  return emptyValues(storedTypeOf(layout), length);
}

/**
 * Takes BitsStored bits below HighBit, and the sign where they have one (PS3.5, 8.1.1).
 *
 * @param values of BitsAllocated bits, or as many as a codec gives; altered in place where they are of the stored type
 * @returns whether there was anything else in the other bits, such as an overlay of old
 */
export function unpackBits(values: Whole, out: Whole, { bitsStored, highBit, signed }: DicomLayout): boolean {
  const shift = highBit + 1 - bitsStored;
  const unused = 32 - bitsStored;
  let others = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const bits = (value >>> shift) << unused;
    const kept = signed ? bits >> unused : bits >>> unused;
    out[i] = kept;
    if (out[i] !== value) others = true;
  }
  return others;
}

/**
 * The numbers of one frame, colours apart: `[channels, rows, columns]`.
 *
 * @param mixed three numbers a pixel, one after another
 */
export function coloursApart<T extends VolumeData>(mixed: T, { planar, samples }: DicomLayout, out: T): T {
  if (samples === 1 || planar) {
    out.set(mixed as never);
    return out;
  }
  const pixels = mixed.length / samples;
  for (let c = 0; c < samples; c++) {
    for (let i = 0, from = c, to = c * pixels; i < pixels; i++, from += samples) out[to++] = mixed[from];
  }
  return out;
}

/** Pairs of pixels share their colour (Y1 Y2 Cb Cr): each gets its own. */
export function full422(halved: Uint8Array, layout: DicomLayout): Uint8Array {
  const out = new Uint8Array(samplesOf(layout));
  for (let from = 0, to = 0; to < out.length; from += 4, to += 6) {
    const [y1, y2, cb, cr] = [halved[from], halved[from + 1], halved[from + 2], halved[from + 3]];
    out[to] = y1;
    out[to + 1] = out[to + 4] = cb;
    out[to + 2] = out[to + 5] = cr;
    out[to + 3] = y2;
  }
  return out;
}

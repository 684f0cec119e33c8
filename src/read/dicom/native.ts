/** Pixels that are not packed (PS3.5, 8.1 and 8.2): 1, 8, 16 and 32 bits, of either byte order, and 32 and 64 bit floats. */
import { InputError } from '../../errors.ts';
import type { VolumeData, VolumeWarning } from '../image/volume.ts';
import { valuesOf } from '../image/voxels.ts';
import type { DicomElement } from './elements.ts';
import { type DicomLayout, samplesOf, storedTypeOf } from './layout.ts';
import { coloursApart, emptySamples, full422, unpackBits } from './samples.ts';

export interface DicomSamples {
  /** `[frames, channels, rows, columns]`, of the stored type. */
  readonly data: VolumeData;
  readonly layout: DicomLayout;
  readonly warnings: readonly VolumeWarning[];
}

/** @throws InputError where there are fewer bytes than the header tells of, or two contradict one another */
export function nativeSamples(
  bytes: Uint8Array,
  { start, end, vr }: DicomElement,
  layout: DicomLayout,
  bigEndian: boolean,
  where: string,
): DicomSamples {
  const warnings: VolumeWarning[] = [];
  const halved = layout.photometric === 'YBR_FULL_422' && end - start < byteCount(layout, false);
  const size = byteCount(layout, halved);
  if (halved && (layout.columns % 2 || layout.bitsAllocated !== 8 || layout.planar)) {
    const expected = 'an even number of columns, 8 bits, colours together';
    throw new InputError({ where, what: 'YBR_FULL_422 that cannot be', expected });
  }
  if (end - start < size) {
    const { frames, rows, columns, samples, bitsAllocated } = layout;
    const what = 'its pixels are fewer than its header says';
    const got = `${end - start}`;
    const parts = `${columns} x ${rows}${frames > 1 ? ` x ${frames} frames` : ''}${samples > 1 ? ` x ${samples}` : ''}`;
    throw new InputError({ where, what, expected: `${size} bytes (${parts} of ${bitsAllocated} bits)`, got });
  }
  if (end - start > size + (size % 2)) {
    const message = `${where}: ${end - start - size} bytes after the pixels are not read`;
    warnings.push({ code: 'trailing-bytes', message });
  }
  let pixels = bytes.subarray(start, start + size);
  if (bigEndian && vr === 'OW' && layout.bitsAllocated <= 8) pixels = wordsSwapped(bytes.subarray(start, end), size);
  if (halved) return { data: halvedColours(pixels, layout), layout: { ...layout, photometric: 'YBR_FULL' }, warnings };
  if (layout.bitsAllocated === 1) return { data: bitsOf(pixels, layout), layout, warnings };
  const values = valuesOf(pixels, storedTypeOf(layout), bigEndian, where);
  return finished(values, layout, warnings, where);
}

/** Masks bits and parts colours, of numbers as they are allocated. */
export function finished(
  values: VolumeData,
  layout: DicomLayout,
  warnings: VolumeWarning[],
  where: string,
): DicomSamples {
  if (!layout.float && layout.bitsStored < layout.bitsAllocated) {
    const whole = values as Exclude<VolumeData, Float32Array | Float64Array>;
    if (unpackBits(whole, whole, layout)) {
      const message = `${where}: bits beside the ${layout.bitsStored} stored ones are not read`;
      warnings.push({ code: 'masked-bits', message });
    }
  }
  if (layout.samples === 1 || layout.planar) return { data: values, layout, warnings };
  const size = samplesOf(layout);
  const data = emptySamples(layout, values.length);
  for (let at = 0; at < values.length; at += size) {
    coloursApart(values.subarray(at, at + size), layout, data.subarray(at, at + size));
  }
  return { data, layout, warnings };
}

function byteCount(layout: DicomLayout, halved: boolean): number {
  const numbers = halved ? layout.rows * layout.columns * 2 : samplesOf(layout);
  return Math.ceil((layout.frames * numbers * layout.bitsAllocated) / 8);
}

/** Bytes in words of the other byte order stand the other way round. */
function wordsSwapped(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  for (let i = 0; i < size; i++) out[i] = bytes[i ^ 1] ?? 0;
  return out;
}

/** The lowest bit of a byte comes first; frames follow without a gap. */
function bitsOf(bytes: Uint8Array, layout: DicomLayout): Uint8Array {
  const out = new Uint8Array(layout.frames * samplesOf(layout));
  for (let i = 0; i < out.length; i++) out[i] = (bytes[i >> 3] >> (i & 7)) & 1;
  return out;
}

function halvedColours(pixels: Uint8Array, layout: DicomLayout): Uint8Array {
  const size = samplesOf(layout);
  const out = new Uint8Array(layout.frames * size);
  for (let f = 0; f < layout.frames; f++) {
    const frame = pixels.subarray(f * (size / 3) * 2, (f + 1) * (size / 3) * 2);
    coloursApart(full422(frame, layout), layout, out.subarray(f * size, (f + 1) * size));
  }
  return out;
}

/** Pixels that are packed: run lengths, JPEG, JPEG-LS and JPEG 2000, a frame at a time, each held against the header. */
import { InputError } from '../../errors.ts';
import type { VolumeData, VolumeWarning } from '../image/volume.ts';
import type { DicomElement } from './elements.ts';
import { framesOf } from './fragments.ts';
import { dctJpeg } from './jpeg/dct.ts';
import { losslessJpeg } from './jpeg/lossless.ts';
import { jpegLs } from './jpeg/ls.ts';
import { type JpegFrame, jpegStream } from './jpeg/markers.ts';
import { jpeg2000 } from './jpeg-2000/jpeg-2000.ts';
import { type DicomLayout, samplesOf } from './layout.ts';
import { type DicomSamples, finished } from './native.ts';
import { rleSegments } from './rle.ts';
import { emptySamples, unpackBits } from './samples.ts';
import type { DicomCoding } from './syntax.ts';

/** Colours apart, as a codec gives them. */
interface Decoded {
  readonly values: Uint16Array | Int32Array;
  /** Where the stream itself says that its numbers have signs: they have them already. */
  readonly signed?: boolean;
  readonly photometric?: string;
}

/** Of all frames, before room is made for them: 2^30 are 4000 slices of 512 x 512. */
const mostNumbers = 2 ** 30;

/** @throws InputError where a frame is cut, altered, or of another size than the header says */
export function packedSamples(
  bytes: Uint8Array,
  { fragments }: DicomElement,
  layout: DicomLayout,
  coding: Exclude<DicomCoding, 'native'>,
  where: string,
): DicomSamples {
  if (!fragments) throw new InputError({ where, what: 'its pixels are not packed, as its transfer syntax says' });
  if (layout.float || layout.bitsAllocated === 1) {
    throw new InputError({
      where,
      what: 'packed pixels of a kind that cannot be',
      got: `${layout.bitsAllocated} bits`,
    });
  }
  const frames = framesOf(bytes, fragments, layout.frames, where);
  if (coding === 'rle') return runLengths(frames, layout, where);
  const size = samplesOf(layout);
  if (frames.length * size > mostNumbers) {
    const expected = `at most ${mostNumbers} numbers`;
    throw new InputError({ where, what: 'too large', expected, got: `${frames.length} frames of ${size}` });
  }
  const warnings: VolumeWarning[] = [];
  let made = layout;
  let data: VolumeData | undefined;
  for (const [f, frame] of frames.entries()) {
    const whereFrame = frames.length > 1 ? `${where}, frame ${f + 1}` : where;
    const { values, signed = false, photometric = layout.photometric } = decoded(frame, layout, coding, whereFrame);
    if (f === 0) made = { ...layout, signed: layout.signed || signed, photometric };
    data ??= emptySamples(made, frames.length * size);
    const out = data.subarray(f * size, (f + 1) * size) as Int32Array;
    if (!signed) unpackBits(values, out, layout);
    else if (made.signed) out.set(values);
    else
      throw new InputError({ where: whereFrame, what: 'its numbers have signs, and those of frames before have none' });
  }
  if (made.signed !== layout.signed) {
    const message = `${where}: its packed numbers have signs, though its header says that they have none`;
    warnings.push({ code: 'signed-pixels', message });
  }
  const apart = /^YBR_(FULL|PARTIAL)/.test(made.photometric) ? 'YBR_FULL' : made.photometric;
  return { data: data as VolumeData, layout: { ...made, photometric: apart }, warnings };
}

function decoded(
  bytes: Uint8Array,
  layout: DicomLayout,
  coding: Exclude<DicomCoding, 'native' | 'rle'>,
  where: string,
): Decoded {
  if (coding === 'jpeg-2000') {
    const image = jpeg2000(bytes, where, (frame) => checkFrame(frame, layout, where));
    // Streams differ from their headers here; the stream is what the numbers were written with.
    const { values, signed } = image;
    return { values, signed, ...(image.colourTransform && { photometric: 'RGB' }) };
  }
  const stream = jpegStream(bytes, where);
  const { frame } = stream;
  checkFrame({ ...frame, components: frame.components.length }, layout, where);
  const kinds = { jpeg: [0xc0, 0xc1], 'jpeg-lossless': [0xc3], 'jpeg-ls': [0xf7] }[coding];
  if (!kinds.includes(frame.kind)) {
    const got = `JPEG of kind ${frame.kind.toString(16)}`;
    throw new InputError({ where, what: 'its pixels are packed otherwise than its transfer syntax says', got });
  }
  const decode = { jpeg: dctJpeg, 'jpeg-lossless': losslessJpeg, 'jpeg-ls': jpegLs }[coding];
  return { values: decode(bytes, stream, where) };
}

/** @throws InputError where the stream is of another size than the header; before anything is allocated */
function checkFrame(
  { width, height, components, precision }: Pick<JpegFrame, 'width' | 'height' | 'precision'> & { components: number },
  layout: DicomLayout,
  where: string,
): void {
  const { columns, rows, samples, bitsAllocated } = layout;
  if (width !== columns || height !== rows || components !== samples) {
    const what = 'its packed image has another size than its header says';
    const expected = `${columns} x ${rows} x ${samples}`;
    throw new InputError({ where, what, expected, got: `${width} x ${height} x ${components}` });
  }
  if (precision > bitsAllocated) {
    const expected = `at most ${bitsAllocated}`;
    throw new InputError({ where, what: 'its packed numbers have too many bits', expected, got: `${precision}` });
  }
}

/** Bytes of a number come in planes, the highest first; colours are apart already. */
function runLengths(frames: readonly Uint8Array[], layout: DicomLayout, where: string): DicomSamples {
  const size = samplesOf(layout);
  const bytesEach = layout.bitsAllocated / 8;
  const pixels = layout.rows * layout.columns;
  const packed = frames.reduce((sum, { length }) => sum + length, 0);
  if (frames.length * size * bytesEach > packed * 64) {
    throw new InputError({ where, what: 'broken run lengths', expected: 'enough bytes', got: `${packed}` });
  }
  const data = emptySamples({ ...layout, signed: false }, frames.length * size) as Uint32Array;
  for (const [f, frame] of frames.entries()) {
    const whereFrame = frames.length > 1 ? `${where}, frame ${f + 1}` : where;
    const planes = rleSegments(frame, layout.samples * bytesEach, pixels, whereFrame);
    for (let c = 0; c < layout.samples; c++) {
      for (let i = 0; i < pixels; i++) {
        let value = 0;
        for (let b = 0; b < bytesEach; b++) value = value * 256 + planes[(c * bytesEach + b) * pixels + i];
        data[f * size + c * pixels + i] = value;
      }
    }
  }
  const values = layout.signed ? emptySamples(layout, data.length) : data;
  if (values !== data) values.set(data); // the same bits, with a sign
  return finished(values, { ...layout, planar: true }, [], where);
}

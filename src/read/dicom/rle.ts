/** DICOM's run lengths (PS3.5, annex G): a segment for each byte of each sample, the highest byte first. */
import { InputError } from '../../errors.ts';

const headerSize = 64;

/**
 * One frame.
 *
 * @param segments bytes a sample times samples a pixel
 * @returns planes of bytes, one after another, as the segments stand: `[segments, pixels]`
 * @throws InputError where a segment gives fewer bytes than there are pixels, or more
 */
export function rleSegments(frame: Uint8Array, segments: number, pixels: number, where: string): Uint8Array {
  const what = 'broken run lengths';
  if (frame.length < headerSize) throw new InputError({ where, what, expected: '64 bytes of header' });
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const told = view.getUint32(0, true);
  if (told !== segments) throw new InputError({ where, what, expected: `${segments} segments`, got: `${told}` });
  // Two bytes give at most 128.
  if (segments * pixels > (frame.length - headerSize) * 64) {
    throw new InputError({ where, what, expected: `${segments * pixels} bytes`, got: `${frame.length} packed ones` });
  }
  const out = new Uint8Array(segments * pixels);
  for (let s = 0; s < segments; s++) {
    const start = view.getUint32(4 + 4 * s, true);
    const end = s + 1 < segments ? view.getUint32(8 + 4 * s, true) : frame.length;
    if (!(start >= headerSize && start <= end && end <= frame.length)) {
      throw new InputError({ where, what, expected: 'segments one after another', got: `${start} to ${end}` });
    }
    const made = unpacked(frame, start, end, out.subarray(s * pixels, (s + 1) * pixels));
    if (made !== pixels) {
      throw new InputError({ where, what, expected: `${pixels} bytes of segment ${s + 1}`, got: `${made}` });
    }
  }
  return out;
}

/** How many bytes there are; those beyond `out` are not written, only counted. */
function unpacked(bytes: Uint8Array, start: number, end: number, out: Uint8Array): number {
  let to = 0;
  for (let at = start; at < end && to < out.length; ) {
    const count = bytes[at++];
    if (count < 128) {
      const many = Math.min(count + 1, end - at);
      if (to + many > out.length) return to + count + 1;
      out.set(bytes.subarray(at, at + many), to);
      at += many;
      to += many;
    } else if (count > 128) {
      const many = 257 - count;
      if (at >= end) return to;
      if (to + many > out.length) return to + many;
      out.fill(bytes[at++], to, to + many);
      to += many;
    }
  }
  return to;
}

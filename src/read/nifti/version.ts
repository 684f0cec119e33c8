/** Which NIfTI a file is, by the length of its header. */

/** 348 or 540, in one byte order or the other, at the start of what may be NIfTI. */
export function niftiVersion(bytes: Uint8Array): { version: 1 | 2; bigEndian: boolean } | undefined {
  if (bytes.length < 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const bigEndian of [false, true]) {
    const size = view.getInt32(0, !bigEndian);
    if (size === 348) return { version: 1, bigEndian };
    if (size === 540) return { version: 2, bigEndian };
  }
  return undefined;
}

/** What kind of image a file is: by its first bytes, and by its name only where those tell nothing. */
import { niftiVersion } from './nifti/version.ts';

export type ImageFormat = 'nifti' | 'mgh' | 'nrrd' | 'metaimage' | 'png' | 'tiff' | 'jpeg' | 'dicom';

/** @param bytes the first of the file, unpacked: a thousand will do */
export function imageFormat(bytes: Uint8Array, name: string): ImageFormat | undefined {
  return byContent(bytes) ?? byName(name);
}

function byContent(bytes: Uint8Array): ImageFormat | undefined {
  const starts = (...codes: number[]) => codes.every((code, i) => bytes[i] === code);
  // First, since what stands before the mark is free, and may be the start of a TIFF that is the same image (PS3.10, 7.1).
  if (String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM') return 'dicom';
  if (starts(0x89, 0x50, 0x4e, 0x47)) return 'png';
  if (starts(0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(0x49, 0x49, 0x2a, 0) || starts(0x4d, 0x4d, 0, 0x2a)) return 'tiff';
  if (starts(0x49, 0x49, 0x2b, 0) || starts(0x4d, 0x4d, 0, 0x2b)) return 'tiff'; // BigTIFF
  if (starts(0x4e, 0x52, 0x52, 0x44)) return 'nrrd';
  if (niftiVersion(bytes)) return 'nifti';
  if (isMetaImage(bytes)) return 'metaimage';
  return isMgh(bytes) ? 'mgh' : undefined;
}

const endings: readonly (readonly [RegExp, ImageFormat])[] = [
  [/\.(nii|hdr|img)(\.gz)?$/i, 'nifti'],
  [/\.(mgh|mgz)$/i, 'mgh'],
  [/\.(nrrd|nhdr)$/i, 'nrrd'],
  [/\.(mha|mhd)$/i, 'metaimage'],
  [/\.png$/i, 'png'],
  [/\.tiff?$/i, 'tiff'],
  [/\.jpe?g$/i, 'jpeg'],
  [/\.(dcm|ima)$/i, 'dicom'],
];

function byName(name: string): ImageFormat | undefined {
  return endings.find(([ending]) => ending.test(name))?.[1];
}

/** A text of keys and values, some of which MetaImage must have. */
function isMetaImage(bytes: Uint8Array): boolean {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 1024));
  return /^\s*[\w|.]+[ \t]*[=:]/.test(start) && /^(ObjectType|NDims|DimSize|ElementType)[ \t]*[=:]/m.test(start);
}

/** By what can be told: version 1, sizes, a type and a flag that make sense. */
function isMgh(bytes: Uint8Array): boolean {
  if (bytes.length < 30) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, 30);
  const sizes = [4, 8, 12, 16].map((at) => view.getInt32(at));
  const type = view.getInt32(20);
  return view.getInt32(0) === 1 && sizes.every((size) => size > 0) && type >= 0 && type <= 10 && view.getInt16(28) <= 1;
}

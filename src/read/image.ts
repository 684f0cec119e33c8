/**
 * One door for images: NIfTI, MGH, NRRD, MetaImage, PNG, TIFF, JPEG and DICOM, told by their content. What a file does not hold
 * is never made up: whatever is cut, altered or contradicts itself is refused.
 */
import { InputError } from '../errors.ts';
import { besides, type Gunzip, gunzipStart, type ImageSource, type OpenedImage, type Sibling } from './image/source.ts';
import type { Volume, VolumeHeader } from './image/volume.ts';
import { type ImageFormat, imageFormat } from './image-format.ts';
import { isGzip } from './packed/gunzip.ts';

export type { Gunzip, Sibling } from './image/source.ts';

export interface ImageOptions {
  /** The file's name, for messages, and for what its content does not tell. */
  readonly name: string;
  /** Gives the bytes of a file beside it, for formats of two files (.hdr and .img, .nhdr, .mhd). Default: there is none. */
  readonly sibling?: Sibling;
  /** Unpacks gzip. Default by the platform's `DecompressionStream`; Node has a faster one. */
  readonly gunzip?: Gunzip;
}

/** @throws InputError that says where, what was expected and what came */
export async function readImage(bytes: Uint8Array, options: ImageOptions): Promise<Volume> {
  const { header, data } = await opened(bytes, options);
  return { ...header, data: await data() };
}

/**
 * What `readImage` says of a file but its numbers: grid, channels, frames, stored type, warnings. Of .nii.gz and .mgz only
 * the start is unpacked, so that grids of many files are compared cheaply; its checksum is not tested then. DICOM is read whole.
 *
 * @throws InputError
 */
export async function readImageHeader(bytes: Uint8Array, options: ImageOptions): Promise<VolumeHeader> {
  return (await opened(bytes, options)).header;
}

async function opened(bytes: Uint8Array, options: ImageOptions): Promise<OpenedImage> {
  // A Buffer's own `slice` and `subarray` differ from those of the class it extends.
  const plain = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  let source: ImageSource = { ...options, bytes: plain };
  const { name } = options;
  if (bytes.length === 0) throw new InputError({ where: name, what: 'the file is empty', expected: 'an image' });
  if (isGzip(plain) !== /\.(gz|mgz)$/i.test(name) && /\.(nii|hdr|img)\.gz$|\.mgz$/i.test(name)) {
    const got = 'a file that is not (rename it if it is not packed)';
    throw new InputError({ where: name, what: 'named as gzip', expected: 'a gzip file', got });
  }
  let start = isGzip(plain) ? await gunzipStart(source, 1024) : plain.subarray(0, 1024);
  if (/\.img(\.gz)?$/i.test(name) && !/^n[i+][12]/.test(magicOf(start))) {
    source = await headerBeside(source);
    start = isGzip(source.bytes) ? await gunzipStart(source, 1024) : source.bytes.subarray(0, 1024);
  }
  const format = imageFormat(start, source.name) ?? (await dicomWithoutMark(source.bytes));
  if (!format) throw unknown(name);
  if (isGzip(source.bytes) && format !== 'nifti' && format !== 'mgh') {
    throw new InputError({ where: name, what: `${format} inside gzip`, expected: 'the file unpacked' });
  }
  return open(source, format);
}

async function open(source: ImageSource, format: ImageFormat): Promise<OpenedImage> {
  switch (format) {
    case 'nifti':
      return (await import('./nifti/nifti.ts')).openNifti(source);
    case 'mgh':
      return (await import('./mgh/mgh.ts')).openMgh(source);
    case 'nrrd':
      return (await import('./nrrd/nrrd.ts')).openNrrd(source);
    case 'metaimage':
      return (await import('./metaimage/metaimage.ts')).openMetaImage(source);
    case 'png':
      return (await import('./png/png.ts')).openPng(source);
    case 'tiff':
      return (await import('./tiff/tiff.ts')).openTiff(source);
    case 'jpeg':
      return (await import('./jpeg/jpeg.ts')).openJpeg(source);
    case 'dicom': {
      const { data, ...header } = await (await import('./dicom/dicom.ts')).readDicom(source.bytes, {
        name: source.name,
      });
      return { header, data: async () => data };
    }
  }
}

/** Data sets saved by old programs begin with their first element, without the mark. */
async function dicomWithoutMark(bytes: Uint8Array): Promise<'dicom' | undefined> {
  return (await import('./dicom/file.ts')).isDicom(bytes) ? 'dicom' : undefined;
}

function magicOf(start: Uint8Array): string {
  const at = (from: number) => String.fromCharCode(...start.subarray(from, from + 3));
  return /^n[i+]1/.test(at(344)) ? at(344) : at(4);
}

/** Of a pair that is named by its numbers. */
async function headerBeside(source: ImageSource): Promise<ImageSource> {
  const header = source.name.replace(/img(\.gz)?$/i, (ending) =>
    ending.startsWith('I') ? ending.replace('IMG', 'HDR') : ending.replace('img', 'hdr'),
  );
  const bytes = await besides(source, header);
  const sibling: Sibling = async (name) => (name === source.name ? source.bytes : source.sibling?.(name));
  return { ...source, bytes, name: header, sibling };
}

function unknown(where: string): InputError {
  const expected = 'NIfTI, MGH, NRRD, MetaImage, PNG, TIFF, JPEG or DICOM';
  return new InputError({ where, what: 'no image of a known kind', expected });
}

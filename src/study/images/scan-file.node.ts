/** One scan on the disk: where it is, what messages call it, and which volume of its folder it is. */
import { basename } from 'node:path';
import { InputError } from '../../errors.ts';
import type { DicomFolderOptions } from '../../read/dicom/folder.node.ts';
import type { Volume, VolumeHeader } from '../../read/image/volume.ts';
import { readImageFile, readImageFileHeader } from '../../read/image-file.node.ts';

export interface ScanFile extends DicomFolderOptions {
  /** Of the file, or of the folder of its DICOM slices. */
  readonly path: string;
  /** What tells it from those of other subjects, such as `p01/t1.nii.gz` where each has a folder of their own. */
  readonly name: string;
}

export function readScan(scan: ScanFile): Promise<Volume> {
  return ofScan(scan, () => readImageFile(scan.path, chosen(scan)));
}

export function readScanHeader(scan: ScanFile): Promise<VolumeHeader> {
  return ofScan(scan, () => readImageFileHeader(scan.path, chosen(scan)));
}

function chosen({ series, part }: ScanFile): DicomFolderOptions {
  return { ...(series !== undefined && { series }), ...(part !== undefined && { part }) };
}

/** @throws InputError as the work does, told with the name of the scan */
export async function ofScan<T>({ path, name }: ScanFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { where, what, expected, got, cause } = error;
    const own = basename(path);
    throw new InputError({
      where: where.startsWith(own) ? `${name}${where.slice(own.length)}` : `${name}: ${where}`,
      what,
      ...(expected !== undefined && { expected }),
      ...(got !== undefined && { got }),
      cause,
    });
  }
}

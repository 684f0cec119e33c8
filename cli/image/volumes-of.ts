/** What a path holds: one image, or the series of a folder of DICOM slices. */
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { readDicom, readDicomVolumes, readImageFile, type Volume } from '../../src/index.ts';
import { checkFolderOf } from './together.ts';

export interface VolumesFlags {
  /** Of a folder, the one series that is read. */
  readonly series?: string;
  /** Whether all tags of DICOM are kept, those about the patient too. */
  readonly personal?: boolean;
}

export async function volumesOf(path: string, { series, personal = false }: VolumesFlags): Promise<readonly Volume[]> {
  const keep = personal ? 'all' : 'technical';
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) return readDicomVolumes(path, { keep, ...(series !== undefined && { series }) });
  if (series !== undefined) await checkFolderOf(path, '--series');
  const volume = await readImageFile(path);
  if (!personal || volume.stored.format !== 'DICOM') return [volume];
  return [await readDicom(await readFile(path), { name: basename(path), keep })];
}

/** What a path holds: one image, or the series of a folder of DICOM slices. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import {
  type DicomFileBytes,
  InputError,
  readDicom,
  readDicomSeries,
  readImageFile,
  type Volume,
} from '../../src/index.ts';

export interface VolumesFlags {
  /** Of a folder, the one series that is read. */
  readonly series?: string;
  /** Whether all tags of DICOM are kept, those about the patient too. */
  readonly personal?: boolean;
}

export async function volumesOf(path: string, { series, personal = false }: VolumesFlags): Promise<readonly Volume[]> {
  const keep = personal ? 'all' : 'technical';
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) {
    const files = await filesIn(path);
    if (files.length === 0)
      throw new InputError({ where: path, what: 'a folder without files', expected: 'DICOM slices' });
    return readDicomSeries(files, { keep, ...(series !== undefined && { series }) });
  }
  const volume = await readImageFile(path);
  if (!personal || volume.stored.format !== 'DICOM') return [volume];
  return [await readDicom(await readFile(path), { name: basename(path), keep })];
}

async function filesIn(folder: string): Promise<DicomFileBytes[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
  const files: DicomFileBytes[] = [];
  for (const name of names.sort()) files.push({ name, bytes: await readFile(join(folder, name)) });
  return files;
}

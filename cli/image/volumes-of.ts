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
  if (there?.isDirectory()) {
    const files = await filesIn(path);
    if (files.length === 0)
      throw new InputError({ where: path, what: 'a folder without files', expected: 'DICOM slices' });
    return readDicomSeries(files, { keep, where: path, ...(series !== undefined && { series }) });
  }
  if (series !== undefined) await checkFolderOf(path, '--series');
  const volume = await readImageFile(path);
  if (!personal || volume.stored.format !== 'DICOM') return [volume];
  return [await readDicom(await readFile(path), { name: basename(path), keep })];
}

async function filesIn(folder: string): Promise<DicomFileBytes[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  const files: DicomFileBytes[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const kind = await stat(path).catch(() => undefined); // of what a link leads to
    if (kind === undefined || kind.isFile()) files.push({ name, bytes: await bytesOf(path) });
  }
  return files;
}

async function bytesOf(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const got = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new InputError({ where: path, what: 'cannot be read', got, cause });
  }
}

/** A folder of DICOM files on the disk, as one volume. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { InputError } from '../../errors.ts';
import { fileBytes } from '../image/bytes.node.ts';
import { type DicomFileBytes, type DicomSeries, type DicomSeriesOptions, readDicomSeries } from './series.ts';

export interface DicomFolderOptions {
  /** Of a folder with several series, the SeriesInstanceUID of the one to read. Default: there must be but one. */
  readonly series?: string;
  /** Of a series that holds several volumes (echoes, magnitude and phase), which of them, as the refusal names them. */
  readonly part?: string;
}

/** @throws InputError where it holds no volume, or several and none is chosen */
export async function readDicomFolder(folder: string, { series, part }: DicomFolderOptions = {}): Promise<DicomSeries> {
  const where = basename(folder);
  const found = await readDicomVolumes(folder, { where, ...(series !== undefined && { series }) });
  const chosen = part === undefined ? found : found.filter((one) => one.part === part);
  if (chosen.length === 1) return chosen[0];
  const expected = part === undefined ? 'one, chosen by `series` and `part`' : `part ${JSON.stringify(part)}`;
  const what = chosen.length === 0 ? 'no such volume in the folder' : 'several volumes in the folder';
  throw new InputError({ where, what, expected, got: found.map(named).join('; ') });
}

/**
 * All volumes of a folder of DICOM files.
 *
 * @param options as of `readDicomSeries`; `where` is the folder by default
 * @throws InputError as `readDicomSeries`, and where a file cannot be read or there is none
 */
export async function readDicomVolumes(folder: string, options: DicomSeriesOptions = {}): Promise<DicomSeries[]> {
  const { where = folder } = options;
  const files = await filesIn(folder);
  if (files.length === 0) throw new InputError({ where, what: 'a folder without files', expected: 'DICOM slices' });
  return readDicomSeries(files, { ...options, where });
}

/** In the order of their names; neither folders in it, nor links to such, nor hidden files. One after another, since folders of thousands occur. */
async function filesIn(folder: string): Promise<DicomFileBytes[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  const files: DicomFileBytes[] = [];
  for (const name of names) {
    const path = join(folder, name);
    const kind = await stat(path).catch(() => undefined); // of what a link leads to
    if (kind === undefined || kind.isFile()) files.push({ name, bytes: await fileBytes(path) });
  }
  return files;
}

function named({ seriesInstanceUid, part, shape, frames }: DicomSeries): string {
  const [depth, height, width] = shape;
  const size = `${width} x ${height} x ${depth}${frames > 1 ? ` x ${frames} frames` : ''}`;
  return `series ${seriesInstanceUid ?? 'without a UID'}${part === undefined ? '' : `, part ${JSON.stringify(part)}`} (${size})`;
}

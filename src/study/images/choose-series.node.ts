/** Which of the series of a folder of DICOM slices a scan is: the one of a number, or of a UID. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../errors.ts';
import { isDicom } from '../../read/dicom/file.ts';
import { openDicomImage } from '../../read/dicom/open.ts';
import { fileBytes } from '../../read/image/bytes.node.ts';
import { ofScan, type ScanFile } from './scan-file.node.ts';

/**
 * Scans whose series is told by its UID. A SeriesInstanceUID differs from subject to subject; the SeriesNumber is mostly that
 * of a protocol, and the same for all.
 *
 * @param part of a series of several volumes, as of `readImageFile`
 * @throws InputError where a series or a part is told of a file, and where a folder has no series of the number, or several
 */
export async function chooseSeries(
  files: readonly (ScanFile | undefined)[],
  part: string | undefined,
): Promise<(ScanFile | undefined)[]> {
  const chosen: (ScanFile | undefined)[] = [];
  for (const file of files) chosen.push(file && (await ofScan(file, () => withUid(file, part))));
  return chosen;
}

async function withUid(file: ScanFile, part: string | undefined): Promise<ScanFile> {
  const { path, name, series } = file;
  if (series === undefined && part === undefined) return file;
  const there = await stat(path).catch(() => undefined);
  if (!there) return file; // refused where it is read
  if (!there.isDirectory()) {
    const got = `a file, and ${series === undefined ? `part ${JSON.stringify(part)}` : `series ${series}`}`;
    throw new InputError({ where: name, what: 'no series to choose from', expected: 'a folder of DICOM slices', got });
  }
  const uid = series !== undefined && /^\d+$/.test(series) ? await uidOf(path, name, Number(series)) : series;
  return { path, name, ...(uid !== undefined && { series: uid }), ...(part !== undefined && { part }) };
}

async function uidOf(folder: string, name: string, wanted: number): Promise<string> {
  const numbers = new Map<string, number | undefined>();
  for (const file of (await readdir(folder, { withFileTypes: true })).filter((one) => !one.isDirectory())) {
    if (file.name.startsWith('.')) continue;
    const bytes = await fileBytes(join(folder, file.name));
    const image = isDicom(bytes) ? openDicomImage(bytes, file.name) : undefined;
    const uid = image?.dataSet.text('SeriesInstanceUID');
    if (image && uid !== undefined) numbers.set(uid, image.dataSet.number('SeriesNumber'));
  }
  const found = [...numbers].filter(([, number]) => number === wanted);
  if (found.length === 1) return found[0][0];
  const got = [...numbers].map(([uid, number]) => `${number ?? 'no number'} (${uid})`).sort();
  throw new InputError({
    where: name,
    what: found.length === 0 ? `no series of number ${wanted}` : `several series of number ${wanted}`,
    expected: 'one in the folder',
    got: got.join(', ') || 'no DICOM image with a series',
  });
}

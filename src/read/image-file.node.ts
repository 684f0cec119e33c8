/** Images from the disk: a file with those beside it, or a folder of DICOM slices. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../errors.ts';
import type { DicomFolderOptions } from './dicom/folder.node.ts';
import { fileBytes } from './image/bytes.node.ts';
import type { Volume, VolumeHeader } from './image/volume.ts';
import { type ImageOptions, readImage, readImageHeader } from './image.ts';
import { nodeGunzip } from './packed/image-gunzip.node.ts';

/**
 * A file of any kind `readImage` knows, or the one series of a folder of DICOM files (those in folders within it are not
 * read). Files that a header names are opened in its own folder only; a link that leads out of it is not followed.
 *
 * @throws InputError, for a folder also where it holds several volumes: it names them with their sizes
 */
export async function readImageFile(path: string, options: DicomFolderOptions = {}): Promise<Volume> {
  if (await isFolder(path)) return (await import('./dicom/folder.node.ts')).readDicomFolder(path, options);
  return readImage(await fileBytes(path), optionsOf(path));
}

/** What `readImageHeader` says of a file: its grid, without unpacking its numbers where the format lets it. */
export async function readImageFileHeader(path: string, options: DicomFolderOptions = {}): Promise<VolumeHeader> {
  if (await isFolder(path)) {
    const { data: _, ...header } = await readImageFile(path, options);
    return header;
  }
  return readImageHeader(await fileBytes(path), optionsOf(path));
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

function optionsOf(path: string): ImageOptions {
  return { name: basename(path), gunzip: nodeGunzip, sibling: (name) => besideFile(path, name) };
}

/** Undefined where there is none of that name. The name has been found to be bare. */
async function besideFile(path: string, name: string): Promise<Uint8Array | undefined> {
  const folder = dirname(path);
  const file = join(folder, name);
  try {
    const [home, real] = [await realpath(folder), await realpath(file)];
    if (dirname(real) !== home) {
      const what = 'its data file stands elsewhere and is not opened';
      throw new InputError({
        where: basename(path),
        what,
        expected: 'a file in the same folder',
        got: `a link, ${name}`,
      });
    }
    if (!(await stat(real)).isFile()) return undefined;
    return await readFile(real);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (cause instanceof InputError) throw cause;
    throw new InputError({ where: basename(path), what: 'its data file cannot be read', got: name, cause });
  }
}

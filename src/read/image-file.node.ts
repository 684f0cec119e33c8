/** Images from the disk: a file with those beside it, or a folder of DICOM slices. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../errors.ts';
import { type ImageOptions, readImage, readImageHeader } from './image.ts';
import { nodeGunzip } from './image-gunzip.node.ts';
import type { Volume, VolumeHeader } from './volume.ts';

/**
 * A file of any kind `readImage` knows. Files that it names are opened in its own folder only; a link that leads out of it
 * is not followed.
 *
 * @throws InputError
 */
export async function readImageFile(path: string): Promise<Volume> {
  return readImage(await contents(path), optionsOf(path));
}

/** What `readImageHeader` says of a file: its grid, without unpacking its numbers. */
export async function readImageFileHeader(path: string): Promise<VolumeHeader> {
  return readImageHeader(await contents(path), optionsOf(path));
}

function optionsOf(path: string): ImageOptions {
  return { name: basename(path), gunzip: nodeGunzip, sibling: (name) => besideFile(path, name) };
}

async function contents(path: string): Promise<Uint8Array> {
  const where = basename(path);
  try {
    return await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new InputError({ where, what: 'no such file', got: path, cause });
    if (code === 'EISDIR') throw new InputError({ where, what: 'a folder', expected: 'a file', got: path, cause });
    if (code === 'ERR_FS_FILE_TOO_LARGE') {
      throw new InputError({ where, what: 'too large', expected: 'at most 2 GiB', got: path, cause });
    }
    throw new InputError({ where, what: 'cannot be read', got: code ?? String(cause), cause });
  }
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

/** Of a folder, in order of their names, without folders in it and hidden files. */
export async function filesIn(folder: string): Promise<{ readonly name: string; readonly bytes: Uint8Array }[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map((entry) => entry.name);
  return Promise.all(names.sort().map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })));
}

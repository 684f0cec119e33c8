/** The bytes of a file on the disk, or a refusal in the words of the toolkit. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { InputError } from '../../errors.ts';

/** @throws InputError where there is no such file, or it cannot be read */
export async function fileBytes(path: string): Promise<Uint8Array> {
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

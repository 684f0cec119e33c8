import { mkdir, mkdtemp, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InputError } from '../errors.ts';

/**
 * Writes files into a folder all or nothing: first into a hidden folder inside it, then moved, so that nothing else need be
 * writable (the folder may be mounted). What an interruption leaves are the files as they were.
 *
 * @throws InputError where the system does not let it: no permission, no space, a folder of that name
 */
export async function writeAll(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<string[]> {
  const target = resolve(folder);
  const written: string[] = [];
  let made: string | undefined;
  let draft: string | undefined;
  try {
    made = await mkdir(target, { recursive: true });
    draft = await mkdtemp(join(target, '.consilience-'));
    for (const [name, content] of Object.entries(files)) await writeFile(join(draft, name), content);
    for (const name of Object.keys(files)) {
      await rename(join(draft, name), join(target, name));
      written.push(join(target, name));
    }
    return written;
  } catch (error) {
    throw notWritten(folder, error);
  } finally {
    if (draft !== undefined) await rm(draft, { recursive: true, force: true });
    if (made !== undefined && written.length === 0) await rmdir(target).catch(() => undefined);
  }
}

function notWritten(folder: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') return error;
  const expected = code === 'ENOSPC' ? 'space left to write into' : 'a folder that can be written';
  return new InputError({ where: folder, what: 'cannot be written', expected, got: message, cause: error });
}

import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { notWritten } from './not-written.ts';

/**
 * Writes a file whole or not at all: first beside it, then moved. What is no file, such as /dev/stdout or a pipe, is written
 * to and never replaced.
 *
 * @throws InputError where the system does not let it (no permission, no space, a file where a folder should be)
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const target = resolve(path);
  let draft: string | undefined;
  try {
    if (await isDevice(target)) {
      await writeFile(target, content);
      return;
    }
    await mkdir(dirname(target), { recursive: true });
    draft = await mkdtemp(join(dirname(target), '.consilience-'));
    await writeFile(join(draft, 'whole'), content);
    await rename(join(draft, 'whole'), target);
  } catch (error) {
    throw notWritten(path, error);
  } finally {
    if (draft !== undefined) await rm(draft, { recursive: true, force: true });
  }
}

async function isDevice(path: string): Promise<boolean> {
  const there = await stat(path).catch(() => undefined); // whatever is wrong is told when it is written
  return there !== undefined && !there.isFile() && !there.isDirectory();
}

import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { notWritten } from './not-written.ts';

/**
 * Writes a file whole or not at all: first beside it, then moved.
 *
 * @throws InputError where the system does not let it (no permission, no space, a file where a folder should be)
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const target = resolve(path);
  let draft: string | undefined;
  try {
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

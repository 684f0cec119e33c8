import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** Writes a file whole or not at all: first beside it, then moved. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const target = resolve(path);
  await mkdir(dirname(target), { recursive: true });
  const draft = join(dirname(target), `.consilience-${process.pid}-${basename(target)}`);
  try {
    await writeFile(draft, content, { flag: 'wx' });
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}

import { mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { InputError } from '../src/index.ts';

/** Refuses an output folder that cannot be one, before the long work. */
export async function checkFolder(folder: string): Promise<void> {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) return probe(path, folder);
    if (found) {
      const what = `${relative(process.cwd(), path)} is a file`;
      throw new InputError({ where: `--out ${folder}`, what, expected: 'a folder, or a name that is free' });
    }
    if (path === dirname(path)) return;
  }
}

/** Tries whether something can be written there. */
async function probe(existing: string, folder: string): Promise<void> {
  try {
    await rmdir(await mkdtemp(join(existing, '.consilience-')));
  } catch (cause) {
    const what = `cannot write there: ${(cause as Error).message}`;
    throw new InputError({ where: `--out ${folder}`, what, expected: 'a folder that can be written', cause });
  }
}

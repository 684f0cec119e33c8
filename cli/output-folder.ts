import { mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { OutputError } from './output-error.ts';

/**
 * Refuses an output folder that cannot be one, before the long work.
 *
 * @param where the option that named it, for messages
 */
export function checkFolder(folder: string, where = `--out ${folder}`): void {
  for (let path = resolve(folder); ; path = dirname(path)) {
    const found = there(path, where);
    if (found?.isDirectory()) {
      probe(path, where);
      return;
    }
    if (found) {
      const what = `${relative(process.cwd(), path)} is a file`;
      throw new OutputError({ where, what, expected: 'a folder, or a name that is free' });
    }
    if (path === dirname(path)) return;
  }
}

function there(path: string, where: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined; // said of the file above it
    throw refused(where, cause);
  }
}

/** Tries whether something can be written there. */
function probe(existing: string, where: string): void {
  try {
    rmdirSync(mkdtempSync(join(existing, '.consilience-')));
  } catch (cause) {
    throw refused(where, cause);
  }
}

function refused(where: string, cause: unknown): OutputError {
  const what = `cannot write there: ${(cause as Error).message}`;
  return new OutputError({ where, what, expected: 'a folder that can be written', cause });
}

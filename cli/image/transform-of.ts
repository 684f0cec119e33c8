import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { InputError, openTransform, type SpatialTransform } from '../../src/index.ts';

/** @throws InputError where the file cannot be read or is no transform */
export async function readTransform(path: string): Promise<SpatialTransform> {
  return openTransform(await textOf(path, 'a transform (.json or .tfm)'), basename(path));
}

/** @param expected what should be in it, for messages */
export async function textOf(path: string, expected: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'no such file' : 'cannot be read';
    throw new InputError({ where: basename(path), what, expected, got: path, cause });
  }
}

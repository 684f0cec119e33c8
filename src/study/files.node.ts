/** The files that a study names: paths relative to it, training and test parts put together. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { stackTables } from '../align/stack-tables.ts';
import { InputError } from '../errors.ts';
import { isParquet } from '../read/parquet/magic.ts';
import { type GeneSet, readGmt } from '../read/table/gmt.ts';
import { nearestNames } from '../read/table/nearest.ts';
import { readTable, type Table, type TableOptions } from '../read/table/table.ts';
import type { TableEntry } from './schema.ts';
import type { Part } from './splits.ts';

export type Files = string | { readonly train?: string | undefined; readonly test?: string | undefined };

/** Where a study stands: what its paths are relative to. */
export interface Place {
  readonly folder: string;
  /** The study file's name, for messages. */
  readonly file: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface PartedTable {
  readonly table: Table;
  /** The training and the test file, where the study names them apart. */
  readonly parts: readonly Part[];
}

/** @param where path in the study file, for messages */
export async function readParts(
  files: Files,
  options: Partial<TableEntry>,
  place: Place,
  where: string,
): Promise<PartedTable> {
  if (typeof files === 'string') return { table: await readOne(files, options, place, where), parts: [] };
  const tables: Table[] = [];
  const parts: Part[] = [];
  for (const role of ['train', 'test'] as const) {
    const path = files[role];
    if (path === undefined) continue;
    const table = await readOne(path, options, place, where);
    tables.push(table);
    parts.push({ role, name: table.name, ids: table.ids });
  }
  if (tables.length === 0) {
    const what = 'neither a training nor a test file';
    throw new InputError({ where: `${place.file}: ${where}.file`, what, expected: 'train, test or both' });
  }
  return { table: tables.reduce(stackTables), parts };
}

export async function readOne(
  path: string,
  options: Partial<TableEntry>,
  place: Place,
  where: string,
  more: Partial<TableOptions> = {},
): Promise<Table> {
  return readFileAs(filePath(path, place, where), options, `${place.file}: ${where}`, more);
}

/** Gene sets of a .gmt file, and its name without folders. */
export async function readGeneSets(
  path: string,
  place: Place,
  where: string,
): Promise<{ readonly sets: readonly GeneSet[]; readonly file: string }> {
  const full = filePath(path, place, where);
  const file = basename(full);
  return { sets: await readGmt(await bytesOf(full, `${place.file}: ${where}`), file), file };
}

export type HowRead = Omit<Partial<TableEntry>, 'missing'> & { readonly missing?: readonly string[] | undefined };

/** A table by what its file is: Parquet by its content or its name, else text. */
export async function readFileAs(
  file: string,
  { key, separator, encoding, orientation, missing }: HowRead,
  where: string,
  more: Partial<TableOptions> = {},
): Promise<Table> {
  const bytes = await bytesOf(file, where);
  const options = {
    name: basename(file),
    ...(key !== undefined && { key }),
    ...(orientation !== undefined && { orientation }),
    ...(missing !== undefined && { missing }),
    ...more,
  };
  if (isParquet(bytes) || /\.parquet$/i.test(file)) {
    for (const [option, value] of Object.entries({ separator, encoding })) {
      if (value === undefined) continue;
      throw new InputError({ where: `${where}.${option}`, what: 'means nothing to a Parquet file', got: value });
    }
    const { readParquet } = await import('../read/parquet/parquet.ts'); // only for whom it is
    return readParquet(bytes, options);
  }
  return readTable(bytes, {
    ...options,
    ...(separator !== undefined && { separator: separator === 'tab' ? '\t' : separator }),
    ...(encoding !== undefined && { encoding }),
  });
}

/** All files of an entry, as absolute paths. */
export function filePaths(files: Files, place: Place, where: string): string[] {
  const paths = typeof files === 'string' ? [files] : [files.train, files.test];
  return paths.filter((path) => path !== undefined).map((path) => filePath(path, place, where));
}

export function filePath(path: string, { folder, file, environment }: Place, where: string): string {
  const expanded = path.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = environment[name];
    if (value === undefined) {
      const what = `the path uses \${${name}}, which is not set`;
      throw new InputError({
        where: `${file}: ${where}`,
        what,
        expected: `an environment variable ${name}`,
        got: path,
      });
    }
    return value;
  });
  return resolve(folder, expanded);
}

/** @throws InputError with files of that folder that are named alike. */
export async function bytesOf(path: string, where: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EISDIR') throw new InputError({ where, what: 'a folder', expected: 'a file', got: path, cause });
    if (code !== 'ENOENT')
      throw new InputError({ where, what: 'cannot be read', expected: 'a file', got: message, cause });
    throw new InputError({ where, what: 'no such file', expected: await filesBeside(path), got: path, cause });
  }
}

async function filesBeside(path: string): Promise<string> {
  const entries = await readdir(dirname(path), { withFileTypes: true }).catch(() => undefined);
  if (!entries) return 'a file in a folder that is there';
  const near = nearestNames(
    basename(path),
    entries
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort(),
    3,
  );
  return near.length > 0 ? `a file that is there, such as ${near.join(', ')}` : 'a file that is there';
}

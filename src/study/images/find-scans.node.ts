/** Which file holds the scan of which subject: by a table that names them, or by a pattern of their names. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import { stackTables } from '../../align/stack-tables.ts';
import { textOf } from '../../describe/describe-table.ts';
import { InputError } from '../../errors.ts';
import type { Table } from '../../read/table.ts';
import { type HowRead, readFileAs } from '../files.node.ts';

export interface Scans {
  /** Ids of the subjects; its columns are not measurements. */
  readonly table: Table;
  /** The file of each row, or the folder of its DICOM slices; undefined where the table has no name there. */
  readonly paths: readonly (string | undefined)[]; // [rows]
}

const place = '{subject}';

export function isPattern(file: string): boolean {
  return file.includes(place);
}

/**
 * @param files absolute paths, each of a table or a pattern
 * @param column of a table, the one that names the scans, relative to its folder; default: the only one beside the key
 * @param where path in the study file, for messages
 */
export async function findScans(
  files: readonly string[],
  how: HowRead,
  column: string | undefined,
  where: string,
): Promise<{ readonly all: Scans; readonly each: readonly Scans[] }> {
  const each = await Promise.all(
    files.map((file) => (isPattern(file) ? matching(file, where) : listed(file, how, column, where))),
  );
  const table = each.map((one) => one.table).reduce(stackTables);
  return { all: { table, paths: each.flatMap(({ paths }) => paths) }, each };
}

async function listed(file: string, how: HowRead, column: string | undefined, where: string): Promise<Scans> {
  const table = await readFileAs(file, how, where);
  const names = table.columns.map(({ name }) => name);
  const chosen = column === undefined && table.columns.length === 1 ? table.columns[0] : undefined;
  const named = chosen ?? table.columns.find(({ name }) => name === column);
  if (!named) {
    const what = column === undefined ? 'which column names the scans?' : `no column "${column}"`;
    const expected = `images.column, one of ${names.slice(0, 10).join(', ') || 'none: the table has no column beside its key'}`;
    throw new InputError({ where: table.name, what, expected });
  }
  const folder = dirname(file);
  const paths = table.ids.map((_, row) => {
    const path = textOf(named, row);
    return path === undefined ? undefined : resolve(folder, path);
  });
  return { table: { ...table, columns: [] }, paths };
}

/** All files and folders that fit; the subject is what stands in the place of `{subject}`, alike wherever it stands. */
async function matching(pattern: string, where: string): Promise<Scans> {
  const segments = pattern.split(/[\\/]/);
  const fixed = segments.findIndex(isPattern);
  const found = new Map<string, string>();
  await walk(segments.slice(0, fixed).join(sep) || sep, segments.slice(fixed), undefined, (subject, path) => {
    found.set(subject, path);
  });
  if (found.size === 0) {
    const [holder, first] = [segments.slice(0, fixed).join('/'), segments[fixed]];
    const there = (await readdir(holder || sep).catch(() => [])).sort().slice(0, 3);
    const got = there.length > 0 ? `a folder that holds ${there.join(', ')}` : 'an empty folder, or none';
    throw new InputError({ where, what: 'no file fits the pattern', expected: `files like ${first}`, got });
  }
  const ids = [...found.keys()].sort();
  const table: Table = { name: basename(pattern), key: 'id', ids, columns: [], warnings: [] };
  return { table, paths: ids.map((id) => found.get(id)) };
}

async function walk(
  folder: string,
  [segment, ...rest]: readonly string[],
  subject: string | undefined,
  found: (subject: string, path: string) => void,
): Promise<void> {
  const shape = segment.split(place).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const [head, ...tail] = shape;
  const fits = new RegExp(`^${head}${tail.map((part, at) => (at === 0 ? `(.+?)${part}` : `\\1${part}`)).join('')}$`);
  for (const name of (await readdir(folder).catch(() => [])).sort()) {
    const match = fits.exec(name);
    if (!match) continue;
    const own = match[1] ?? subject;
    if (subject !== undefined && own !== subject) continue;
    const path = `${folder === sep ? '' : folder}${sep}${name}`;
    if (rest.length > 0) await walk(path, rest, own, found);
    else if (own !== undefined) found(own, path);
  }
}

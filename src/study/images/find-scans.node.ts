/** Which file holds the scan of which subject: by a table that names them, or by a pattern of their names. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import { stackTables } from '../../align/stack-tables.ts';
import { textOf } from '../../describe/describe-table.ts';
import { InputError } from '../../errors.ts';
import type { Column, Table } from '../../read/table/table.ts';
import { type HowRead, readFileAs } from '../files.node.ts';
import type { ImageSource } from '../model-file.ts';
import { isPattern, place } from './pattern.node.ts';
import type { ScanFile } from './scan-file.node.ts';

export interface Scans {
  /** Ids of the subjects; its columns are not measurements. */
  readonly table: Table;
  /** The scan of each row; undefined where the table has no name there. */
  readonly files: readonly (ScanFile | undefined)[]; // [rows]
}

export type WhichScans = Pick<ImageSource, 'column' | 'series'>;

/** Whether any file or folder fits the pattern. */
export async function anyFits(pattern: string): Promise<boolean> {
  return (await fitting(pattern)).size > 0;
}

/**
 * @param files absolute paths, each of a table or a pattern
 * @param which of a table, the column that names the scans, relative to its folder; default: the only one beside the key
 * @param where path in the study file, for messages
 */
export async function findScans(
  files: readonly string[],
  how: HowRead,
  which: WhichScans,
  where: string,
): Promise<{ readonly all: Scans; readonly each: readonly Scans[] }> {
  const each = await Promise.all(
    files.map((file) => (isPattern(file) ? matching(file, which, where) : listed(file, how, which, where))),
  );
  const table = each.map((one) => one.table).reduce(stackTables);
  return { all: { table, files: each.flatMap((one) => one.files) }, each };
}

async function listed(file: string, how: HowRead, { column, series }: WhichScans, where: string): Promise<Scans> {
  const table = await readNames(file, how, where);
  const seriesColumn = typeof series === 'object' ? columnOf(table, series.column, 'images.series.column') : undefined;
  const others = table.columns.filter((one) => one !== seriesColumn);
  const named = column === undefined && others.length === 1 ? others[0] : columnOf(table, column, 'images.column');
  const folder = dirname(file);
  const asWritten =
    named.kind === 'number' && !named.observed.includes(0) && (await idsBy(named.name, file, how, where));
  const files = table.ids.map((_, row) => {
    const name = asWritten ? asWritten[row] : textOf(named, row);
    if (name === undefined) return undefined;
    const own = seriesColumn ? textOf(seriesColumn, row) : typeof series === 'number' ? `${series}` : undefined;
    return { path: resolve(folder, name), name, ...(own !== undefined && { series: own }) };
  });
  return { table: { ...table, columns: [] }, files };
}

/** The cells of a column of numbers as they are written: `0012` is the name of a folder, and 12 of another. */
async function idsBy(column: string, file: string, how: HowRead, where: string): Promise<readonly string[]> {
  return (await readFileAs(file, { ...how, key: column }, where, { repeatedIds: 'allow' })).ids;
}

async function readNames(file: string, how: HowRead, where: string): Promise<Table> {
  const isTable = /\.(?:csv|tsv|txt|parquet)(?:\.gz)?$/i.test(file);
  const there = isTable ? undefined : await stat(file).catch(() => undefined);
  if (!there?.isDirectory() && !imageEnding.test(file)) return readFileAs(file, how, where);
  const what = there?.isDirectory() ? 'a folder: which of its files are scans of whom?' : 'one scan: of whom?';
  const expected = `a pattern of names, such as ${there?.isDirectory() ? `${basename(file)}/{subject}.nii.gz` : '{subject}.nii.gz'}, or a table that names scans`;
  throw new InputError({ where, what, expected, got: basename(file) });
}

const imageEnding = /\.(?:nii|nii\.gz|dcm|ima|mha|mhd|nrrd|nhdr|png|jpe?g|tiff?)$/i;

function columnOf({ name, columns }: Table, column: string | undefined, option: string): Column {
  const found = columns.find((one) => one.name === column);
  if (found) return found;
  const names = columns.map((one) => one.name);
  const what = column === undefined ? 'which column names the scans?' : `no column "${column}"`;
  const expected = `${option}, one of ${names.slice(0, 10).join(', ') || 'none: the table has no column beside its key'}`;
  throw new InputError({ where: name, what, expected });
}

function partsOf(pattern: string): { readonly segments: readonly string[]; readonly fixed: number } {
  const segments = pattern.split(/[\\/]/);
  return { segments, fixed: segments.findIndex(isPattern) };
}

async function fitting(pattern: string): Promise<Map<string, string>> {
  const { segments, fixed } = partsOf(pattern);
  const found = new Map<string, string>();
  await walk(segments.slice(0, fixed).join(sep) || sep, segments.slice(fixed), undefined, (subject, path) => {
    found.set(subject, path);
  });
  return found;
}

/** All files and folders that fit; the subject is what stands in the place of `{subject}`, alike wherever it stands. */
async function matching(pattern: string, { series }: WhichScans, where: string): Promise<Scans> {
  if (typeof series === 'object') {
    const expected = 'a number: a pattern has no table';
    throw new InputError({ where: `${where}.images.series`, what: 'no column', expected, got: series.column });
  }
  const { segments, fixed } = partsOf(pattern);
  const found = await fitting(pattern);
  if (found.size === 0) {
    const [holder, first] = [segments.slice(0, fixed).join('/'), segments[fixed]];
    const there = (await readdir(holder || sep).catch(() => [])).sort().slice(0, 3);
    const got = there.length > 0 ? `a folder that holds ${there.join(', ')}` : 'an empty folder, or none';
    throw new InputError({ where, what: 'no file fits the pattern', expected: `files like ${first}`, got });
  }
  const ids = [...found.keys()].sort();
  const table: Table = { name: basename(pattern), key: 'id', ids, columns: [], warnings: [] };
  const holder = `${segments.slice(0, fixed).join(sep)}${sep}`;
  const files = ids.map((id) => {
    const path = found.get(id) as string;
    const name = path.slice(holder.length).replaceAll(sep, '/');
    return { path, name, ...(series !== undefined && { series: String(series) }) };
  });
  return { table, files };
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
    if (!match || (name.startsWith('.') && !segment.startsWith('.'))) continue; // a desktop's own files
    const own = match[1] ?? subject;
    if (subject !== undefined && own !== subject) continue;
    const path = `${folder === sep ? '' : folder}${sep}${name}`;
    if (rest.length > 0) await walk(path, rest, own, found);
    else if (own !== undefined) found(own, path);
  }
}

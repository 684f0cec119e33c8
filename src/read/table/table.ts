/** A delimited text file, gzipped or not, as a table of typed columns with a row for each subject. */
import { InputError } from '../../errors.ts';
import { gunzip, isGzip } from '../packed/gunzip.ts';
import { own, trimmed } from './cell.ts';
import {
  type Column,
  type Growing,
  growing,
  grown,
  isPlainMissing,
  needsRespelling,
  put,
  type Reading,
  reading,
  respell,
} from './column.ts';
import { eachRow, type Separator, sniff, unifyLines } from './delimited.ts';
import { type Layout, readLayout, type TableWarning } from './header.ts';
import { decodeText, type Encoding } from './text.ts';

export type { Column, NumberColumn, TextColumn } from './column.ts';
export type { TableWarning } from './header.ts';

/** Plain values: what the columns mean is for others to say. */
export interface Table {
  /** The file, for messages. */
  readonly name: string;
  /** Name of the column that `ids` came from; `id` where it has no name, or where they are the header. */
  readonly key: string;
  readonly ids: readonly string[]; // [rows]
  /** All columns but the key, in the order of the file. */
  readonly columns: readonly Column[];
  readonly warnings: readonly TableWarning[];
}

export const orientations = ['subjects-by-features', 'features-by-subjects'] as const;
export type Orientation = (typeof orientations)[number];

export interface TableOptions {
  /** The file's name, for messages only. */
  readonly name: string;
  /** The column that names the subjects (or the features, where those are the rows); the first by default. */
  readonly key?: string;
  /** By the first two lines where not given. */
  readonly separator?: Separator;
  /** UTF-8 by default; a byte order mark outweighs it. */
  readonly encoding?: Encoding;
  /** What the rows of the file are; the table's are subjects either way. */
  readonly orientation?: Orientation;
  /** Spellings of a missing value, instead of the usual ones. An empty cell is always missing. */
  readonly missing?: readonly string[];
  /** `allow` for long tables, where a subject has several rows. */
  readonly repeatedIds?: 'refuse' | 'allow';
}

/** Longest text that is read: what fits into one JavaScript string. */
const mostBytes = 2 ** 29 - 25;

/**
 * Reads CSV, TSV or semicolon-separated text, gzipped or not.
 * @throws InputError on everything that cannot be read without guessing, with file, line, what was expected and found.
 */
export async function readTable(bytes: Uint8Array, options: TableOptions): Promise<Table> {
  const { name } = options;
  const plain = isGzip(bytes) ? await gunzip(bytes, name, mostBytes) : bytes;
  if (plain.length > mostBytes) {
    const got = `${plain.length}`;
    throw new InputError({ where: name, what: 'too large', expected: `at most ${mostBytes} bytes`, got });
  }
  const text = unifyLines(decodeText(plain, name, options.encoding));
  const sniffed = sniff(text);
  const separator = options.separator ?? sniffed.separator ?? ',';
  const how = reading(name, separator, options.missing);
  const layout = readLayout(text.slice(0, sniffed.end), separator, name, options.key);
  const transposed = options.orientation === 'features-by-subjects';
  const { ids, columns } = (transposed ? readFeatures : readSubjects)(text, layout, how, options);
  if (ids.length === 0) throw new InputError({ where: name, what: 'no rows', expected: 'rows below the header' });
  const key = transposed ? 'id' : layout.key;
  return { name, key, ids, columns, warnings: [...layout.warnings, ...noticed(how)] };
}

/** Calls `take` with every row below the header; refuses rows of another length, and blank lines but the last ones. */
function eachDataRow(
  text: string,
  layout: Layout,
  file: string,
  take: (cells: string[], line: number) => boolean,
): void {
  const width = layout.names.length;
  let blank = 0;
  eachRow(text, layout.separator, file, (cells, line) => {
    if (line === 1) return true;
    if (cells.length === 1 && trimmed(cells[0]) === '') {
      blank ||= line;
      return true;
    }
    if (blank > 0) throw ragged(file, blank, width, 'a blank line between rows');
    if (cells.length !== width) throw ragged(file, line, width, `${cells.length}`);
    return take(cells, line);
  });
}

function ragged(file: string, line: number, width: number, got: string): InputError {
  return new InputError({
    where: `${file}: line ${line}`,
    what: 'ragged row',
    expected: `${width} cells as in the header`,
    got,
  });
}

interface Contents {
  readonly ids: string[];
  readonly columns: Column[];
}

function readSubjects(text: string, layout: Layout, how: Reading, options: TableOptions): Contents {
  const { names, keyAt } = layout;
  const width = names.length;
  const capacity = rowCapacity(text, width);
  const columns = names.map((name, at) => growing(name, at === keyAt ? 0 : capacity));
  const ids: string[] = [];
  const check = idCheck(how.file, options.repeatedIds);
  eachDataRow(text, layout, how.file, (cells, line) => {
    const row = ids.length;
    ids.push(check(cells[keyAt], `line ${line}`));
    for (let at = 0; at < width; at++) if (at !== keyAt) put(columns[at], row, cells[at], line, how);
    return true;
  });
  respellColumns(text, layout, columns, how.file);
  const kept = columns.filter((_, at) => at !== keyAt);
  return { ids, columns: kept.map((column) => grown(column, ids.length, how)) };
}

/** A row has a line and `width - 1` separators, so neither a long header nor many lines alone can ask for much. */
function rowCapacity(text: string, width: number): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return Math.min(lines, Math.floor((text.length + 1) / width));
}

/** Reads once more, up to the last first text, the columns in which numbers came before it: "01" must stay "01". */
function respellColumns(text: string, layout: Layout, columns: readonly Growing[], file: string): void {
  const late = columns.map((column, at) => ({ column, at })).filter(({ column }) => needsRespelling(column));
  const until = late.reduce((most, { column }) => Math.max(most, column.textFrom), 0);
  if (until === 0) return;
  let row = 0;
  eachDataRow(text, layout, file, (cells) => {
    for (const { column, at } of late) if (row < column.textFrom) respell(column, row, cells[at]);
    row++;
    return row < until;
  });
}

function readFeatures(text: string, layout: Layout, how: Reading, options: TableOptions): Contents {
  const { names, keyAt } = layout;
  const check = idCheck(how.file, options.repeatedIds);
  const ids = names.filter((_, at) => at !== keyAt).map((id) => check(id, 'line 1'));
  const columns: Column[] = [];
  const seen = new Map<string, number>();
  eachDataRow(text, layout, how.file, (cells, line) => {
    const name = featureName(cells[keyAt], line, seen, how.file);
    const column = growing(name, ids.length);
    for (let row = 0; row < ids.length; row++) put(column, row, cells[row < keyAt ? row : row + 1], line, how);
    if (needsRespelling(column)) {
      for (let row = 0; row < column.textFrom; row++) respell(column, row, cells[row < keyAt ? row : row + 1]);
    }
    columns.push(grown(column, ids.length, how));
    return true;
  });
  if (columns.length === 0)
    throw new InputError({ where: how.file, what: 'no rows', expected: 'a row for each feature' });
  return { ids, columns };
}

function featureName(cell: string, line: number, seen: Map<string, number>, file: string): string {
  const name = own(cell.trim());
  const where = `${file}: line ${line}`;
  if (name === '') throw new InputError({ where, what: 'a feature without a name', expected: 'a name' });
  const earlier = seen.get(name);
  if (earlier !== undefined) {
    const got = `lines ${earlier} and ${line}`;
    throw new InputError({ where, what: `two features named "${name}"`, expected: 'different names', got });
  }
  seen.set(name, line);
  return name;
}

/** Takes an id as the file has it and gives it trimmed ("001" stays "001"). */
function idCheck(file: string, repeated: 'refuse' | 'allow' = 'refuse'): (cell: string, place: string) => string {
  const seen = new Map<string, string>();
  return (cell, place) => {
    const id = own(cell.trim());
    const where = `${file}: ${place}`;
    if (isPlainMissing(id)) {
      throw new InputError({ where, what: 'a row without an id', expected: 'the name of a subject', got: `"${id}"` });
    }
    if (repeated === 'allow') return id;
    const earlier = seen.get(id);
    if (earlier !== undefined) {
      const got = `it on ${earlier} and ${place}`;
      throw new InputError({ where, what: `duplicate id "${id}"`, expected: 'each subject once', got });
    }
    seen.set(id, place);
    return id;
  };
}

function noticed({ file, doubtful, commas }: Reading): TableWarning[] {
  const warnings: TableWarning[] = [];
  if (commas.cells > 0) {
    const message = `${file}: ${commas.cells} cells with a decimal comma read as numbers (${listed(commas.columns)})`;
    warnings.push({ code: 'decimal-comma', message });
  }
  for (const [spelling, { cells, columns }] of doubtful ?? []) {
    const message = `${file}: ${cells} cells "${spelling}" read as missing (${listed(columns)})`;
    warnings.push({ code: 'missing-spelling', message });
  }
  return warnings;
}

function listed(columns: ReadonlySet<string>): string {
  const some = [...columns].slice(0, 3).join(', ');
  return columns.size > 3 ? `${some} and ${columns.size - 3} more columns` : some;
}

/** What a Parquet file says that it holds: its footer, believed only as far as its bytes bear it out. */
import { type FileMetaData, parquetMetadata, type SchemaElement } from 'hyparquet';
import { InputError } from '../../errors.ts';
import type { TableWarning } from '../table/header.ts';
import { nearestNames } from '../table/nearest.ts';
import { type Meaning, meaningOf, withConvertedType } from './column.ts';
import { beginsAsParquet, isParquet } from './magic.ts';
import { type Budget, checkChunk } from './pages.ts';
import { readStruct } from './thrift.ts';

const mostCells = 2 ** 27;
const mostBytes = 2 ** 29; // unpacked, as of a text table
/** Ids differ, so a row takes some bits of the file; a file that claims many more rows is not believed. */
const freeRows = 2 ** 16;
const rowsPerByte = 8;

export function broken(name: string, got: string, cause?: unknown): InputError {
  return new InputError({ where: name, what: 'broken Parquet file', expected: 'a whole one', got, cause });
}

/** A column that is read. */
export interface Kept {
  readonly element: SchemaElement;
  readonly meaning: Meaning;
  /** Its place among the chunks of a row group. */
  readonly chunk: number;
}

/** Scanned for claims first, then decoded. */
export function footerOf(bytes: Uint8Array, name: string): FileMetaData {
  if (!isParquet(bytes)) {
    const got = beginsAsParquet(bytes) ? `a file that ends too early, after ${bytes.length} bytes` : 'something else';
    throw new InputError({ where: name, what: 'not a Parquet file', expected: 'PAR1 at both ends', got });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length - 8);
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getUint32(bytes.length - 8, true);
  if (length > view.byteLength - 4) throw broken(name, `a footer of ${length} bytes in a file of ${bytes.length}`);
  readStruct({ view, offset: view.byteLength - length });
  const silent = () => undefined as never; // statistics may cut a letter in two; nothing here reads them
  const parsers = { stringFromBytes: silent, dateFromDays: silent, jsonFromBytes: silent, uuidFromBytes: silent };
  return parquetMetadata(bytes.subarray(bytes.length - 8 - length), { parsers, geoparquet: false });
}

/** The flat columns of kinds that a table can hold, and a warning for the rest. */
export function keptColumns(
  { schema }: FileMetaData,
  name: string,
): { readonly kept: Kept[]; readonly warnings: TableWarning[] } {
  const kept: Kept[] = [];
  const left: string[] = [];
  const seen = new Set<string>();
  let chunk = 0;
  for (let at = 1; at < schema.length; ) {
    const element = withConvertedType(schema[at]);
    const meaning = meaningOf(element);
    const column = element.name;
    if (column === '') throw new InputError({ where: name, what: 'a column without a name', expected: 'a name' });
    if (seen.has(column)) {
      throw new InputError({ where: name, what: `two columns named "${column}"`, expected: 'different names' });
    }
    seen.add(column);
    if (meaning) kept.push({ element, meaning, chunk });
    else left.push(column);
    // Past the column and whatever is inside it; leaves have chunks.
    for (let open = 1; open > 0 && at < schema.length; at++) {
      const children = schema[at].num_children ?? 0;
      if (schema[at].type !== undefined) chunk++;
      open += children - 1;
    }
  }
  const shown = `${left.slice(0, 5).join(', ')}${left.length > 5 ? ', ...' : ''}`;
  const message = `${name}: ${left.length} ${left.length > 1 ? 'columns' : 'column'} left out, neither numbers nor text: ${shown}`;
  return { kept, warnings: left.length ? [{ code: 'unread-column', message }] : [] };
}

export function rowsOf({ num_rows, row_groups }: FileMetaData, columns: number, bytes: number, name: string): number {
  const rows = Number(num_rows);
  const grouped = row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (row_groups.some((group) => group.num_rows < 0) || grouped !== rows) {
    throw broken(name, `${num_rows} rows said, ${grouped} in its parts`);
  }
  if (columns < 2) {
    throw new InputError({
      where: name,
      what: 'fewer than two columns to read',
      expected: 'a key and further columns',
    });
  }
  if (rows === 0) throw new InputError({ where: name, what: 'no rows', expected: 'rows' });
  if (rows > freeRows + rowsPerByte * bytes) throw broken(name, `${rows} rows in ${bytes} bytes`);
  if (rows * columns > mostCells) {
    const got = `${rows} rows of ${columns} columns`;
    throw new InputError({ where: name, what: 'too large', expected: `at most ${mostCells} cells`, got });
  }
  return rows;
}

export function keyColumn(
  kept: readonly Kept[],
  metadata: FileMetaData,
  { key, name }: { readonly key?: string; readonly name: string },
): number {
  const names = kept.map(({ element }) => element.name);
  const wanted = key ?? pandasIndex(metadata);
  const at = wanted === undefined ? 0 : names.indexOf(wanted);
  if (at >= 0) return at;
  if (key === undefined) return 0;
  const near = nearestNames(key, names, 10).map((one) => `"${one}"`);
  throw new InputError({ where: name, what: `no key column "${key}"`, expected: `one of ${near.join(', ')}` });
}

/** pandas puts the index last and says which column it is. */
function pandasIndex({ key_value_metadata: pairs = [] }: FileMetaData): string | undefined {
  const told = pairs.find(({ key }) => key === 'pandas')?.value;
  if (told === undefined) return undefined;
  try {
    const { index_columns: index } = JSON.parse(told) as { index_columns?: unknown };
    return Array.isArray(index) && index.length === 1 && typeof index[0] === 'string' ? index[0] : undefined;
  } catch {
    return undefined;
  }
}

export function checkPages(
  bytes: Uint8Array,
  { row_groups, schema }: FileMetaData,
  kept: readonly Kept[],
  name: string,
): void {
  const leaves = schema.filter(({ type }) => type !== undefined).length;
  const budget: Budget = { bytes: mostBytes };
  for (const { columns, num_rows } of row_groups) {
    if (columns.length !== leaves) throw broken(name, `${columns.length} columns in a part, ${leaves} in the schema`);
    for (const { element, chunk } of kept) {
      const { meta_data: meta, file_path } = columns[chunk];
      if (!meta || file_path !== undefined) throw broken(name, `column "${element.name}" is encrypted or elsewhere`);
      if (meta.type !== element.type || meta.path_in_schema.join('.') !== element.name) {
        throw broken(name, `column "${element.name}" is not where the schema has it`);
      }
      if (meta.num_values !== num_rows) {
        throw broken(name, `column "${element.name}" with ${meta.num_values} values in a part of ${num_rows} rows`);
      }
      try {
        const optional = element.repetition_type !== 'REQUIRED';
        checkChunk(bytes, { meta, rows: Number(num_rows), optional, width: widthOf(element) }, budget);
      } catch (cause) {
        throw broken(name, `column "${element.name}" with ${(cause as Error).message}`, cause);
      }
    }
  }
}

function widthOf({ type, type_length = 0 }: SchemaElement): number {
  if (type === 'BOOLEAN') return 1 / 8;
  if (type === 'INT64' || type === 'DOUBLE') return 8;
  if (type === 'INT96') return 12;
  return type === 'FIXED_LEN_BYTE_ARRAY' ? Math.max(1, type_length) : 4;
}

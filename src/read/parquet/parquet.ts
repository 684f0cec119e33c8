/** A Parquet file as a table of typed columns, with a row for each subject: what a CSV file of the same values gives. */
import { type ColumnData, type FileMetaData, parquetRead } from 'hyparquet';
import { InputError } from '../../errors.ts';
import { type Column, missingSpellings } from '../table/column.ts';
import { toNumber } from '../table/number.ts';
import type { Table, TableOptions, TableWarning } from '../table/table.ts';
import { type Cell, cellOf, columnFrom, columnOf, type Decoded, type Noticing } from './column.ts';
import { broken, checkPages, footerOf, type Kept, keptColumns, keyColumn, rowsOf } from './footer.ts';
import { unpackers } from './pages.ts';

export type ParquetOptions = Omit<TableOptions, 'separator' | 'encoding'>;

/**
 * Reads flat columns of numbers, text, truth values, days and instants. Text stays text, also "01"; truth values become
 * `true` and `false`, days `2026-01-31`, instants `2026-01-31T12:00:00.000Z`; decimals become the nearest float64. Columns
 * of other kinds are left out, with a warning. The key is by default the index that pandas wrote, else the first column.
 *
 * @throws InputError on bytes that are no whole Parquet file, or claim what cannot be true, and wherever `readTable` would
 */
export async function readParquet(given: Uint8Array, options: ParquetOptions): Promise<Table> {
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.length); // a Buffer's `slice` would not copy
  const { name } = options;
  try {
    const metadata = footerOf(bytes, name);
    const { kept, warnings } = keptColumns(metadata, name);
    const rows = rowsOf(metadata, kept.length, bytes.length, name);
    const keyAt = keyColumn(kept, metadata, options);
    const noticing = noticingOf(options);
    checkPages(bytes, metadata, kept, name);
    const ids = idsOf((await decoded(bytes, metadata, [kept[keyAt]], rows, name))[0], options);
    const others = kept.filter((_, at) => at !== keyAt);
    const take = options.orientation === 'features-by-subjects' ? turnedTable : uprightTable;
    const contents = await take(ids, others, noticing, name, (batch) => decoded(bytes, metadata, batch, rows, name));
    const key = options.orientation === 'features-by-subjects' ? 'id' : kept[keyAt].element.name;
    return { name, key, ...contents, warnings: [...warnings, ...noticed(noticing, name)] };
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw broken(name, (cause as Error).message, cause);
  }
}

const batchColumns = 256;
const batchCells = 2 ** 22;

type Contents = Pick<Table, 'ids' | 'columns'>;
type Decode = (batch: readonly Kept[]) => Promise<Decoded[][]>;

async function uprightTable(
  ids: string[],
  kept: readonly Kept[],
  noticing: Noticing,
  name: string,
  decode: Decode,
): Promise<Contents> {
  const columns: Column[] = [];
  await inBatches(kept, ids.length, decode, ({ element, meaning }, values) => {
    const where = (row: number) => `${name}: row ${row + 1}, column "${element.name}"`;
    columns.push(columnFrom(element.name, values, meaning, noticing, where));
  });
  return { ids, columns };
}

/** Rows are features, columns subjects. */
async function turnedTable(
  features: string[],
  kept: readonly Kept[],
  noticing: Noticing,
  name: string,
  decode: Decode,
): Promise<Contents> {
  const cells: Cell[][] = []; // [subjects, features]
  await inBatches(kept, features.length, decode, ({ element, meaning }, values) => {
    const where = (row: number) => `${name}: row ${row + 1}, column "${element.name}"`;
    cells.push(values.map((value, row) => cellOf(value, meaning, element.name, noticing, () => where(row))));
  });
  const columns = features.map((feature, row) =>
    columnOf(
      feature,
      cells.map((subject) => subject[row]),
    ),
  );
  return { ids: kept.map(({ element }) => element.name), columns };
}

/** So that the decoder's own arrays are soon let go. */
async function inBatches(
  kept: readonly Kept[],
  rows: number,
  decode: Decode,
  take: (column: Kept, values: Decoded[]) => void,
): Promise<void> {
  const size = Math.max(1, Math.min(batchColumns, Math.floor(batchCells / rows)));
  for (let from = 0; from < kept.length; from += size) {
    const batch = kept.slice(from, from + size);
    (await decode(batch)).forEach((values, j) => {
      take(batch[j], values);
    });
  }
}

/** The values of some columns: columns x [rows]. */
async function decoded(
  bytes: Uint8Array,
  metadata: FileMetaData,
  kept: readonly Kept[],
  rows: number,
  name: string,
): Promise<Decoded[][]> {
  const chunks: ColumnData[] = [];
  await parquetRead({
    file: { byteLength: bytes.length, slice: (start, end) => bytes.slice(start, end).buffer as ArrayBuffer },
    metadata: {
      ...metadata,
      schema: [{ ...metadata.schema[0], num_children: kept.length }, ...kept.map(({ element }) => element)],
      row_groups: metadata.row_groups.map((group) => ({
        ...group,
        columns: kept.map(({ chunk }) => group.columns[chunk]),
      })),
    },
    compressors: unpackers,
    parsers: { stringFromBytes: utf8, jsonFromBytes: utf8 },
    onChunk: (chunk) => chunks.push(chunk),
  });
  const place = new Map(kept.map(({ element }, j) => [element.name, j]));
  const columns = kept.map(() => new Array<Decoded | undefined>(rows).fill(undefined));
  for (const { columnName, columnData, rowStart } of chunks) {
    const column = columns[place.get(columnName) as number];
    for (let i = 0; i < columnData.length && rowStart + i < rows; i++)
      column[rowStart + i] = columnData[i] as Decoded | undefined;
  }
  kept.forEach(({ element }, j) => {
    const row = columns[j].indexOf(undefined);
    if (row >= 0) throw broken(name, `column "${element.name}" without a value in row ${row + 1}`);
  });
  return columns as Decoded[][];
}

function utf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new Error('text that is not UTF-8', { cause });
  }
}
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Ids as text, trimmed; a whole number as its digits. */
function idsOf(values: readonly Decoded[], { name, repeatedIds = 'refuse' }: ParquetOptions): string[] {
  const seen = new Map<string, number>();
  return values.map((value, row) => {
    const id = value === null ? '' : value instanceof Date ? value.toISOString() : String(value).trim();
    const where = `${name}: row ${row + 1}`;
    if (id === '' || id === 'NaN') {
      throw new InputError({ where, what: 'a row without an id', expected: 'the name of a subject', got: 'none' });
    }
    const earlier = seen.get(id);
    if (earlier !== undefined && repeatedIds === 'refuse') {
      const got = `it in rows ${earlier + 1} and ${row + 1}`;
      throw new InputError({ where, what: `duplicate id "${id}"`, expected: 'each subject once', got });
    }
    seen.set(id, row);
    return id;
  });
}

function noticingOf({ missing }: ParquetOptions): Noticing {
  const spellings = (missing ?? missingSpellings).map((spelling) => spelling.trim());
  return {
    missing: new Set(spellings),
    missingNumbers: new Set(spellings.map(toNumber).filter((value) => !Number.isNaN(value))),
    doubtful: missing ? undefined : new Map(),
  };
}

function noticed({ doubtful }: Noticing, name: string): TableWarning[] {
  return [...(doubtful ?? [])].map(([spelling, { cells, columns }]) => {
    const some = [...columns].slice(0, 3).join(', ');
    const more = columns.size > 3 ? ` and ${columns.size - 3} more columns` : '';
    return {
      code: 'missing-spelling',
      message: `${name}: ${cells} cells "${spelling}" read as missing (${some}${more})`,
    };
  });
}

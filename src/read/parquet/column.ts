/** What a decoded Parquet column holds, by the type that the file states, as a column of a table. */
import type { SchemaElement } from 'hyparquet';
import { InputError } from '../../errors.ts';
import { byCodePoint, own, trimmed } from '../table/cell.ts';
import type { Column } from '../table/column.ts';
import { isPlainMissing } from '../table/column.ts';

/** What becomes of a column's values. */
export type Meaning = 'number' | 'text' | 'boolean' | 'day' | 'instant';

/** A value as the decoder gives it, of the columns that have a meaning. */
export type Decoded = string | number | bigint | boolean | Date | null;

/** A value as a table holds it; undefined where it is missing. */
export type Cell = number | string | undefined;

/** The element with the older annotation beside the newer one, since the decoder asks for the older. */
export function withConvertedType(element: SchemaElement): SchemaElement {
  const { logical_type: logical, converted_type: converted } = element;
  if (converted !== undefined || logical === undefined) return element;
  if (logical.type === 'DATE') return { ...element, converted_type: 'DATE' };
  if (logical.type === 'DECIMAL') return { ...element, converted_type: 'DECIMAL', scale: logical.scale };
  return element;
}

/** undefined: of a kind that no table here can hold (lists, structs, raw bytes, times of day, intervals, shapes). */
export function meaningOf(element: SchemaElement): Meaning | undefined {
  const { type, converted_type: converted, logical_type: logical, repetition_type, num_children } = element;
  if (num_children || repetition_type === 'REPEATED' || type === undefined) return undefined;
  const told = logical?.type;
  if (converted === 'DECIMAL' || told === 'FLOAT16' || type === 'FLOAT' || type === 'DOUBLE') return 'number';
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'INT96' || converted?.startsWith('TIMESTAMP') || told === 'TIMESTAMP') return 'instant';
  if (converted === 'DATE') return 'day';
  if (converted?.startsWith('TIME') || told === 'TIME') return undefined;
  if (type === 'INT32' || type === 'INT64') return 'number';
  if (told === 'UUID') return 'text';
  if (type !== 'BYTE_ARRAY' || converted === 'BSON' || converted === 'INTERVAL') return undefined;
  return told === undefined || ['STRING', 'ENUM', 'JSON', 'BSON'].includes(told) ? 'text' : undefined;
}

/** What was noticed while cells were read: spellings taken for missing, and how often. */
export interface Noticing {
  readonly missing: ReadonlySet<string>;
  /** Those of them that are numbers, such as -9. */
  readonly missingNumbers: ReadonlySet<number>;
  /** undefined: the spellings were stated, so that nothing is doubtful. */
  readonly doubtful: Map<string, { cells: number; readonly columns: Set<string> }> | undefined;
}

/** @param where file, row and column, for messages */
export function cellOf(
  value: Decoded,
  meaning: Meaning,
  column: string,
  noticing: Noticing,
  where: () => string,
): Cell {
  if (value === null) return undefined;
  if (meaning === 'number' || typeof value === 'number' || typeof value === 'bigint') {
    return numberCell(value as number | bigint, noticing, where);
  }
  const text =
    value instanceof Date
      ? value.toISOString().slice(0, meaning === 'day' ? 10 : undefined)
      : own(trimmed(String(value)));
  if (text === '') return undefined;
  if (!noticing.missing.has(text)) return text;
  if (noticing.doubtful && !isPlainMissing(text)) {
    let tally = noticing.doubtful.get(text);
    if (!tally) noticing.doubtful.set(text, (tally = { cells: 0, columns: new Set() }));
    tally.cells++;
    tally.columns.add(column);
  }
  return undefined;
}

function numberCell(value: number | bigint, { missingNumbers }: Noticing, where: () => string): number | undefined {
  const number = Number(value);
  if (Number.isNaN(number)) return undefined;
  if (!Number.isFinite(number)) {
    const expected = 'finite numbers';
    throw new InputError({ where: where(), what: 'an infinite value', expected, got: String(value) });
  }
  if (typeof value === 'bigint' && !Number.isSafeInteger(number)) {
    const what = 'a whole number that would lose digits (a name? then store it as text)';
    throw new InputError({ where: where(), what, expected: 'at most 2^53 - 1 in size', got: String(value) });
  }
  return missingNumbers.size > 0 && missingNumbers.has(number) ? undefined : number + 0;
}

/** The decoded values of a column. @param where file, row and column, for messages */
export function columnFrom(
  name: string,
  decoded: readonly Decoded[],
  meaning: Meaning,
  noticing: Noticing,
  where: (row: number) => string,
): Column {
  if (meaning !== 'number') {
    return columnOf(
      name,
      decoded.map((value, row) => cellOf(value, meaning, name, noticing, () => where(row))),
    );
  }
  const values = new Float64Array(decoded.length); // [rows]
  const observed = new Uint8Array(decoded.length); // [rows]
  for (let row = 0; row < decoded.length; row++) {
    const value = decoded[row] as number | bigint | null;
    const number = value === null ? undefined : numberCell(value, noticing, () => where(row));
    if (number === undefined) continue;
    values[row] = number;
    observed[row] = 1;
  }
  return { kind: 'number', name, values, observed, ...extent(values, observed) };
}

/** A column of cells: of numbers where all are, else of text. */
export function columnOf(name: string, cells: readonly Cell[]): Column {
  const observed = Uint8Array.from(cells, (cell) => (cell === undefined ? 0 : 1)); // [rows]
  if (!cells.some((cell) => typeof cell === 'string')) {
    const values = Float64Array.from(cells, (cell) => (cell === undefined ? 0 : (cell as number))); // [rows]
    return { kind: 'number', name, values, observed, ...extent(values, observed) };
  }
  const texts = cells.map((cell) => (cell === undefined ? '' : String(cell)));
  const levels = [...new Set(texts.filter((_, row) => observed[row]))].sort(byCodePoint);
  const code = new Map(levels.map((level, k) => [level, k]));
  const codes = Int32Array.from(texts, (text, row) => (observed[row] ? (code.get(text) as number) : 0)); // [rows]
  const firstText: { line: number; cell: string }[] = [];
  for (let row = 0; row < cells.length && firstText.length < 3; row++) {
    if (typeof cells[row] === 'string') firstText.push({ line: row + 1, cell: texts[row] });
  }
  const numeric = cells.reduce<number>((sum, cell) => sum + (typeof cell === 'number' ? 1 : 0), 0);
  return { kind: 'text', name, codes, levels, observed, firstText, numeric };
}

function extent(values: Float64Array, observed: Uint8Array): { whole: boolean; min: number; max: number } {
  let whole = true;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (!observed[i]) continue;
    const value = values[i];
    whole &&= Number.isInteger(value);
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { whole, min, max } : { whole, min: 0, max: 0 };
}

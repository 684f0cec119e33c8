/** Cells to a typed column: what is missing, what is a number, what is neither. */
import { InputError } from '../../errors.ts';
import { byCodePoint, own, trimmed } from './cell.ts';
import type { Separator } from './delimited.ts';
import { toNumber } from './number.ts';

export interface NumberColumn {
  readonly kind: 'number';
  readonly name: string;
  /** A masked value is 0. */
  readonly values: Float64Array; // [rows]
  readonly observed: Uint8Array; // [rows]
  /** Every observed value is a whole number. */
  readonly whole: boolean;
  /** Of the observed values; 0 where there are none. */
  readonly min: number;
  readonly max: number;
}

export interface TextColumn {
  readonly kind: 'text';
  readonly name: string;
  /** Index into `levels`; a masked one is 0. */
  readonly codes: Int32Array; // [rows]
  /** The different texts, by code point. */
  readonly levels: readonly string[];
  readonly observed: Uint8Array; // [rows]
  /** The first cells (at most 3) that are not numbers, for messages. */
  readonly firstText: readonly { readonly line: number; readonly cell: string }[];
  /** How many observed cells are numbers. */
  readonly numeric: number;
}

export type Column = NumberColumn | TextColumn;

/** What stands for a missing value; an empty cell always does. */
export const missingSpellings: readonly string[] = [
  ...['NA', 'N/A', 'n/a', '#N/A', '<NA>', 'NaN', 'nan', 'null', 'NULL', 'None', '.', '-', '?', 'missing'],
  ...['[Not Available]', '[Not Applicable]', '[Unknown]', '[Not Evaluated]', '[Discrepancy]'],
];
/** Those that nobody means otherwise: reading them as missing needs no warning. */
const plainMissing = new Set(['', 'NA', 'N/A', 'n/a', '#N/A', '<NA>', 'NaN', 'nan']);

/** How the cells of one file are read, and what was noticed on the way. */
export interface Reading {
  readonly file: string;
  readonly missing: ReadonlySet<string>;
  /** Some missing spelling is itself a number, such as -9. */
  readonly numericMissing: boolean;
  readonly decimalComma: boolean;
  /** Cells read as missing though their spelling could mean something, and their columns; undefined: not to be told. */
  readonly doubtful: Map<string, Tally> | undefined;
  readonly commas: Tally;
}

interface Tally {
  cells: number;
  readonly columns: Set<string>;
}

export function reading(file: string, separator: Separator, missing?: readonly string[]): Reading {
  const spellings = missing ?? missingSpellings;
  return {
    file,
    missing: new Set(spellings.map((spelling) => spelling.trim())),
    numericMissing: spellings.some((spelling) => !Number.isNaN(toNumber(spelling.trim()))),
    decimalComma: separator === ';',
    doubtful: missing ? undefined : new Map(),
    commas: { cells: 0, columns: new Set() },
  };
}

export function isPlainMissing(cell: string): boolean {
  return plainMissing.has(cell);
}

interface Place {
  readonly line: number;
  readonly cell: string;
}

/** A column while it grows. From its first text on (row `textFrom`) `values` holds codes into `levels`. */
export interface Growing {
  readonly name: string;
  readonly values: Float64Array; // [capacity]
  readonly observed: Uint8Array; // [capacity]
  levels: Map<string, number> | undefined;
  textFrom: number;
  numeric: number;
  infinite: number;
  readonly firstText: Place[];
  firstInfinite: Place | undefined;
  firstUnsafe: Place | undefined;
  commas: number;
  firstComma: Place | undefined;
  firstPoint: Place | undefined;
}

export function growing(name: string, capacity: number): Growing {
  return {
    name,
    values: new Float64Array(capacity),
    observed: new Uint8Array(capacity),
    levels: undefined,
    textFrom: Infinity,
    numeric: 0,
    infinite: 0,
    firstText: [],
    firstInfinite: undefined,
    firstUnsafe: undefined,
    commas: 0,
    firstComma: undefined,
    firstPoint: undefined,
  };
}

/** Puts the cell of one row into its column. */
export function put(column: Growing, row: number, raw: string, line: number, how: Reading): void {
  const cell = trimmed(raw);
  if (cell === '') return;
  let value = how.numericMissing && how.missing.has(cell) ? Number.NaN : toNumber(cell);
  if (how.decimalComma) value = europeanNumber(column, cell, value, line, how);
  if (Number.isNaN(value)) {
    if (how.missing.has(cell)) noteMissing(column.name, cell, how);
    else putText(column, row, cell, line);
    return;
  }
  column.observed[row] = 1;
  column.numeric++;
  if (column.levels) column.values[row] = intern(column.levels, cell);
  else column.values[row] = value;
  if (value > Number.MAX_SAFE_INTEGER || value < -Number.MAX_SAFE_INTEGER) noteUnsafe(column, cell, line);
}

function putText(column: Growing, row: number, cell: string, line: number): void {
  if (!column.levels) {
    column.levels = new Map();
    column.textFrom = row;
  }
  column.values[row] = intern(column.levels, cell);
  column.observed[row] = 1;
  if (column.firstText.length < 3) column.firstText.push({ line, cell: own(cell) });
  if (!/^[+-]?(?:inf(?:inity)?|\d+(?:\.\d*)?e\+?\d+)$/i.test(cell)) return;
  column.infinite++;
  column.firstInfinite ??= { line, cell: own(cell) };
}

/** Puts again, as text, a cell that was taken for a number before the column turned out to hold text. */
export function respell(column: Growing, row: number, raw: string): void {
  if (column.levels && column.observed[row]) column.values[row] = intern(column.levels, trimmed(raw));
}

/** Whether cells before `textFrom` must be respelled. A column of numbers and infinities is refused anyway. */
export function needsRespelling(column: Growing): boolean {
  if (!column.levels) return false;
  for (let row = 0; row < column.textFrom; row++) if (column.observed[row]) return true;
  return false;
}

/**
 * The column as it came out.
 * @throws InputError on infinite values among numbers, whole numbers too large to be exact, and mixed decimal marks.
 */
export function grown(column: Growing, rows: number, how: Reading): Column {
  const { name, levels } = column;
  const observed = column.observed.length === rows ? column.observed : column.observed.slice(0, rows);
  const values = column.values.length === rows ? column.values : column.values.slice(0, rows);
  if (levels && (column.numeric === 0 || column.infinite < textCells(column, observed))) {
    return textColumn(column, values, observed);
  }
  if (column.firstInfinite)
    throw badNumber(how.file, name, 'an infinite value', 'finite numbers', column.firstInfinite);
  if (column.firstComma && column.firstPoint) {
    const expected = `decimal commas throughout, as on line ${column.firstComma.line} ("${column.firstComma.cell}")`;
    throw badNumber(how.file, name, 'decimal commas and points in one column', expected, column.firstPoint);
  }
  if (column.commas > 0) {
    how.commas.cells += column.commas;
    how.commas.columns.add(name);
  }
  const { whole, min, max } = extent(values, observed);
  if (whole && column.firstUnsafe) {
    const what = 'a whole number that would lose digits (a name? then give it a letter)';
    throw badNumber(how.file, name, what, 'at most 2^53 - 1 in size', column.firstUnsafe);
  }
  return { kind: 'number', name, values, observed, whole, min, max };
}

function textCells({ numeric }: Growing, observed: Uint8Array): number {
  let count = 0;
  for (const one of observed) count += one;
  return count - numeric;
}

function extent(values: Float64Array, observed: Uint8Array): { whole: boolean; min: number; max: number } {
  let whole = true;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (observed[i] === 0) continue;
    const value = values[i];
    if (value < min) min = value;
    if (value > max) max = value;
    whole &&= Number.isInteger(value);
  }
  return min <= max ? { whole, min, max } : { whole, min: 0, max: 0 };
}

function textColumn(column: Growing, interned: Float64Array, observed: Uint8Array): TextColumn {
  const found = [...(column.levels ?? [])].sort(([a], [b]) => byCodePoint(a, b));
  const codeOf = new Int32Array(found.length); // [levels], in order of first appearance
  found.forEach(([, first], code) => {
    codeOf[first] = code;
  });
  const codes = new Int32Array(interned.length); // [rows]
  for (let i = 0; i < codes.length; i++) if (observed[i]) codes[i] = codeOf[interned[i]];
  const { name, firstText, numeric } = column;
  return { kind: 'text', name, codes, levels: found.map(([level]) => level), observed, firstText, numeric };
}

function europeanNumber(column: Growing, cell: string, value: number, line: number, how: Reading): number {
  if (!Number.isNaN(value)) {
    if (cell.includes('.')) column.firstPoint ??= { line, cell: own(cell) };
    return value;
  }
  if (!/^[+-]?(?:\d+,\d*|,\d+)(?:[eE][+-]?\d+)?$/.test(cell) || how.missing.has(cell)) return value;
  const read = toNumber(cell.replace(',', '.'));
  if (Number.isNaN(read)) return read;
  column.firstComma ??= { line, cell: own(cell) };
  column.commas++;
  return read;
}

function noteMissing(column: string, cell: string, { doubtful }: Reading): void {
  if (!doubtful || plainMissing.has(cell)) return;
  let tally = doubtful.get(cell);
  if (!tally) doubtful.set(own(cell), (tally = { cells: 0, columns: new Set() }));
  tally.cells++;
  tally.columns.add(column);
}

function noteUnsafe(column: Growing, cell: string, line: number): void {
  if (/^[+-]?\d+$/.test(cell)) column.firstUnsafe ??= { line, cell: own(cell) };
}

function badNumber(file: string, column: string, what: string, expected: string, { line, cell }: Place): InputError {
  return new InputError({ where: `${file}: line ${line}, column "${column}"`, what, expected, got: `"${cell}"` });
}

function intern(levels: Map<string, number>, cell: string): number {
  const known = levels.get(cell);
  if (known !== undefined) return known;
  levels.set(own(cell), levels.size);
  return levels.size - 1;
}

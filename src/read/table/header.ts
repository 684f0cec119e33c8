/** The first line of a table: which columns there are, and which of them names the rows. */
import { InputError } from '../../errors.ts';
import { own, trimmed } from './cell.ts';
import { eachRow, type Separator, separatorName } from './delimited.ts';
import { nearestNames } from './nearest.ts';

export interface TableWarning {
  /** Stable, for programs: `row-names`, `decimal-comma`, `missing-spelling`. */
  readonly code: string;
  readonly message: string;
}

/** The header, understood. */
export interface Layout {
  readonly separator: Separator;
  readonly names: readonly string[]; // [cells of a row]
  readonly key: string;
  readonly keyAt: number;
  readonly warnings: TableWarning[];
}

/** @throws InputError on a header of one column, names that are empty or repeated, or without the key wanted. */
export function readLayout(start: string, separator: Separator, file: string, wantedKey?: string): Layout {
  let names: string[] = [];
  let first: string[] = [];
  eachRow(start, separator, file, (cells, line) => {
    if (line === 1 || names.length === 0) names = cells.map((cell) => own(cell.trim()));
    else first = cells;
    return first.length === 0;
  });
  const warnings: TableWarning[] = [];
  const unnamed = first.length === names.length + 1 && trimmed(first[first.length - 1]) !== '';
  if (unnamed) {
    const free = names.includes('id') ? 'row names' : 'id';
    names = [free, ...names];
    const message = `${file}: the header has one name fewer than the rows have cells: the first cells are row names`;
    warnings.push({ code: 'row-names', message });
  } else if (names[0] === '') names[0] = names.includes('id') ? 'row names' : 'id';
  checkNames(names, separator, file);
  const keyAt = wantedKey === undefined ? 0 : names.indexOf(wantedKey);
  if (keyAt < 0) throw unknownKey(file, wantedKey ?? '', names);
  return { separator, names, key: names[keyAt], keyAt, warnings };
}

function checkNames(names: readonly string[], separator: Separator, file: string): void {
  const where = `${file}: line 1`;
  if (names.length < 2) {
    const expected = `a key and further columns, separated by a ${separatorName[separator]}`;
    throw new InputError({ where, what: 'a single column', expected, got: `"${excerpt(names[0] ?? '')}"` });
  }
  const seen = new Map<string, number>();
  names.forEach((name, at) => {
    if (name === '') throw new InputError({ where, what: `column ${at + 1} has no name`, expected: 'a name' });
    const earlier = seen.get(name);
    if (earlier !== undefined) {
      const what = `two columns named "${name}"`;
      throw new InputError({ where, what, expected: 'different names', got: `columns ${earlier + 1} and ${at + 1}` });
    }
    seen.set(name, at);
  });
}

function unknownKey(file: string, key: string, names: readonly string[]): InputError {
  const near = nearestNames(key, names, 10).map((name) => `"${name}"`);
  const rest = names.length > near.length ? `, ... (${names.length} columns)` : '';
  return new InputError({ where: file, what: `no key column "${key}"`, expected: `one of ${near.join(', ')}${rest}` });
}

function excerpt(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text;
}

/** A target column becomes classes. */
import { textOf } from '../../describe/describe-table.ts';
import { InputError } from '../../errors.ts';
import type { Warning } from '../../evaluate/comparison.ts';
import type { Column, Table } from '../../read/table/table.ts';
import { chosenColumn, leftOut } from './column.ts';

/** Usual names of the state in which the event did not happen. */
const uneventful = new Set([
  '0',
  'no',
  'false',
  'control',
  'ctrl',
  'normal',
  'healthy',
  'negative',
  'benign',
  'alive',
  'living',
  'censored',
  'wt',
  'wild type',
  'unaffected',
]);

export interface TargetEntry {
  readonly column?: string | undefined;
  readonly classes?: readonly (string | number)[] | undefined;
  readonly event?: string | number | undefined;
  /** How to write the classes, by their value in the table. */
  readonly names?: Readonly<Record<string, string>> | undefined;
}

export interface TargetClasses {
  readonly column: string;
  readonly ids: readonly string[]; // labelled subjects
  readonly labels: Int32Array; // of `ids`
  readonly classes: readonly string[];
  readonly warnings: readonly Warning[];
}

const mostClasses = 50;

/**
 * @throws InputError where the column is not known, is empty, holds what is no class (NaN, infinity, a measurement) or a
 * class that was not declared, or where a declared class has no subject
 */
export function classesOf(
  table: Table,
  { column: wanted, classes: declared, event, names = {} }: TargetEntry,
): TargetClasses {
  const column = chosenColumn(table, wanted);
  const where = `${table.name}: column "${column.name}"`;
  refuseNonFinite(column, table, where);
  const rows = table.ids.map((_, i) => i).filter((i) => column.observed[i]);
  if (rows.length === 0) {
    throw new InputError({ where, what: 'the target is empty', expected: 'a class for each subject' });
  }
  const texts = rows.map((row) => textOf(column, row) as string);
  const found = met(texts, column);
  if (!declared) refuseMeasurement(found, rows.length, where);
  const classes = ordered(declared?.map(String) ?? found, declared !== undefined, event, where);
  const index = new Map(classes.map((name, k) => [name, k]));
  const labels = Int32Array.from(texts, (text, i) => {
    const label = index.get(text);
    if (label !== undefined) return label;
    const subject = `${where}: subject ${JSON.stringify(table.ids[rows[i]])}`;
    const expected = `one of ${classes.join(', ')}`;
    throw new InputError({ where: subject, what: 'not a declared class', expected, got: JSON.stringify(text) });
  });
  const idle = classes.find((name) => !found.includes(name));
  if (idle !== undefined) {
    const got = found.join(', ');
    throw new InputError({
      where,
      what: `no subject of the declared class "${idle}"`,
      expected: 'subjects of every class',
      got,
    });
  }
  const warnings = leftOut(where, table.ids.length - rows.length, table);
  const ids = rows.map((row) => table.ids[row]);
  return { column: column.name, ids, labels, classes: renamed(classes, names, where), warnings };
}

/** The classes as people read them. */
function renamed(classes: readonly string[], names: Readonly<Record<string, string>>, where: string): string[] {
  const stray = Object.keys(names).find((value) => !classes.includes(value));
  if (stray !== undefined) {
    const expected = `some of ${classes.join(', ')}`;
    throw new InputError({
      where: `${where}: names`,
      what: 'a name for no class',
      expected,
      got: JSON.stringify(stray),
    });
  }
  const out = classes.map((value) => (Object.hasOwn(names, value) ? names[value] : value));
  if (new Set(out).size < out.length) {
    throw new InputError({ where: `${where}: names`, what: 'one name for two classes', got: out.join(', ') });
  }
  return out;
}

/** Classes are few; what differs from subject to subject is a measurement, a time or a name. */
function refuseMeasurement(values: readonly string[], subjects: number, where: string): void {
  if (values.length <= mostClasses && values.length <= Math.max(2, subjects / 2)) return;
  throw new InputError({
    where,
    what: `${values.length} different values in ${subjects} subjects, which are no classes`,
    expected: `at most ${mostClasses} classes that subjects share (or target.kind: value for a measurement, target.time and target.status for survival)`,
    got: `${values.slice(0, 3).join(', ')}${values.length > 3 ? ', ...' : ''}`,
  });
}

function refuseNonFinite(column: Column, table: Table, where: string): void {
  if (column.kind !== 'text') return;
  const at = column.levels.findIndex((text) => /^[+-]?(nan|inf(inity)?)$/i.test(text));
  const row = column.codes.findIndex((code, i) => code === at && column.observed[i] === 1);
  if (at < 0 || row < 0) return;
  throw new InputError({
    where: `${where}: subject ${JSON.stringify(table.ids[row])}`,
    what: 'neither a class nor a finite number',
    expected: 'a class, or an empty cell for an unlabelled subject',
    got: JSON.stringify(column.levels[at]),
  });
}

function met(texts: readonly string[], column: Column): string[] {
  const names = [...new Set(texts)];
  return column.kind === 'number' ? names.sort((a, b) => Number(a) - Number(b)) : names.sort();
}

/** Puts the event last of two classes: as stated, or away from the class whose name says that nothing happened. */
function ordered(classes: string[], declared: boolean, event: string | number | undefined, where: string): string[] {
  if (event !== undefined) {
    const name = String(event);
    if (!classes.includes(name)) {
      throw new InputError({
        where,
        what: 'the event is not a class',
        expected: `one of ${classes.join(', ')}`,
        got: JSON.stringify(event),
      });
    }
    return classes.length === 2 ? [...classes.filter((other) => other !== name), name] : classes;
  }
  const swapped =
    !declared &&
    classes.length === 2 &&
    uneventful.has(classes[1].toLowerCase()) &&
    !uneventful.has(classes[0].toLowerCase());
  return swapped ? [classes[1], classes[0]] : classes;
}

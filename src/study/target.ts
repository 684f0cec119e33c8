/** A target column becomes classes. */
import { known } from '../describe/describe-table.ts';
import { InputError } from '../errors.ts';
import type { Warning } from '../evaluate/comparison.ts';
import type { Column, Table } from '../read/table.ts';

/** What stands for "unlabelled" in a target column. Not NaN: in a target that is a computation gone wrong, and refused. */
export const targetMissing = ['', 'NA', 'N/A', 'n/a', 'null', 'NULL', 'None', '[Not Available]', '[Not Applicable]', '[Unknown]'];

/** Usual names of the state in which the event did not happen. */
const uneventful = new Set(['0', 'no', 'false', 'control', 'ctrl', 'normal', 'healthy', 'negative', 'benign', 'alive', 'living', 'censored', 'wt', 'wild type', 'unaffected']);

export interface TargetEntry {
  readonly column?: string | undefined;
  readonly classes?: readonly (string | number)[] | undefined;
  readonly event?: string | number | undefined;
}

export interface TargetClasses {
  readonly column: string;
  readonly ids: readonly string[]; // labelled subjects
  readonly labels: Int32Array; // of `ids`
  readonly classes: readonly string[];
  readonly warnings: readonly Warning[];
}

const mostClasses = 50;

export function classesOf(table: Table, { column: wanted, classes: declared, event }: TargetEntry): TargetClasses {
  const column = chosenColumn(table, wanted);
  const where = `${table.name}: column ${column.name}`;
  refuseNonFinite(column, where);
  const rows = table.ids.map((_, i) => i).filter((i) => column.observed[i]);
  const texts = rows.map((row) => (column.kind === 'text' ? column.levels[column.codes[row]] : String(column.values[row])));
  if (rows.length === 0) throw new InputError({ where, what: 'the target is empty', expected: 'a class for each subject' });
  const classes = ordered(declared?.map(String) ?? met(texts, column), declared !== undefined, event, where);
  if (classes.length > mostClasses) {
    throw new InputError({
      where,
      what: `${classes.length} different values, which are not classes`,
      expected: `at most ${mostClasses} classes`,
      got: `${classes.slice(0, 3).join(', ')}, ...`,
    });
  }
  const index = new Map(classes.map((name, k) => [name, k]));
  const labels = Int32Array.from(texts, (text, i) => {
    const label = index.get(text);
    if (label === undefined) {
      throw new InputError({
        where: `${where}: subject ${JSON.stringify(table.ids[rows[i]])}`,
        what: 'not one of the declared classes',
        expected: classes.join(', '),
        got: JSON.stringify(text),
      });
    }
    return label;
  });
  const unlabelled = table.ids.length - rows.length;
  const warnings = unlabelled
    ? [{ code: 'unlabelled-subjects', message: `${where}: ${unlabelled} of ${table.ids.length} subjects have no value and are left out` }]
    : [];
  return { column: column.name, ids: rows.map((row) => table.ids[row]), labels, classes, warnings };
}

function chosenColumn(table: Table, wanted: string | undefined): Column {
  if (wanted !== undefined) return known(wanted, table, `${table.name}: target`);
  if (table.columns.length === 1) return table.columns[0];
  throw new InputError({
    where: `${table.name}: target`,
    what: 'which column is the target is not said',
    expected: 'target.column, or a file with one column beside the key',
    got: table.columns.slice(0, 8).map(({ name }) => name).join(', '),
  });
}

function refuseNonFinite(column: Column, where: string): void {
  if (column.kind !== 'text') return;
  const level = column.levels.find((text) => /^[+-]?(nan|inf(inity)?)$/i.test(text));
  if (level === undefined) return;
  const line = column.firstText.find(({ cell }) => cell.trim() === level)?.line;
  throw new InputError({
    where: line === undefined ? where : `${where}: line ${line}`,
    what: 'a target that is not a finite number or a class',
    expected: 'a class, or an empty cell for an unlabelled subject',
    got: JSON.stringify(level),
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
      throw new InputError({ where, what: 'the event is not a class', expected: `one of ${classes.join(', ')}`, got: JSON.stringify(event) });
    }
    return classes.length === 2 ? [...classes.filter((other) => other !== name), name] : classes;
  }
  const swapped = !declared && classes.length === 2 && uneventful.has(classes[1].toLowerCase()) && !uneventful.has(classes[0].toLowerCase());
  return swapped ? [classes[1], classes[0]] : classes;
}

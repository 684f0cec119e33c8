/** A target column becomes values. */
import { InputError } from '../../errors.ts';
import type { Warning } from '../../evaluate/comparison.ts';
import type { Table } from '../../read/table/table.ts';
import { chosenColumn, leftOut, numbersIn } from './column.ts';

export interface TargetValues {
  readonly column: string;
  readonly ids: readonly string[]; // subjects with a value
  readonly values: Float64Array; // of `ids`
  readonly warnings: readonly Warning[];
}

/** @throws InputError where the column is not known, holds what is no finite number, or no value at all */
export function valuesOf(table: Table, wanted: string | undefined): TargetValues {
  const column = chosenColumn(table, wanted);
  const where = `${table.name}: column "${column.name}"`;
  const numbers = numbersIn(column, table, 'a number, or an empty cell for a subject without one');
  const rows = table.ids.map((_, i) => i).filter((i) => column.observed[i]);
  if (rows.length === 0) {
    throw new InputError({ where, what: 'the target is empty', expected: 'a value for each subject' });
  }
  const wrong = rows.find((row) => !Number.isFinite(numbers[row]));
  if (wrong !== undefined) {
    throw new InputError({
      where: `${where}: subject ${JSON.stringify(table.ids[wrong])}`,
      what: 'not a finite number',
      expected: 'a number, or an empty cell for a subject without one',
      got: String(numbers[wrong]),
    });
  }
  return {
    column: column.name,
    ids: rows.map((row) => table.ids[row]),
    values: Float64Array.from(rows, (row) => numbers[row]),
    warnings: leftOut(where, table.ids.length - rows.length, table),
  };
}

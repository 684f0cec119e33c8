/** What the kinds of targets have in common: finding their column, and subjects of whom it says nothing. */
import { known } from '../../describe/describe-table.ts';
import { InputError } from '../../errors.ts';
import type { Warning } from '../../evaluate/comparison.ts';
import type { Column, Table } from '../../read/table/table.ts';

/** What stands for "unlabelled" in a target column. Not NaN: in a target that is a computation gone wrong, and refused. */
export const targetMissing = [
  '',
  'NA',
  'N/A',
  'n/a',
  'null',
  'NULL',
  'None',
  '[Not Available]',
  '[Not Applicable]',
  '[Unknown]',
];

export function chosenColumn(table: Table, wanted: string | undefined): Column {
  if (wanted !== undefined) return known(wanted, table, `${table.name}: target`);
  if (table.columns.length === 1) return table.columns[0];
  throw new InputError({
    where: `${table.name}: target`,
    what: 'which column is the target is not said',
    expected: 'target.column, or a file with one column beside the key',
    got: table.columns
      .slice(0, 8)
      .map(({ name }) => name)
      .join(', '),
  });
}

/** A warning of subjects who are left out because they have no target. */
export function leftOut(where: string, many: number, { ids }: Table): Warning[] {
  const message = `${where}: ${many} of ${ids.length} subjects ${many > 1 ? 'have' : 'has'} no value and ${many > 1 ? 'are' : 'is'} left out`;
  return many ? [{ code: 'unlabelled-subjects', message }] : [];
}

/**
 * A column of numbers; NaN where there is none.
 *
 * @throws InputError where a cell holds something else, with the first such subject
 */
export function numbersIn(column: Column, table: Table, expected: string): Float64Array {
  if (column.kind === 'number') {
    return column.values.map((value, row) => (column.observed[row] ? value : Number.NaN));
  }
  const cell = column.firstText[0]?.cell;
  const level = column.levels.indexOf(cell ?? '');
  const at = column.codes.findIndex((code, row) => column.observed[row] === 1 && (level < 0 || code === level));
  throw new InputError({
    where: `${table.name}: column "${column.name}": subject ${JSON.stringify(table.ids[at])}`,
    what: 'not a number',
    expected,
    got: JSON.stringify(column.levels[column.codes[at]]),
  });
}

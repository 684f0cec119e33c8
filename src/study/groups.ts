import { known, textOf } from '../describe/describe-table.ts';
import { InputError } from '../errors.ts';
import type { Table } from '../read/table/table.ts';

/** The group (family) or the site of each subject. @throws InputError where a subject has none. */
export function groupsOf(
  table: Table,
  columnName: string,
  subjects: readonly string[],
  word: 'group' | 'site' = 'group',
): string[] {
  const column = known(columnName, table, `${table.name}: ${word === 'group' ? 'groups' : word}`);
  const row = new Map(table.ids.map((id, i) => [id, i]));
  return subjects.map((id) => {
    const at = row.get(id);
    const group = at === undefined ? undefined : textOf(column, at);
    if (group !== undefined) return group;
    const where = `${table.name}: column "${column.name}"`;
    const what = `subject ${JSON.stringify(id)} has no ${word}`;
    throw new InputError({
      where,
      what,
      expected: `a ${word} for every subject`,
      got: at === undefined ? 'no row' : 'an empty cell',
    });
  });
}

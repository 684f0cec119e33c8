/** Splits that the data came with, as rows of the cohort: from training and test files, or from a table of roles. */
import { known, textOf } from '../describe/describe-table.ts';
import { InputError } from '../errors.ts';
import type { Warning } from '../evaluate/comparison.ts';
import type { GivenSplit } from '../evaluate/protocol.ts';
import type { Column, Table } from '../read/table/table.ts';

/** The subjects of one file that a study calls its training or its test part. */
export interface Part {
  readonly role: 'train' | 'test';
  readonly name: string;
  readonly ids: readonly string[];
}

const partWords = { train: 'training', test: 'test' };

export interface RoleColumns {
  readonly fold?: string | undefined;
  readonly role?: string | undefined;
  readonly train?: readonly string[] | undefined;
  readonly test?: readonly string[] | undefined;
}

/**
 * The split that training and test files make; undefined where there are not both.
 * @throws InputError where one file has a subject in training and another has it in test.
 */
export function splitOfParts(parts: readonly Part[], subjects: readonly string[]): GivenSplit | undefined {
  const placed = new Map<string, Part>();
  for (const part of parts) {
    for (const id of part.ids) {
      const earlier = placed.get(id);
      if (earlier && earlier.role !== part.role) {
        const what = `subject ${JSON.stringify(id)} is in the ${partWords[part.role]} part`;
        const got = `it in the ${partWords[earlier.role]} part ${earlier.name}`;
        throw new InputError({ where: part.name, what, expected: 'every subject in one part', got });
      }
      placed.set(id, part);
    }
  }
  if (new Set(parts.map(({ role }) => role)).size < 2) return undefined;
  const inPart = (role: Part['role']) => rowsWhere(subjects, (id) => placed.get(id)?.role === role);
  return { train: inPart('train'), test: inPart('test') };
}

/**
 * The splits of a table with a row for each subject (and fold) and a column of roles.
 * @throws InputError on a role that is not known, on a subject in training and test, on a split that lacks either.
 */
export function splitsOfTable(
  table: Table,
  columns: RoleColumns,
  subjects: readonly string[],
): { readonly splits: GivenSplit[]; readonly warnings: Warning[] } {
  const role = known(columns.role ?? 'role', table, table.name);
  const fold = columns.fold === undefined ? undefined : known(columns.fold, table, table.name);
  const partOf = partsOfRoles(table, role, columns);
  const folds = new Map<string, Map<string, Part['role']>>(); // fold -> subject -> part
  table.ids.forEach((id, row) => {
    const name = fold ? textIn(fold, row, table) : '';
    const part = partOf.get(textIn(role, row, table));
    const members = folds.get(name) ?? new Map<string, Part['role']>();
    folds.set(name, members);
    if (part === undefined) return;
    if (members.has(id) && members.get(id) !== part) {
      const where = foldWords(table, fold, name);
      throw new InputError({
        where,
        what: `subject ${JSON.stringify(id)} is in training and in test`,
        expected: 'one of them',
      });
    }
    members.set(id, part);
  });
  const splits = [...folds].map(([name, members]) => {
    const inPart = (part: Part['role']) => rowsWhere(subjects, (id) => members.get(id) === part);
    const split = { train: inPart('train'), test: inPart('test') };
    const lacking = split.train.length === 0 ? 'training' : split.test.length === 0 ? 'test' : undefined;
    if (lacking) throw noSubjects(table, foldWords(table, fold, name), lacking, [...partOf], subjects);
    return split;
  });
  const without = subjects.filter((id) => ![...folds.values()].some((members) => members.has(id))).length;
  const message = `${table.name}: ${without} of ${subjects.length} subjects are in no split and are neither trained on nor tested`;
  return { splits, warnings: without ? [{ code: 'subjects-without-role', message }] : [] };
}

/** What each role in the table means. One that no list names is refused, unless the study spells out both lists. */
function partsOfRoles(table: Table, role: Column, { train, test }: RoleColumns): Map<string, Part['role'] | undefined> {
  const [trains, tests] = [train ?? ['train', 'val'], test ?? ['test']];
  const met = [...new Set(table.ids.map((_, row) => textIn(role, row, table)))].sort();
  const where = `${table.name}: column "${role.name}"`;
  for (const name of [...(train ?? []), ...(test ?? [])]) {
    if (!met.includes(name))
      throw new InputError({ where, what: `no row has the role "${name}"`, expected: `one of ${met.join(', ')}` });
  }
  const both = trains.find((name) => tests.includes(name));
  if (both !== undefined)
    throw new InputError({ where, what: `role "${both}" is trained on and tested`, expected: 'one of them' });
  const stray = met.find((name) => !trains.includes(name) && !tests.includes(name));
  if (stray !== undefined && !(train && test)) {
    const expected = `${[...trains, ...tests].join(', ')} (name others under split.train or split.test)`;
    throw new InputError({ where, what: `unknown role "${stray}"`, expected });
  }
  return new Map(
    met.map((name) => [name, trains.includes(name) ? 'train' : tests.includes(name) ? 'test' : undefined]),
  );
}

function textIn(column: Column, row: number, table: Table): string {
  const text = textOf(column, row);
  if (text !== undefined) return text;
  const where = `${table.name}: column "${column.name}"`;
  throw new InputError({
    where,
    what: `subject ${JSON.stringify(table.ids[row])} has none`,
    expected: `a ${column.name} in every row`,
  });
}

function noSubjects(
  table: Table,
  where: string,
  lacking: string,
  roles: readonly (readonly [string, unknown])[],
  subjects: readonly string[],
): InputError {
  const ours = new Set(subjects);
  if (table.ids.some((id) => ours.has(id))) {
    return new InputError({
      where,
      what: `no ${lacking} subjects`,
      expected: 'subjects with a target in training and in test',
      got: `the roles ${roles.map(([name]) => name).join(', ')}`,
    });
  }
  const show = (ids: readonly string[]) =>
    ids
      .slice(0, 2)
      .map((id) => JSON.stringify(id))
      .join(', ');
  return new InputError({
    where,
    what: 'no subject in common with the target',
    expected: `ids such as ${show(subjects)}`,
    got: show(table.ids),
  });
}

function foldWords(table: Table, fold: Column | undefined, name: string): string {
  return fold ? `${table.name}: ${fold.name} ${name}` : table.name;
}

function rowsWhere(subjects: readonly string[], keep: (id: string) => boolean): Int32Array {
  return Int32Array.from([...subjects.keys()].filter((i) => keep(subjects[i])));
}

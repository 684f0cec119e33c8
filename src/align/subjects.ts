/** Same subject: tables joined by id. */
import { InputError } from '../errors.ts';

export interface IdTable {
  readonly name: string;
  readonly ids: readonly string[];
  /** Of a table that may have been read the wrong way round. */
  readonly columns?: readonly { readonly name: string }[];
}

export interface Alignment {
  /** All subjects who have a target, sorted by id. */
  readonly subjects: readonly string[];
  /** For each table, the row of each subject, or -1. */
  readonly rows: readonly Int32Array[]; // tables x [subjects]
  /** Ids of each table that have no target. */
  readonly unmatched: readonly (readonly string[])[];
}

/**
 * Subjects are those of `target`.
 * @throws InputError where a table shares no id with it, with ids of both to look at.
 */
export function alignSubjects(target: IdTable, tables: readonly IdTable[]): Alignment {
  const subjects = [...target.ids].sort();
  const labelled = new Set(subjects);
  const unmatched = tables.map(({ ids }) => ids.filter((id) => !labelled.has(id)));
  const rows = tables.map((table, t) => {
    const { ids } = table;
    if (ids.length > 0 && unmatched[t].length === ids.length) throw nothingInCommon(table, target.name, subjects);
    const row = new Map(ids.map((id, i) => [id, i]));
    return Int32Array.from(subjects, (id) => row.get(id) ?? -1);
  });
  return { subjects, rows, unmatched };
}

function nothingInCommon(
  { name, ids, columns = [] }: IdTable,
  target: string,
  subjects: readonly string[],
): InputError {
  const show = (some: readonly string[]) =>
    some
      .slice(0, 2)
      .map((id) => JSON.stringify(id))
      .join(', ');
  const labelled = new Set(subjects);
  const turned = columns.some((column) => labelled.has(column.name));
  return new InputError({
    where: name,
    what: `no subject in common with ${target}${turned ? ', but its columns are subjects' : ''}`,
    expected: turned ? 'orientation: features-by-subjects' : `ids such as ${show(subjects)}`,
    got: turned ? 'subjects-by-features' : show(ids),
  });
}

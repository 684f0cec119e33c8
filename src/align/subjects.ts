/** Same subject: tables joined by id. */
import { InputError } from '../errors.ts';

export interface IdTable {
  readonly name: string;
  readonly ids: readonly string[];
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
 * Subjects are those of `target`; a table that shares no id with it is refused with ids of both to look at.
 */
export function alignSubjects(target: IdTable, tables: readonly IdTable[]): Alignment {
  const subjects = [...target.ids].sort();
  const labelled = new Set(subjects);
  const unmatched = tables.map(({ ids }) => ids.filter((id) => !labelled.has(id)));
  const rows = tables.map(({ name, ids }, t) => {
    if (ids.length > 0 && unmatched[t].length === ids.length) {
      throw new InputError({
        where: name,
        what: `no subject in common with ${target.name}`,
        expected: `ids such as ${subjects.slice(0, 2).map((id) => JSON.stringify(id)).join(', ')}`,
        got: ids.slice(0, 2).map((id) => JSON.stringify(id)).join(', '),
      });
    }
    const row = new Map(ids.map((id, i) => [id, i]));
    return Int32Array.from(subjects, (id) => row.get(id) ?? -1);
  });
  return { subjects, rows, unmatched };
}

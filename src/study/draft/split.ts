/** Tables of splits: a row for each subject (and fold) with its role. */
import { textOf } from '../../describe/describe-table.ts';
import { type DraftTable, repeatsSubjects } from './table.ts';

export interface DraftSplit {
  readonly table: DraftTable;
  readonly role: string;
  readonly fold?: string;
  readonly train: readonly string[];
  readonly test: readonly string[];
}

const trained = /^train(ing)?$/i;
const validated = /^(val|valid|validation|dev)$/i;
const tested = /^(test|testing|holdout)$/i;

export function splitIn(table: DraftTable): DraftSplit | undefined {
  const { columns } = table.table;
  const role = columns.find(({ kind, ...column }) => {
    const levels = kind === 'text' ? (column as { levels: readonly string[] }).levels : [];
    return levels.length > 1 && levels.every((name) => [trained, validated, tested].some((kind) => kind.test(name)));
  });
  if (!role) return undefined;
  const met = [...new Set(table.table.ids.map((_, row) => textOf(role, row) ?? ''))]
    .filter((name) => name !== '')
    .sort();
  const fold = columns.find((column) => column !== role && /fold|split|repeat|cv|run/i.test(column.name));
  if (repeatsSubjects(table) && !fold) return undefined;
  const of = (pattern: RegExp) => met.filter((name) => pattern.test(name));
  const tests = of(tested);
  return {
    table,
    role: role.name,
    ...(fold && { fold: fold.name }),
    train: [...of(trained), ...(tests.length > 0 ? of(validated) : [])],
    test: tests.length > 0 ? tests : of(validated),
  };
}

/** The split that covers the subjects best: of those it names, as many as can be, and few others. */
export function bestSplit(splits: readonly DraftSplit[], subjects: ReadonlySet<string>): DraftSplit | undefined {
  const likeness = ({ table }: DraftSplit) => {
    const ids = new Set(table.table.ids);
    const shared = [...ids].filter((id) => subjects.has(id)).length;
    return shared / (ids.size + subjects.size - shared);
  };
  return [...splits].sort((a, b) => likeness(b) - likeness(a))[0];
}

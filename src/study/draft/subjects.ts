/** Which column of each table names the subjects, or whether its header does: ids are what tables share. */
import type { Column, Table } from '../../read/table/table.ts';

/** Where a table has its subjects. */
export type Placed =
  | { readonly kind: 'key'; readonly column: string; readonly first: boolean }
  | { readonly kind: 'header' };

interface Names {
  readonly placed: Placed;
  readonly ids: ReadonlySet<string>;
  /** Few repeat: they may be subjects, and not levels of a factor. */
  readonly distinct: boolean;
}

const idWord = /(^|[\W_])(id|ids|patient|subject|sample|case|barcode|participant|donor)s?($|[\W_]|id$)/i;

/**
 * The place of the subjects in each table; undefined for one that shares none with the others. The ids that most tables
 * have in common, in some column or in their header, are those of the subjects.
 */
export function placeSubjects(tables: readonly Table[]): (Placed | undefined)[] {
  const names = tables.map(namesOf);
  let best: { ids: ReadonlySet<string>; score: number } | undefined;
  names.forEach((candidates, t) => {
    for (const { ids, distinct, placed } of candidates) {
      if (!distinct || placed.kind === 'header') continue;
      const met = names.filter((others, u) => u === t || others.some((other) => share(other.ids, ids) >= 0.5)).length;
      const score = 4 * met + (placed.first ? 2 : 0) + 1 / (1 + tables[t].columns.length); // of equals, the narrow table
      if (!best || score > best.score) best = { ids, score };
    }
  });
  const subjects = best?.ids ?? new Set<string>();
  return names.map((candidates) => {
    const counts = candidates.map(({ ids }) => common(ids, subjects));
    const most = Math.max(...counts);
    return most > 0 ? candidates[counts.indexOf(most)].placed : undefined;
  });
}

/** Everything of a table that may name subjects; the first column before others, so that it wins where equal. */
function namesOf({ key, ids, columns }: Table): Names[] {
  const first: Names = { placed: { kind: 'key', column: key, first: true }, ...named(ids) };
  const others = columns.filter(mayName).map((column): Names => {
    const texts = column.kind === 'text' ? column.levels : [...column.values].map(String);
    const of = column.kind === 'text' ? column.observed.reduce((sum, there) => sum + there, 0) : texts.length;
    return { placed: { kind: 'key', column: column.name, first: false }, ...named(texts, of) };
  });
  return [first, ...others, { placed: { kind: 'header' }, ...named(columns.map(({ name }) => name)) }];
}

function mayName(column: Column): boolean {
  return column.kind === 'text' ? column.levels.length > 2 : column.whole && idWord.test(column.name);
}

function named(ids: readonly string[], of = ids.length): { ids: ReadonlySet<string>; distinct: boolean } {
  const distinct = new Set(ids);
  return { ids: distinct, distinct: distinct.size >= 0.5 * of };
}

function common(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  let count = 0;
  for (const id of few) if (many.has(id)) count++;
  return count;
}

function share(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const smaller = Math.min(a.size, b.size);
  return smaller < 2 ? 0 : common(a, b) / smaller;
}

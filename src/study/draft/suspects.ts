/**
 * Columns that may give the outcome away: by their names, by what they hold, or by where they are empty. A draft leaves
 * them out and says why; whoever knows the data puts them back.
 */
import type { Column, Table, TextColumn } from '../../read/table/table.ts';
import { auroc } from '../../score/auroc.ts';
import { follows } from '../follows.ts';

/** The target by subject, as classes, and as a number where it is one. */
export interface Told {
  /** Columns of the target's table that hold it. */
  readonly columns: readonly string[];
  readonly labelOf: ReadonlyMap<string, number>;
  readonly classes: number;
  /** What the classes tell: `the target`, or of a value `whether the target is above its median`. */
  readonly words: string;
  /** Survival times, or values. */
  readonly measureOf?: ReadonlyMap<string, number>;
}

const followed = 'told by the follow-up, as the outcome is';
const derived = 'a published result of the assays, which may have seen the outcome';

/** Where a subject was measured, on such names. */
const origin =
  /^(site|study|cohort|dataset)(_?(id|code|name|no|number))?$|source_site|site_(id|code)|(^|_)(cent(er|re)|hospital|institution|batch|plate|scanner)(_|$)/;
const placed = 'where or when it was measured: of use under "site" or "groups", not as an input';

/** On names with `.`, `-` and spaces as `_`, in lower case. */
const byName: readonly (readonly [RegExp, string])[] = [
  [/(^|_)days_to_(?!birth)|follow_?up|survival|(^|_)time_to_|_time$|^time$/, followed],
  [/(^|_)(os|pfs|dss|pfi|pfs|dfs|dfi|rfs|efs|ttp)(_|$)/, followed],
  [/vital|death|(^|_)(dead|died|deceased|alive)(_|$)|censor/, followed],
  [/recurren|relapse|progress|new_tumou?r_event|last_contact/, followed],
  [/^(event|fustat|futime|duration|days|weeks|months)$|_event$/, followed],
  [/^status$|(^|_)(disease|tumou?r|cancer|event|person_neoplasm)_status|neoplasm_cancer_status/, followed],
  [/(^|_)date(_|$)|_date$|(^|_)year_of_(?!birth)/, 'calendar time, which goes with the length of follow-up'],
  [/therap|treatment|radiation|chemo|residual/, 'treatment, which comes after the measurements or answers to them'],
  [/cluster|subtype|pam50|consensus|oncosign/, derived],
  [/^(mrna|mirna|rna|dna|cnv|scna|rppa|protein|methy\w*|mutation)(_|$)|^methyl/, derived],
  [/purity|ploidy|doubling|aneuploid/, derived],
];

/**
 * Why a column of a clinical record is left out of the draft; undefined: it is kept.
 * @param endPoints columns of times and states, of whatever end point
 */
export function suspicion(
  column: Column,
  table: Table,
  told: Told,
  assays: readonly NamedIds[],
  endPoints: ReadonlySet<string>,
): string | undefined {
  return (
    emptiness(column, table) ??
    suspicionByName(column.name) ??
    (endPoints.has(column.name) ? followed : undefined) ??
    (isName(column, table) ? 'a name, different for every subject' : undefined) ??
    (isClusterNames(column) ? 'its values are numbered names, as published clusters are' : undefined) ??
    givenAway(column, table, told) ??
    fromAssay(column, table, assays)
  );
}

/** What a column of that name most often holds, where that may give the outcome away. */
export function suspicionByName(name: string): string | undefined {
  return byName.find(([pattern]) => pattern.test(plain(name)))?.[1] ?? (namesOrigin(name) ? placed : undefined);
}

/** Whether a column of that name most often tells where a subject was measured. */
export function namesOrigin(name: string): boolean {
  return origin.test(plain(name));
}

/** Columns that by name and values say where subjects were measured, and why they are no inputs. */
export function origins(table: Table): Map<string, string> {
  return new Map(groupColumns(table).map((name) => [name, placed]));
}

/** Columns that say where subjects come from and have several subjects in a group. */
export function groupColumns({ columns, ids }: Table): string[] {
  const some = columns.filter((column) => namesOrigin(column.name) && (column.kind === 'text' || column.whole));
  const levels = (column: Column) => (column.kind === 'text' ? column.levels.length : new Set(column.values).size);
  return some.filter((column) => levels(column) > 1 && levels(column) < ids.length / 2).map(({ name }) => name);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '_');
}

/** Texts, rather than numbers with a slip among them, which the product refuses with its line. */
export function isText(column: Column): column is TextColumn {
  return column.kind === 'text' && column.numeric <= rowsOf(column).length / 2;
}

function emptiness(column: Column, table: Table): string | undefined {
  const measured = rowsOf(column);
  if (measured.length === 0) return 'empty';
  const same = column.kind === 'text' ? column.levels.length < 2 : column.min === column.max;
  return same && measured.length === table.ids.length ? 'the same for everyone' : undefined;
}

function isName(column: Column, { ids }: Table): boolean {
  const measured = rowsOf(column).length;
  if (isText(column)) return measured >= 10 && column.levels.length > 0.9 * measured;
  const numbered = /(^|[\W_])(id|number|no|barcode|index)$/i.test(column.name);
  return numbered && column.kind === 'number' && column.whole && new Set(column.values).size === ids.length;
}

/** `COC1`, `COC2` under `COC`, or `C1A` and `C1B` under `C1A.C1B`. */
function isClusterNames(column: Column): boolean {
  if (column.kind !== 'text' || column.levels.length < 2) return false;
  const name = column.name.toLowerCase();
  const levels = column.levels.map((level) => level.toLowerCase());
  const numbered = levels.every((level) => level.startsWith(name) && /^[\W_]?\d+$/.test(level.slice(name.length)));
  return numbered || levels.join(' ') === name.split(/[^a-z0-9]+/).join(' ');
}

/**
 * A column that alone tells the target: by its levels, by its order (AUROC), by where it is empty, or as a copy of the time
 * or the value. Thresholds at .98 let typing errors pass; few subjects tell nothing.
 */
export function givenAway(column: Column, { ids }: Table, told: Told): string | undefined {
  const { labelOf, classes, measureOf, words } = told;
  if (measureOf && column.kind === 'number') {
    const rows = rowsOf(column).filter((row) => measureOf.has(ids[row]));
    const measure = ids.map((id) => measureOf.get(id) ?? 0);
    if (rows.length >= 10 && follows(column.values, measure, rows)) return 'goes with the target as a copy of it does';
  }
  const labelled = ids.map((id, row) => ({ row, label: labelOf.get(id) })).filter(hasLabel);
  const measured = labelled.filter(({ row }) => column.observed[row] === 1);
  if (purity(labelled.map(({ row, label }) => [column.observed[row], label])) >= almostAll) {
    return `whether it is empty tells ${words}`;
  }
  const value = (row: number) => (column.kind === 'text' ? column.codes[row] : column.values[row]);
  const levels = new Set(measured.map(({ row }) => value(row))).size;
  if (levels <= Math.max(classes, measured.length / 3)) {
    const pure = purity(measured.map(({ row, label }) => [value(row), label]));
    if (pure >= almostAll) return `its values tell ${words}, one by one`;
  }
  if (classes !== 2 || column.kind === 'text') return undefined;
  const events = measured.filter(({ label }) => label === 1).length;
  if (Math.min(events, measured.length - events) < 5) return undefined;
  const area =
    auroc(
      measured.map(({ row }) => value(row)),
      measured.map(({ label }) => label),
    ) ?? 0.5;
  return Math.max(area, 1 - area) > almostAll
    ? `alone it tells ${words} (AUROC ${Math.max(area, 1 - area).toFixed(3)})`
    : undefined;
}

const almostAll = 0.98;

function hasLabel(one: { row: number; label: number | undefined }): one is { row: number; label: number } {
  return one.label !== undefined;
}

/** The share of subjects in the commonest class of their value; 0 where one value or one class has nearly all. */
function purity(pairs: readonly (readonly [value: number, label: number])[]): number {
  const tally = new Map<number, Map<number, number>>();
  const classes = new Map<number, number>();
  for (const [value, label] of pairs) {
    const counts = tally.get(value) ?? new Map<number, number>();
    tally.set(value, counts.set(label, (counts.get(label) ?? 0) + 1));
    classes.set(label, (classes.get(label) ?? 0) + 1);
  }
  const largest = Math.max(0, ...classes.values());
  if (pairs.length < 20 || tally.size < 2 || largest > 0.95 * pairs.length) return 0;
  let pure = 0;
  for (const counts of tally.values()) pure += Math.max(...counts.values());
  return pure / pairs.length;
}

/** The subjects of an assay. */
export interface NamedIds {
  readonly name: string;
  readonly ids: ReadonlySet<string>;
}

/** A column that is known only of those who have an assay, and of nearly all of them, was probably computed from it. */
function fromAssay(column: Column, { ids }: Table, assays: readonly NamedIds[]): string | undefined {
  const empty = ids.filter((_, row) => !column.observed[row]);
  if (empty.length < 5) return undefined;
  const hollow = new Set(empty);
  const source = assays.find((assay) => {
    const without = ids.filter((id) => !assay.ids.has(id));
    return without.length >= 5 && without.every((id) => hollow.has(id)) && empty.length <= 1.25 * without.length;
  });
  return source && `known only of those who have ${source.name}: perhaps computed from it`;
}

function rowsOf({ observed }: Column): number[] {
  return [...observed.keys()].filter((row) => observed[row] === 1);
}

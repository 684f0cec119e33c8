/** Which column is to be told: candidates by the names of files and columns, the likeliest first. */
import { InputError } from '../../errors.ts';
import { nearestNames } from '../../read/nearest.ts';
import type { Column } from '../../read/table.ts';
import { classesOf, type TargetClasses } from '../target/classes.ts';
import type { DraftTable } from './table.ts';

export interface Candidate extends TargetClasses {
  readonly table: DraftTable;
  readonly score: number;
}

type Scored = readonly (readonly [pattern: RegExp, score: number])[];

/** File names; only the first that fits counts. */
const files: Scored = [
  [/(^|[\W_])(y|labels?|targets?|outcomes?|class(es)?|diagnos[ei]s|response)([\W_]|$)/i, 60],
  [/clinic|pheno|patient|meta|sample|subject|demograph|design|treatment|survival|covariate|record/i, 20],
];

/** Column names. */
const columns: Scored = [
  [/^(y|labels?|targets?|outcomes?|class(es)?)$/i, 45],
  [/vital/i, 42],
  [/^(event|status|os|death|dead|died|deceased|relapsed?|recurren\w*|progress\w*|response|responder)$/i, 36],
  [/diagnosis|disease|(^|_)case|alzheimer|outcome|target|relapse|recurren|response|death|censor|event$/i, 34],
  [/status|subtype|condition|phenotype|(^|[\W_])(group|class|type|grade|genotype)$/i, 25],
];

/** What describes a subject and is seldom the question. */
const background =
  /^(is_?)?(sex|gender|female|male|race|ethnic\w*|age)\b|site|cent(er|re)|batch|plate|hospital|fold|split|date|days/i;

const mostClasses = 20;
const wide = 60;

/** A file of labels has them under whatever name. */
export function holdsLabels({ name, table }: DraftTable): boolean {
  return files[0][0].test(name) || table.columns.length === 1;
}

/** Candidates, likeliest first; of equals the first in the order of files and columns. */
export function outcomeCandidates(tables: readonly DraftTable[]): Candidate[] {
  const found = tables.flatMap((table) => {
    const narrow = table.table.columns.length <= wide;
    const base = holdsLabels(table) ? 60 : narrow ? scoreOf(files, table.name) : -80;
    return table.table.columns.flatMap((column): Candidate[] => {
      if (background.test(column.name)) return [];
      const score = scoreOf(columns, column.name);
      if (base + score < 0 || (score === 0 && base < 60)) return [];
      const classes = classesIn(table, column);
      // Many classes are seldom the question, and often a combination of others.
      return classes ? [{ ...classes, table, score: base + score - (classes.classes.length > 10 ? 15 : 0) }] : [];
    });
  });
  return found.sort((a, b) => b.score - a.score);
}

function classesIn({ table }: DraftTable, column: Column): TargetClasses | undefined {
  try {
    const found = classesOf(table, { column: column.name });
    const counts = found.classes.map((_, k) => found.labels.filter((label) => label === k).length);
    const usable = found.classes.length >= 2 && found.classes.length <= mostClasses && Math.min(...counts) >= 2;
    return usable ? found : undefined;
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/**
 * The column that the user named.
 * @throws InputError where no table has it, or where it holds no classes
 */
export function namedOutcome(tables: readonly DraftTable[], name: string): Candidate[] {
  const having = tables.filter(({ table }) => table.columns.some((column) => column.name === name));
  if (having.length === 0) {
    const all = [...new Set(tables.flatMap(({ table }) => table.columns.map((column) => column.name)))];
    const near = nearestNames(name, all, 3).join(', ');
    throw new InputError({
      where: '--target',
      what: `no table has a column "${name}"`,
      expected: `a column such as ${near}`,
    });
  }
  const narrowest = [...having].sort((a, b) => a.table.columns.length - b.table.columns.length);
  return narrowest.map((table) => ({ ...classesOf(table.table, { column: name }), table, score: 100 }));
}

function scoreOf(scored: Scored, name: string): number {
  return scored.find(([pattern]) => pattern.test(name))?.[1] ?? 0;
}

/** Classes with the subjects of each, or just their number where there are many. */
export function classWords({ classes, labels }: TargetClasses): string {
  const counts = classes.map((name, k) => `${name} (${labels.filter((label) => label === k).length})`);
  return counts.length > 6 ? `${counts.length} classes` : counts.join(', ');
}

/** A column of 1 for "censored" tells the event by its other class. */
export function eventOf({ column, classes }: TargetClasses): string | undefined {
  if (classes.length !== 2) return undefined;
  if (/censor/i.test(column) && classes.includes('0')) return '0';
  return classes[1];
}

/** Columns of times beside an event: the cohort was followed up, for how long is not told to a classifier. */
export function followUpTimes({ table }: DraftTable): string[] {
  const time =
    /survival|days_to_(?!birth)|follow_?up|(^|_)(os|pfs|dss|pfi|dfs|dfi|efs|rfs)([_.](time|months|days|years))?$|time_to/i;
  return table.columns
    .filter((column) => column.kind === 'number' && time.test(column.name) && column.max > 1)
    .map(({ name }) => name);
}

/** Which column is to be told: candidates by the names of files and columns, the likeliest first. */
import { classCounts } from '../../describe/target.ts';
import { InputError } from '../../errors.ts';
import { nearestNames } from '../../read/table/nearest.ts';
import type { Column } from '../../read/table/table.ts';
import { classesOf } from '../target/classes.ts';
import { namedForCensoring } from '../target/status.ts';
import { type Candidate, candidate, ifUsable } from './candidate.ts';
import type { Remark } from './commented.ts';
import { type EndPoint, followUpIn } from './follow-up.ts';
import { isText } from './suspects.ts';
import type { DraftTable } from './table.ts';

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
const survival = 44; // times beside a state: more is known than by the state alone

/** What describes a subject and is seldom the question. */
const background =
  /^(is_?)?(sex|gender|female|male|race|ethnic\w*|age)\b|site|cent(er|re)|batch|plate|hospital|scanner|^(study|cohort|dataset)|fold|split|date|days/i;

const mostClasses = 20;
const mostLevels = 10; // of a numeric column that is meant as classes
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
    const classes = table.table.columns.flatMap((column): Candidate[] => {
      if (background.test(column.name)) return [];
      const score = scoreOf(columns, column.name);
      if (base + score < 0 || (score === 0 && base < 60)) return [];
      const usable = classesIn(table, column, base + score);
      return usable ? [usable] : [];
    });
    return [...classes, ...valueOfLabels(table, classes), ...survivalsIn(table, base, classes)];
  });
  return found.sort((a, b) => b.score - a.score);
}

/** The only column of words of all tables, under whatever name, where its words are few. */
export function onlyWords(tables: readonly DraftTable[]): Candidate[] {
  const words = tables.flatMap((table) =>
    table.table.columns
      .filter((column) => isText(column) && !background.test(column.name))
      .map((column) => ({ table, column })),
  );
  const [only, ...others] = words;
  if (!only || others.length > 0) return [];
  const usable = classesIn(only.table, only.column, 0);
  return usable ? [usable] : [];
}

/** End points of a narrow table; one is likelier than its state taken as classes, which would ignore censoring. */
function survivalsIn(table: DraftTable, base: number, classes: readonly Candidate[]): Candidate[] {
  if (base < 0) return [];
  return followUpIn(table.table).endPoints.flatMap((end) => {
    const state = classes.find(({ column }) => column === end.status);
    const score = Math.max(base + survival, (state?.score ?? 0) + 1);
    return ifUsable(() => survivalCandidate(table, end, score)) ?? [];
  });
}

function survivalCandidate(table: DraftTable, end: EndPoint, score: number): Candidate {
  const { time, timeUnit, status, event, remarks } = end;
  const entry = { time: time.length > 1 ? [...time] : time[0], timeUnit, status, event };
  return candidate({ table, column: time[0], entry, remarks, score });
}

/** The only column of a file of labels, where it is a measurement. */
function valueOfLabels(table: DraftTable, classes: readonly Candidate[]): Candidate[] {
  const [only, ...others] = table.table.columns;
  if (classes.length > 0 || others.length > 0 || !files[0][0].test(table.name) || !isMeasured(only)) return [];
  const value = ifUsable(() => valueCandidate(table, only, 60));
  return value ? [value] : [];
}

function valueCandidate(table: DraftTable, { name }: Column, score: number): Candidate {
  return candidate({ table, column: name, entry: { kind: 'value', column: name }, score });
}

function isMeasured(column: Column): boolean {
  return column.kind === 'number' && new Set(column.values.filter((_, row) => column.observed[row])).size > mostLevels;
}

function classesIn(table: DraftTable, column: Column, score: number): Candidate | undefined {
  const found = ifUsable(() => classCandidate(table, column, score));
  if (found?.target.kind !== 'classes') return undefined;
  const many = found.target.classes.length;
  if (many < 2 || many > mostClasses || Math.min(...classCounts(found.target)) < 2) return undefined;
  // Many classes are seldom the question, and often a combination of others.
  return many > 10 ? { ...found, score: score - 15 } : found;
}

/** Of two classes the event is the second; of a column of 1 for "censored" it is 0. */
function classCandidate(table: DraftTable, column: Column, score: number): Candidate {
  const { classes } = classesOf(table.table, { column: column.name });
  if (classes.length !== 2) return candidate({ table, column: column.name, entry: { column: column.name }, score });
  const turned = namedForCensoring(column.name) && classes.includes('0');
  const text = turned ? '0' : classes[1];
  const event = column.kind === 'number' ? Number(text) : text;
  const why = `the class whose probability is told${turned ? '; by its name, 1 means censored' : ''}`;
  const remarks: Remark[] = [{ path: ['target', 'event'], beside: why }];
  return candidate({ table, column: column.name, entry: { column: column.name, event }, remarks, score });
}

/**
 * The column that the user named: a time is that of a survival target, where its table tells the state; other measurements
 * are values, the rest are classes. After it the survival of a named state.
 *
 * @throws InputError where no table has it, or where it holds no such thing
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
  const named = narrowest.map((table) => {
    const column = table.table.columns.find((one) => one.name === name) as Column;
    const end = followUpIn(table.table).endPoints.find(({ time }) => time.includes(name));
    if (end) return survivalCandidate(table, end, 100);
    return isMeasured(column) ? valueCandidate(table, column, 100) : classCandidate(table, column, 100);
  });
  return [
    ...named,
    ...narrowest.flatMap((table) => survivalsIn(table, 0, []).filter((end) => end.entry.status === name)),
  ];
}

/** End points whose columns are there, and the reason why they cannot be told. */
export function unusableEndPoints(tables: readonly DraftTable[]): string[] {
  return tables
    .filter(({ table }) => table.columns.length <= wide)
    .flatMap((table) =>
      followUpIn(table.table).endPoints.flatMap((end) => {
        try {
          survivalCandidate(table, end, 0);
          return [];
        } catch (error) {
          if (error instanceof InputError)
            return [`no survival by ${end.time.join(', ')} and ${end.status}: ${error.message}`];
          throw error;
        }
      }),
    );
}

function scoreOf(scored: Scored, name: string): number {
  return scored.find(([pattern]) => pattern.test(name))?.[1] ?? 0;
}

/** The draft as a YAML document: entries, and at each a comment on what was seen, guessed or left out. */
import { commentedYaml, type Remark } from './commented.ts';
import type { DraftModality } from './modality.ts';
import { type Candidate, classWords, eventOf, followUpTimes } from './outcome.ts';
import type { DraftSplit } from './split.ts';
import { groupColumns } from './suspects.ts';
import { type DraftTable, fileNames } from './table.ts';

export interface Drafted {
  readonly name: string;
  readonly target: Candidate;
  readonly others: readonly Candidate[];
  readonly modalities: readonly DraftModality[];
  readonly split?: DraftSplit;
}

const head = `Drafted by "consilience init" from the names and values in this folder: guesses, each with its reason.
Read it once through. Inputs that were told by or after the outcome make every figure worthless.`;

export function studyYaml({ name, target, others, modalities, split }: Drafted): string {
  const remarks: Remark[] = modalities.flatMap((modality) => modality.remarks);
  const study: Record<string, unknown> = { kind: 'study', version: 1, name };
  study.target = { ...tableEntry(target.table), column: target.column, ...eventEntry(target) };
  remarks.push({ path: ['target'], above: targetWords(target, others) }, { path: ['target', 'file'], flow: true });
  if (eventOf(target) !== undefined) {
    remarks.push({ path: ['target', 'event'], beside: 'the class whose probability is told' });
  }
  study.modalities = Object.fromEntries(modalities.map(({ table, entry }) => [table.name, entry]));
  if (split) {
    const { table, fold, role, train, test } = split;
    study.split = { ...tableEntry(table), ...(fold !== undefined && { fold }), role, train, test };
    remarks.push({ path: ['split'], above: splitWords(split) }, { path: ['split'], flow: true });
  }
  const isGiven = split !== undefined || hasBothParts([target.table, ...modalities.map(({ table }) => table)]);
  study.protocol = protocolOf(target, isGiven);
  remarks.push({ path: ['protocol'], above: protocolWords(target, isGiven) }, { path: ['protocol'], flow: true });
  return commentedYaml(study, remarks, head);
}

function tableEntry({ files, key, turned }: DraftTable): object {
  return {
    file: files,
    ...(key !== undefined && { key }),
    ...(turned && { orientation: 'features-by-subjects' }),
  };
}

function eventEntry(target: Candidate): object {
  const event = eventOf(target);
  if (event === undefined) return {};
  const column = target.table.table.columns.find(({ name }) => name === target.column);
  return { event: column?.kind === 'number' ? Number(event) : event };
}

function targetWords(target: Candidate, others: readonly Candidate[]): string {
  const { labels, table, column } = target;
  const lines = [`${labels.length} subjects: ${classWords(target)}.`];
  if (others.length > 0) {
    const named = others.slice(0, 6).map((other) => `${other.column} (${fileNames(other.table.files)})`);
    lines.push(`Also possible: ${named.join(', ')}${others.length > 6 ? ', ...' : ''}.`);
  }
  const times = followUpTimes(table);
  if (times.length > 0) {
    lines.push(
      `With ${times.join(', ')} in the table this is an outcome of follow-up. Survival targets are not there yet: told is whether the event was seen at all, and who was followed shortly counts as without it.`,
    );
  }
  if (/censor/i.test(column)) lines.push(`By its name ${column} is 1 for censored, so that 0 is the event.`);
  const groups = groupColumns(table.table);
  if (groups.length > 0) {
    lines.push(`To keep subjects of one origin on one side of every split, add "groups: ${groups[0]}" below.`);
  }
  return lines.join('\n');
}

function splitWords({ fold, train, test }: DraftSplit): string {
  const words = `Trained on ${train.join(' and ')}, tested on ${test.join(' and ')}${fold === undefined ? '' : ', once for each fold'}.`;
  return /^val|^dev/i.test(test[0])
    ? `${words} No role says test; if models were chosen on these, figures flatter.`
    : words;
}

function hasBothParts(tables: readonly DraftTable[]): boolean {
  return tables.some(({ parts }) => parts?.train !== undefined && parts.test !== undefined);
}

function protocolOf({ classes, labels }: Candidate, isGiven: boolean): object {
  const metric = classes.length === 2 ? 'auroc' : 'balancedErrorRate';
  if (isGiven) return { kind: 'given', metric, margin: 0.02 };
  const smallest = Math.min(...classes.map((_, k) => labels.filter((label) => label === k).length));
  return { kind: 'cross-validation', folds: Math.max(2, Math.min(5, smallest)), repeats: 5, metric, margin: 0.02 };
}

function protocolWords({ classes }: Candidate, isGiven: boolean): string {
  const what = isGiven ? 'The split that the data came with.' : 'Stratified folds, repeated.';
  const metric = classes.length === 2 ? 'AUROC' : 'balanced error rate';
  return `${what} The verdict rests on ${metric}; a difference within the margin is of no practical meaning. Set both before looking.`;
}

/** The draft as a YAML document: entries, and at each a comment on what was seen, guessed or left out. */
import { asClasses, classCounts } from '../../describe/target.ts';
import { type Candidate, nameOf, targetWords } from './candidate.ts';
import { commentedYaml, type Remark } from './commented.ts';
import type { DraftModality } from './modality.ts';
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
  const tables = modalities.map(({ table }) => table);
  const about = [aboutTarget(target, others), ...aboutOrigins(target.table, tables)];
  const study: Record<string, unknown> = { kind: 'study', version: 1, name };
  study.target = { ...tableEntry(target.table), ...target.entry };
  remarks.push({ path: ['target'], above: about.join('\n') }, { path: ['target', 'file'], flow: true });
  remarks.push({ path: ['target', 'time'], flow: true }, ...target.remarks);
  study.modalities = Object.fromEntries(modalities.map(({ table, entry }) => [table.name, entry]));
  if (split) {
    const { table, fold, role, train, test } = split;
    study.split = { ...tableEntry(table), ...(fold !== undefined && { fold }), role, train, test };
    remarks.push({ path: ['split'], above: splitWords(split) }, { path: ['split'], flow: true });
  }
  const isGiven = split !== undefined || hasBothParts([target.table, ...tables]);
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

function aboutTarget(target: Candidate, others: readonly Candidate[]): string {
  const { ids, table, column, entry } = target;
  const lines = [`${ids.length} subjects: ${targetWords(target)}.`];
  const same = others.filter((other) => other.table === table);
  const asState = same.find((other) => other.column === entry.status);
  const asSurvival = same.find((other) => other.entry.status === column);
  if (asState) {
    lines.push(
      `Survival, since ${table.name} has the times: as classes, ${entry.status} would count who was followed for a short while as free of the event. Only where everyone was followed equally long: --target ${entry.status}.`,
    );
  }
  if (asSurvival) {
    lines.push(
      `Told is whether the event was seen at all, and who was followed for a short while counts as without it. With ${[asSurvival.entry.time].flat().join(', ')} in the table, survival is likelier to be meant: --target ${asSurvival.column}.`,
    );
  }
  const possible = others.filter((other) => other !== asState && other !== asSurvival);
  if (possible.length > 0) {
    const named = possible.slice(0, 6).map((other) => `${nameOf(other)} (${fileNames(other.table.files)})`);
    lines.push(`Also possible: ${named.join(', ')}${possible.length > 6 ? ', ...' : ''}.`);
  }
  return lines.join('\n');
}

/** What a study may say of where subjects were measured: proposed, since a draft cannot know whether it matters. */
function aboutOrigins(target: DraftTable, tables: readonly DraftTable[]): string[] {
  const [found] = [target, ...tables].flatMap((table) =>
    groupColumns(table.table).map((column) => ({ table, column })),
  );
  if (!found) return [];
  const { table, column } = found;
  if (table !== target && typeof table.files !== 'string') return []; // a study takes groups and sites from one file
  const key = table.key === undefined ? '' : `, key: ${table.key}`;
  const turned = table.turned ? ', orientation: features-by-subjects' : '';
  const where = table === target ? column : `{ file: ${fileNames(table.files)}${key}${turned}, column: ${column} }`;
  return [
    `To keep subjects of one origin on one side of every split, add "groups: ${where}" below; for steps that adjust for it:`,
    `site: ${where}`,
  ];
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

/** The metric of each kind of target, as the study file and as people call it. */
function metricOf({ target }: Candidate): readonly [metric: string, words: string] {
  if (target.kind === 'survival') return ['harrellC', "Harrell's C"];
  if (target.kind === 'value') return ['rSquared', 'R²'];
  return target.classes.length === 2 ? ['auroc', 'AUROC'] : ['balancedErrorRate', 'balanced error rate'];
}

function protocolOf(candidate: Candidate, isGiven: boolean): object {
  const { target, ids } = candidate;
  const [metric] = metricOf(candidate);
  if (isGiven) return { kind: 'given', metric, margin: 0.02 };
  const counts = classCounts(asClasses(target));
  const most = target.kind === 'value' ? ids.length : target.kind === 'survival' ? counts[1] : Math.min(...counts);
  return { kind: 'cross-validation', folds: Math.max(2, Math.min(5, most)), repeats: 5, metric, margin: 0.02 };
}

function protocolWords(candidate: Candidate, isGiven: boolean): string {
  const what = isGiven ? 'The split that the data came with.' : 'Stratified folds, repeated.';
  const [, words] = metricOf(candidate);
  return `${what} The verdict rests on ${words}; a difference within the margin is of no practical meaning. Set both before looking.`;
}

/** A folder of tables becomes the draft of a study file, with what was seen and what was doubtful as comments. */
import { basename, resolve } from 'node:path';
import { asClasses } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import type { Column } from '../read/table/table.ts';
import { type Candidate, nameOf, targetWords } from './draft/candidate.ts';
import { studyYaml } from './draft/document.ts';
import { followUpIn } from './draft/follow-up.ts';
import { type DraftModality, draftModality } from './draft/modality.ts';
import { holdsLabels, namedOutcome, onlyWords, outcomeCandidates, unusableEndPoints } from './draft/outcome.ts';
import { readSheets, type Sheet } from './draft/sheets.node.ts';
import { bestSplit, splitIn } from './draft/split.ts';
import { placeSubjects } from './draft/subjects.ts';
import { isText, type Told } from './draft/suspects.ts';
import { type DraftTable, fileNames, repeatsSubjects } from './draft/table.ts';
import { parseStudy } from './parse.ts';

export interface StudyDraft {
  /** The study file: valid as it stands, commented. */
  readonly text: string;
  /** What was recognised, a line each. */
  readonly found: readonly string[];
  /** What could not be decided, or was left out: to be looked at before the draft is used. */
  readonly undecided: readonly string[];
}

/**
 * Drafts a study from the CSV and TSV files of a folder (gzipped or not; subfolders are not read). A time beside a state
 * (days to death, vital status) is drafted as survival, a named column of many numbers as a value. Which column names the
 * subjects, what is training and test, what is to be told and what gives it away are guesses from names and values, so
 * each is said in a comment.
 *
 * @param options.target the column to be told, where the likeliest is not meant
 * @throws InputError where the folder holds no tables, or none that could be told or measured
 */
export async function draftStudy(folder: string, options: { readonly target?: string } = {}): Promise<StudyDraft> {
  const { sheets, unread } = await readSheets(folder);
  if (sheets.length === 0) {
    const got = unread[0] ?? 'no such file';
    throw new InputError({ where: folder, what: 'no table to read', expected: 'CSV or TSV files', got });
  }
  const { tables, stray } = await placed(sheets);
  const splits = tables.map(splitIn).filter((split) => split !== undefined);
  const isSplit = (table: DraftTable) => splits.some((split) => split.table === table);
  const long = tables.filter((table) => !isSplit(table) && repeatsSubjects(table));
  const usable = tables.filter((table) => !isSplit(table) && !long.includes(table));

  const leftOut = [
    ...long.map(({ files }) => `${fileNames(files)}: several rows a subject, which is not read yet; left out`),
    ...stray.map(
      ({ files }) =>
        `${fileNames(files)}: ${sheets.length > 1 ? 'shares no subject with the other tables' : 'no column names one subject a row'}; left out`,
    ),
    ...unread.map((message) => `${message}; left out`),
  ];
  if (usable.length === 0) {
    const expected = 'CSV or TSV files with a row or a column for each subject';
    throw new InputError({ where: folder, what: 'no table to use', expected, got: leftOut[0] ?? 'splits only' });
  }
  const candidates = options.target === undefined ? likely(usable) : namedOutcome(usable, options.target);
  const [target, ...others] = candidates;
  if (!target) throw noTarget(folder, usable);
  const { modalities, labels } = draftModalities(usable, target, toldBy(target));
  if (modalities.length === 0) {
    const expected = `measurements beside ${fileNames(target.table.files)}: ${target.column}`;
    throw new InputError({ where: folder, what: 'nothing to tell the target from', expected });
  }
  const split = bestSplit(splits, new Set(target.ids));
  const text = studyYaml({ name: basename(resolve(folder)), target, others, modalities, ...(split && { split }) });
  parseStudy(text, 'study.yaml');
  return {
    text,
    found: foundIn(target, modalities, split && fileNames(split.table.files)),
    undecided: [
      ...target.doubts,
      ...others
        .slice(0, 6)
        .map((other) => `target: ${candidateWords(other)} is possible too (--target ${other.column})`),
      ...unusableEndPoints(usable),
      ...labels.map((table) => `${fileNames(table.files)}: looks like labels, so it is not measured`),
      ...splits
        .filter((other) => other !== split)
        .map(({ table }) => `${fileNames(table.files)}: another split, not used`),
      ...modalities.flatMap(({ undecided }) => undecided),
      ...alike(modalities),
      ...leftOut,
    ],
  };
}

/** By names; where none speaks, the only column of words. */
function likely(tables: readonly DraftTable[]): Candidate[] {
  const found = outcomeCandidates(tables);
  return found.length > 0 ? found : onlyWords(tables);
}

/** Tables by subjects, and those without any in common with the others. */
async function placed(sheets: readonly Sheet[]): Promise<{ tables: DraftTable[]; stray: Sheet[] }> {
  const places = placeSubjects(sheets.map(({ table }) => table));
  const tables: DraftTable[] = [];
  const stray: Sheet[] = [];
  for (const [s, sheet] of sheets.entries()) {
    const place = places[s];
    const { name, files, parts } = sheet;
    const same = { name, files, ...(parts && { parts }) };
    if (!place) stray.push(sheet);
    else if (place.kind === 'header') {
      const table = await sheet.reread({ orientation: 'features-by-subjects' });
      tables.push({ ...same, table, turned: true });
    } else if (place.first) tables.push({ ...same, table: sheet.table, turned: false });
    else tables.push({ ...same, table: await sheet.reread({ key: place.column }), key: place.column, turned: false });
  }
  return { tables, stray };
}

/** What the classes of each kind of target tell (`asClasses`). */
const wordsOf = {
  classes: 'the target',
  survival: 'who had the event',
  value: 'whether the target is above its median',
};

function toldBy({ columns, ids, target }: Candidate): Told {
  const { classes, labels } = asClasses(target);
  const measure = target.kind === 'survival' ? target.timeDays : target.kind === 'value' ? target.values : undefined;
  return {
    columns,
    labelOf: new Map(ids.map((id, i) => [id, labels[i]])),
    classes: classes.length,
    words: wordsOf[target.kind],
    ...(measure && { measureOf: new Map(ids.map((id, i) => [id, measure[i]])) }),
  };
}

function draftModalities(
  tables: readonly DraftTable[],
  target: Candidate,
  told: Told,
): { modalities: DraftModality[]; labels: DraftTable[] } {
  const isLabels = (table: DraftTable) =>
    holdsLabels(table) && (table === target.table || table.table.columns.every(isText));
  const measured = tables.filter((table) => !isLabels(table));
  const assays = measured
    .filter((table) => !isRecord(table, target))
    .map(({ name, table }) => ({ name, ids: new Set(table.ids) }));
  const modalities = measured
    .map((table) => {
      const { columns } = followUpIn(table.table);
      return draftModality(table, told, table === target.table, isRecord(table, target), assays, columns);
    })
    .filter((modality) => modality !== undefined);
  return { modalities, labels: tables.filter((table) => isLabels(table) && table !== target.table) };
}

/** A record of facts about subjects, such as a clinical one, in which the outcome may stand under other names. */
function isRecord(table: DraftTable, target: Candidate): boolean {
  const named = /clinic|pheno|patient|meta|demograph|covariate|record/i.test(table.name);
  const watched = followUpIn(table.table).columns.size > 0;
  return table === target.table || named || watched || table.table.columns.some(isText);
}

/** Two tables with mostly the same columns on the same scale may be two preparations of one measurement. */
function alike(modalities: readonly DraftModality[]): string[] {
  const names = modalities.map(({ table }) => new Set(table.table.columns.map(({ name }) => name)));
  return modalities.flatMap(({ table }, a) =>
    modalities.slice(a + 1).flatMap((other, i) => {
      const shared = [...names[a]].filter((name) => names[a + 1 + i].has(name)).length;
      const smaller = Math.min(names[a].size, names[a + 1 + i].size);
      if (shared < 3 || shared < 0.5 * smaller || modalities[a].entry.scale !== other.entry.scale) return [];
      return [
        `${table.name} and ${other.table.name} share ${shared} columns: keep one if they are the same measurement`,
      ];
    }),
  );
}

function noTarget(folder: string, tables: readonly DraftTable[]): InputError {
  const columns = tables.flatMap(({ table }) => table.columns.filter((column) => levels(column) <= 10));
  const names = columns.slice(0, 8).map(({ name }) => name);
  const got = names.length > 0 ? `columns of few values: ${names.join(', ')}` : 'no column of few values';
  return new InputError({ where: folder, what: 'no column looks like a target', expected: '--target COLUMN', got });
}

function levels(column: Column): number {
  return column.kind === 'text' ? column.levels.length : new Set(column.values).size;
}

function foundIn(target: Candidate, modalities: readonly DraftModality[], split: string | undefined): string[] {
  return [
    `target: ${candidateWords(target)}`,
    ...modalities.map(({ table, seen, leftOut }) => {
      const without = leftOut.length > 0 ? `; ${leftOut.length} left out, for reasons in the file` : '';
      return `${table.name}: ${fileNames(table.files)}, ${seen}${without}`;
    }),
    ...(split ? [`split: ${split}`] : []),
  ];
}

function candidateWords(candidate: Candidate): string {
  return `${fileNames(candidate.table.files)}: ${nameOf(candidate)}, ${targetWords(candidate)}`;
}

/** From a study file to a cohort: files read, columns described, subjects aligned. */
import { basename, dirname, resolve } from 'node:path';
import { alignSubjects } from '../align/subjects.ts';
import { matrix } from '../array/matrix.ts';
import { type Block, type Cohort, cohort } from '../describe/cohort.ts';
import { type DescribedTable, describeTable, matchesAny } from '../describe/describe-table.ts';
import type { Target } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import type { Warning } from '../evaluate/comparison.ts';
import type { GivenSplit } from '../evaluate/protocol.ts';
import { nearestNames } from '../read/nearest.ts';
import type { Table } from '../read/table.ts';
import { bytesOf, type Files, filePaths, type PartedTable, type Place, readOne, readParts } from './files.node.ts';
import { groupsOf } from './groups.ts';
import { outcomeLike } from './outcome-like.ts';
import { parseStudy } from './parse.ts';
import type { StudyFile } from './schema.ts';
import { type Part, splitOfParts, splitsOfTable } from './splits.ts';
import { targetMissing } from './target/column.ts';
import { readTarget } from './target/target.ts';

export interface LoadedStudy {
  readonly study: StudyFile;
  readonly name: string;
  readonly cohort: Cohort;
  readonly target: Target;
  readonly groups?: readonly string[];
  /** The split that the data came with. */
  readonly splits?: readonly GivenSplit[];
  readonly warnings: readonly Warning[];
}

interface Measured extends PartedTable {
  readonly described: DescribedTable;
}

/**
 * Reads a study and everything it names.
 *
 * @param environment what `${NAME}` in paths stands for
 * @throws InputError where the study or a file cannot be used, with what was expected and what came
 */
export async function loadStudy(
  path: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<LoadedStudy> {
  const file = basename(path);
  const study = parseStudy(new TextDecoder().decode(await bytesOf(path, 'study')), file);
  const place: Place = { folder: dirname(resolve(path)), file, environment };
  const entry = typeof study.target === 'string' ? { file: study.target } : study.target;
  const labelled = await readParts(entry.file, { ...entry, missing: entry.missing ?? targetMissing }, place, 'target');
  const told = readTarget(labelled.table, entry);
  const measured = await readModalities(study, told.columns, place);
  refuseIdleExclusions(study, [labelled.table, ...measured.map(({ table }) => table)], file);

  const { subjects, rows, unmatched } = alignSubjects(
    { name: labelled.table.name, ids: told.ids },
    measured.map(({ table }) => table),
  );
  const blocks = measured.map(({ described }, t) => blockFrom(described, rows[t]));
  const groups = await readGroups(study.groups, labelled.table, subjects, place);
  const split = await readSplits(
    study,
    [labelled, ...measured].flatMap(({ parts }) => parts),
    subjects,
    place,
  );
  const target = told.of(subjects);
  return {
    study,
    name: study.name ?? file.replace(/\.ya?ml$/i, ''),
    cohort: cohort(subjects, blocks),
    target,
    ...(groups && { groups }),
    ...(split && { splits: split.splits }),
    warnings: distinct([
      ...labelled.table.warnings,
      ...told.warnings,
      ...measured.flatMap(({ table, described }) => [...table.warnings, ...described.warnings]),
      ...measured.flatMap(({ table }, t) => unlabelled(table, unmatched[t].length)),
      ...bare(blocks, subjects),
      ...blocks.flatMap((block) => outcomeLike(block, target)),
      ...(split?.warnings ?? []),
    ]),
  };
}

async function readModalities(study: StudyFile, targetColumns: readonly string[], place: Place): Promise<Measured[]> {
  const names = Object.keys(study.modalities);
  if (names.length === 0) {
    throw new InputError({ where: `${place.file}: modalities`, what: 'none named', expected: 'at least one' });
  }
  const measured: Measured[] = [];
  for (const name of names) {
    const given = study.modalities[name];
    const entry = typeof given === 'string' ? { file: given } : given;
    const read = await readParts(entry.file, entry, place, `modalities.${name}`);
    const excludeIfThere = [...(study.exclude ?? []), ...outcomeColumns(study, targetColumns, entry.file, place)];
    measured.push({ ...read, described: describeTable(name, read.table, { ...entry, excludeIfThere }) });
  }
  return measured;
}

/** Columns of a modality's files that hold the target or the groups: they are told, not measured. */
function outcomeColumns(study: StudyFile, targetColumns: readonly string[], files: Files, place: Place): string[] {
  const target = typeof study.target === 'string' ? study.target : study.target.file;
  const groups = typeof study.groups === 'string' ? { file: target, column: study.groups } : study.groups;
  const own = new Set(filePaths(files, place, 'modalities'));
  const from = (other: Files) => filePaths(other, place, 'target').some((path) => own.has(path));
  return [...(from(target) ? targetColumns : []), ...(groups && from(groups.file) ? [groups.column] : [])];
}

/** An exclusion that excludes nothing is a typo, and may let the outcome in. */
function refuseIdleExclusions({ exclude = [] }: StudyFile, tables: readonly Table[], file: string): void {
  for (const pattern of exclude) {
    if (tables.some(({ columns }) => columns.some(({ name }) => matchesAny(name, [pattern])))) continue;
    const names = [...new Set(tables.flatMap(({ columns }) => columns.map(({ name }) => name)))];
    const what = `no table has a column "${pattern}"`;
    const expected = `a column of some table, such as ${nearestNames(pattern, names, 3).join(', ')}`;
    throw new InputError({ where: `${file}: exclude`, what, expected });
  }
}

async function readGroups(
  given: StudyFile['groups'],
  targetTable: Table,
  subjects: readonly string[],
  place: Place,
): Promise<string[] | undefined> {
  if (given === undefined) return undefined;
  if (typeof given === 'string') return groupsOf(targetTable, given, subjects);
  return groupsOf(await readOne(given.file, given, place, 'groups'), given.column, subjects);
}

async function readSplits(
  { split }: StudyFile,
  parts: readonly Part[],
  subjects: readonly string[],
  place: Place,
): Promise<{ readonly splits: GivenSplit[]; readonly warnings: Warning[] } | undefined> {
  const own = splitOfParts(parts, subjects);
  if (!split) {
    if (!own) return undefined;
    const left = subjects.length - own.train.length - own.test.length;
    const message = `${left} ${left === 1 ? 'subject stands' : 'subjects stand'} in neither the training nor the test files: left out`;
    return { splits: [own], warnings: left ? [{ code: 'subjects-without-role', message }] : [] };
  }
  return splitsOfTable(await readOne(split.file, split, place, 'split', { repeatedIds: 'allow' }), split, subjects);
}

function blockFrom({ modality, columns }: DescribedTable, rows: Int32Array): Block {
  const width = columns.length;
  const wide = columns.some(({ values }) => values.some(needsFloat64));
  const data = wide ? new Float64Array(rows.length * width) : new Float32Array(rows.length * width); // [subjects, features]
  const observed = new Uint8Array(rows.length * width); // [subjects, features]
  const present = new Uint8Array(rows.length); // [subjects]
  columns.forEach((column, j) => {
    for (let i = 0; i < rows.length; i++) {
      if (rows[i] < 0 || !column.observed[rows[i]]) continue;
      data[i * width + j] = column.values[rows[i]];
      observed[i * width + j] = 1;
      present[i] = 1; // a row without a single value is a subject without the modality
    }
  });
  return { modality, values: matrix(rows.length, width, data), observed, present };
}

/** Whole numbers beyond float32's 24 bits, fractions of such size, and what would vanish in it. */
function needsFloat64(value: number): boolean {
  const size = Math.abs(value);
  return size > 2 ** 24 || (size > 0 && size < 1e-30);
}

function unlabelled({ name, ids }: Table, count: number): Warning[] {
  const message = `${name}: ${count} of ${ids.length} subjects ${count > 1 ? 'have' : 'has'} no target and ${count > 1 ? 'are' : 'is'} left out`;
  return count ? [{ code: 'unlabelled-subjects', message }] : [];
}

function bare(blocks: readonly Block[], subjects: readonly string[]): Warning[] {
  const count = subjects.filter((_, i) => blocks.every(({ present }) => !present[i])).length;
  const message = `${count} ${count > 1 ? 'subjects have' : 'subject has'} a target but no modality: predicted by what is usual in training`;
  return count ? [{ code: 'subjects-without-modality', message }] : [];
}

/** A file that is both target and modality is read twice and would say everything twice. */
function distinct(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((warning) => [warning.message, warning])).values()];
}

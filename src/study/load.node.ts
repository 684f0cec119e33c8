/** From a study file to a cohort: files read, columns described, subjects aligned. */
import { basename, dirname, resolve } from 'node:path';
import { alignSubjects } from '../align/subjects.ts';
import { type Block, type Cohort, cohort, takeSubjects } from '../describe/cohort.ts';
import { type DescribedTable, describeTable, matchesAny } from '../describe/describe-table.ts';
import { type Target, takeTarget } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import type { Warning } from '../evaluate/comparison.ts';
import type { GivenSplit } from '../evaluate/protocol.ts';
import { nearestNames } from '../read/table/nearest.ts';
import type { Table } from '../read/table/table.ts';
import { blockFrom } from './block-from.ts';
import { checkCountSteps } from './count-steps.ts';
import {
  bytesOf,
  type Files,
  filePaths,
  type PartedTable,
  type Place,
  readGeneSets,
  readOne,
  readParts,
} from './files.node.ts';
import { withGeneSets } from './gene-sets.ts';
import { groupsOf } from './groups.ts';
import { checkOneGrid } from './images/one-grid.ts';
import { isPattern } from './images/pattern.node.ts';
import { outcomeLike } from './outcome-like.ts';
import { parseStudy } from './parse.ts';
import type { ModalityEntry, StudyFile } from './schema.ts';
import { checkSites, confounded } from './site.ts';
import { type Part, splitOfParts, splitsOfTable } from './splits.ts';
import { balancedRows, splitsWithin } from './subsample.ts';
import { targetMissing } from './target/column.ts';
import { readTarget } from './target/target.ts';

export interface LoadedStudy {
  readonly study: StudyFile;
  readonly name: string;
  readonly cohort: Cohort;
  readonly target: Target;
  readonly groups?: readonly string[];
  /** The site of each subject; also told to every block. */
  readonly sites?: readonly string[];
  /** The split that the data came with. */
  readonly splits?: readonly GivenSplit[];
  readonly warnings: readonly Warning[];
}

/** A modality as far as it is read before it is known which subjects are used. */
interface Measured extends PartedTable {
  readonly described: Pick<DescribedTable, 'modality' | 'warnings'>;
  /** Its values. Scans are read only now, one at a time. @param rows the table's row of each subject, or -1 */
  block(rows: Int32Array): Promise<Block>;
  /** Of scans, what was noticed while the block was read. */
  noticed?(): readonly Warning[];
}

/**
 * Reads a study and everything it names.
 *
 * @param environment what `${NAME}` in paths stands for
 * @param seed of a subsample; default: the study's own
 * @throws InputError where the study or a file cannot be used, with what was expected and what came
 */
export async function loadStudy(
  path: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  seed?: number,
): Promise<LoadedStudy> {
  const file = basename(path);
  const study = parseStudy(new TextDecoder().decode(await bytesOf(path, 'study')), file);
  const place: Place = { folder: dirname(resolve(path)), file, environment };
  const entry = typeof study.target === 'string' ? { file: study.target } : study.target;
  const labelled = await readParts(entry.file, { ...entry, missing: entry.missing ?? targetMissing }, place, 'target');
  const told = readTarget(labelled.table, entry);
  const measured = await readModalities(study, told, place);
  const described = measured.map(({ described: { modality } }) => modality);
  const counted = checkCountSteps(study, described, file);
  checkOneGrid(study, described, file);
  refuseIdleExclusions(study, [labelled.table, ...measured.map(({ table }) => table)], file);

  const { subjects, rows, unmatched } = alignSubjects(
    { name: labelled.table.name, ids: told.ids },
    measured.map(({ table }) => table),
  );
  const groups = await readGroups(study.groups, 'group', labelled.table, subjects, place);
  const sites = await readGroups(study.site, 'site', labelled.table, subjects, place);
  checkSites(study, sites, file);
  const split = await readSplits(
    study,
    [labelled, ...measured].flatMap(({ parts }) => parts),
    subjects,
    place,
  );
  const read: Block[] = [];
  for (const [t, one] of measured.entries()) read.push(await one.block(rows[t]));
  const all: Aligned = {
    cohort: cohort(subjects, read, sites),
    target: told.of(subjects),
    ...(groups && { groups }),
    ...(sites && { sites }),
    ...(split && { splits: split.splits }),
  };
  const drawBy = seed ?? study.seed ?? 0;
  const part = study.subsample && sites && balancedRows(sites, all.target, drawBy);
  const used = part ? partOf(all, part.rows) : all;
  const { blocks } = used.cohort;
  return {
    study,
    name: study.name ?? file.replace(/\.ya?ml$/i, ''),
    ...used,
    warnings: distinct([
      ...labelled.table.warnings,
      ...told.warnings,
      ...measured.flatMap(({ table, described }) => [...table.warnings, ...described.warnings]),
      ...measured.flatMap((one) => one.noticed?.() ?? []),
      ...measured.flatMap(({ table }, t) => unlabelled(table, unmatched[t], labelled.table)),
      ...counted,
      ...(part?.warnings ?? []),
      ...bare(blocks, used.cohort.subjects),
      ...blocks.flatMap((block) => outcomeLike(block, used.target, told.columns)),
      ...(split?.warnings ?? []),
      ...(used.sites ? confounded(study, blocks, used.sites, used.target, drawBy) : []),
    ]),
  };
}

type Aligned = Omit<LoadedStudy, 'study' | 'name' | 'warnings'>;

function partOf({ cohort: whole, target, groups, sites, splits }: Aligned, rows: Int32Array): Aligned {
  const of = (all: readonly string[]) => Array.from(rows, (row) => all[row]);
  return {
    cohort: takeSubjects(whole, rows),
    target: takeTarget(target, rows),
    ...(groups && { groups: of(groups) }),
    ...(sites && { sites: of(sites) }),
    ...(splits && { splits: splitsWithin(splits, rows) }),
  };
}

async function readModalities(
  study: StudyFile,
  { columns: targetColumns, ids }: Pick<ReturnType<typeof readTarget>, 'columns' | 'ids'>,
  place: Place,
): Promise<Measured[]> {
  const names = Object.keys(study.modalities);
  if (names.length === 0) {
    throw new InputError({ where: `${place.file}: modalities`, what: 'none named', expected: 'at least one' });
  }
  const measured: Measured[] = [];
  for (const name of names) {
    const given = study.modalities[name];
    const entry: ModalityEntry = typeof given === 'string' ? { file: given } : given;
    if (entry.images) {
      measured.push(await readImages(name, entry, place, new Set(ids)));
      continue;
    }
    refusePattern(entry.file, place, `modalities.${name}`);
    const read = await readParts(entry.file, entry, place, `modalities.${name}`);
    const excludeIfThere = [...(study.exclude ?? []), ...outcomeColumns(study, targetColumns, entry.file, place)];
    const described = await grouped(
      describeTable(name, read.table, { ...entry, excludeIfThere }),
      entry.geneSets,
      place,
    );
    measured.push({ ...read, described, block: async (rows) => blockFrom(described, rows) });
  }
  return measured;
}

/** @throws InputError where a file is a pattern of scans and nothing says that it is one */
function refusePattern(file: Files, place: Place, where: string): void {
  const pattern = filePaths(file, place, where).find(isPattern);
  if (pattern === undefined) return;
  const expected = `the key images beside file, as in { file: '${typeof file === 'string' ? file : basename(pattern)}', images: {} }`;
  throw new InputError({ where: `${place.file}: ${where}`, what: 'a pattern of names, which scans have', expected });
}

/** Loaded only for whom it is: reading images takes libraries of its own. */
async function readImages(
  name: string,
  entry: ModalityEntry,
  place: Place,
  wanted: ReadonlySet<string>,
): Promise<Measured> {
  const { imagesOfStudy } = await import('./images/images-of-study.node.ts');
  return imagesOfStudy(name, entry, place, wanted);
}

async function grouped(
  described: DescribedTable,
  given: ModalityEntry['geneSets'],
  place: Place,
): Promise<DescribedTable> {
  if (given === undefined) return described;
  const entry = typeof given === 'string' ? { file: given } : given;
  const where = `modalities.${described.modality.name}.geneSets`;
  const { sets, file } = await readGeneSets(entry.file, place, where);
  return withGeneSets(described, sets, { ...entry, file, where: `${place.file}: ${where}` });
}

/** Columns of a modality's files that hold the target, the groups or the sites: they are told, not measured. */
function outcomeColumns(study: StudyFile, targetColumns: readonly string[], files: Files, place: Place): string[] {
  const target = typeof study.target === 'string' ? study.target : study.target.file;
  const others = [study.groups, study.site].map((one) =>
    typeof one === 'string' ? { file: target, column: one } : one,
  );
  const own = new Set(filePaths(files, place, 'modalities'));
  const from = (other: Files) => filePaths(other, place, 'target').some((path) => own.has(path));
  const told = others.flatMap((one) => (one && from(one.file) ? [one.column] : []));
  return [...(from(target) ? targetColumns : []), ...told];
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
  word: 'group' | 'site',
  targetTable: Table,
  subjects: readonly string[],
  place: Place,
): Promise<string[] | undefined> {
  if (given === undefined) return undefined;
  if (typeof given === 'string') return groupsOf(targetTable, given, subjects, word);
  const table = await readOne(given.file, given, place, word === 'group' ? 'groups' : word);
  return groupsOf(table, given.column, subjects, word);
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

/** Subjects whom the target's table lacks; whoever it has without a target was told of with it. */
function unlabelled({ name, ids }: Table, without: readonly string[], target: Table): Warning[] {
  const there = new Set(target.ids);
  const count = without.filter((id) => !there.has(id)).length;
  const [are, have] = count > 1 ? ['are', 'have'] : ['is', 'has'];
  const message = `${name}: ${count} of ${ids.length} subjects ${are} not in ${target.name}, ${have} no target and ${are} left out`;
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

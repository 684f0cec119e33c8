/** From a study file to a cohort: files read, columns described, subjects aligned. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { alignSubjects } from '../align/subjects.ts';
import { stackTables } from '../align/stack-tables.ts';
import { matrix } from '../array/matrix.ts';
import { type Block, type Cohort, cohort } from '../describe/cohort.ts';
import { type DescribedTable, describeTable, known } from '../describe/describe-table.ts';
import type { Target } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import type { Warning } from '../evaluate/comparison.ts';
import type { GivenSplit } from '../evaluate/protocol.ts';
import { type Column, readTable, type Table, type TableOptions } from '../read/table.ts';
import { parseStudy } from './parse.ts';
import type { StudyFile, TableEntry } from './schema.ts';
import { classesOf, targetMissing } from './target.ts';

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

type Files = string | { readonly train?: string | undefined; readonly test?: string | undefined };

export async function loadStudy(path: string, environment: Readonly<Record<string, string | undefined>> = process.env): Promise<LoadedStudy> {
  const file = basename(path);
  const study = parseStudy(new TextDecoder().decode(await bytesOf(path, path)), file);
  const place: Place = { folder: dirname(resolve(path)), file, environment, missing: undefined };
  const warnings: Warning[] = [];

  const entry = typeof study.target === 'string' ? { file: study.target } : study.target;
  const targetFile = await readParts(entry.file, { ...entry, missing: entry.missing ?? targetMissing }, place, 'target');
  const classes = classesOf(targetFile.table, entry);
  warnings.push(...targetFile.table.warnings, ...classes.warnings);

  const names = Object.keys(study.modalities);
  if (names.length === 0) throw new InputError({ where: `${file}: modalities`, what: 'none named', expected: 'at least one' });
  const described: { table: Table; described: DescribedTable }[] = [];
  const groupColumn = typeof study.groups === 'string' ? study.groups : undefined;
  for (const name of names) {
    const given = study.modalities[name];
    const modality = typeof given === 'string' ? { file: given } : given;
    const { table } = await readParts(modality.file, modality, place, `modalities.${name}`);
    const sameFile = sameFiles(modality.file, entry.file);
    const excludeIfThere = [...(study.exclude ?? []), ...(sameFile ? [classes.column, ...(groupColumn ? [groupColumn] : [])] : [])];
    const one = describeTable(name, table, { ...modality, excludeIfThere });
    warnings.push(...table.warnings, ...one.warnings);
    described.push({ table, described: one });
  }

  const labelled = { name: targetFile.table.name, ids: classes.ids };
  const { subjects, rows, unmatched } = alignSubjects(labelled, described.map(({ table }) => table));
  described.forEach(({ table }, t) => {
    if (unmatched[t].length) {
      warnings.push({ code: 'unlabelled-subjects', message: `${table.name}: ${unmatched[t].length} of ${table.ids.length} subjects have no target and are left out` });
    }
  });
  const blocks = described.map((one, t) => blockOf(one.described, rows[t]));
  const bare = subjects.filter((_, i) => blocks.every(({ present }) => !present[i])).length;
  if (bare) warnings.push({ code: 'subjects-without-modality', message: `${bare} subjects have a target but no modality; they are predicted by the class shares` });
  const label = new Map(classes.ids.map((id, i) => [id, classes.labels[i]]));
  const target: Target = {
    kind: 'classes',
    name: classes.column,
    classes: classes.classes,
    labels: Int32Array.from(subjects, (id) => label.get(id) as number),
  };
  const groups = study.groups === undefined ? undefined : await groupsOf(study.groups, subjects, targetFile.table, place);
  const splits = study.split ? await splitsOf(study.split, subjects, place) : ownSplit(targetFile.parts, subjects);
  return {
    study,
    name: study.name ?? file.replace(/\.ya?ml$/i, ''),
    cohort: cohort(subjects, blocks),
    target,
    ...(groups && { groups }),
    ...(splits && { splits }),
    warnings,
  };
}

interface Place {
  readonly folder: string;
  readonly file: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly missing: readonly string[] | undefined;
}

interface Parts {
  readonly table: Table;
  /** Ids of the training and of the test file, where there are two. */
  readonly parts: { readonly train: readonly string[]; readonly test: readonly string[] } | undefined;
}

async function readParts(files: Files, options: Partial<TableEntry>, place: Place, where: string): Promise<Parts> {
  if (typeof files === 'string') return { table: await readOne(files, options, place, where), parts: undefined };
  const train = files.train === undefined ? undefined : await readOne(files.train, options, place, where);
  const test = files.test === undefined ? undefined : await readOne(files.test, options, place, where);
  const table = train && test ? stackTables(train, test) : (train ?? test);
  if (!table) throw new InputError({ where: `${place.file}: ${where}.file`, what: 'neither a training nor a test file', expected: 'train, test or both' });
  return { table, parts: { train: train?.ids ?? [], test: test?.ids ?? [] } };
}

async function readOne(path: string, options: Partial<TableEntry>, place: Place, where: string, more: Partial<TableOptions> = {}): Promise<Table> {
  const file = resolve(place.folder, expand(path, place, where));
  const { key, separator, encoding, orientation, missing } = options;
  return readTable(await bytesOf(file, `${place.file}: ${where}`), {
    name: basename(file),
    ...(key !== undefined && { key }),
    ...(separator !== undefined && { separator: separator === 'tab' ? '\t' : separator }),
    ...(encoding !== undefined && { encoding }),
    ...(orientation !== undefined && { orientation }),
    ...(missing !== undefined && { missing }),
    ...more,
  });
}

function expand(path: string, { environment, file }: Place, where: string): string {
  return path.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = environment[name];
    if (value === undefined) {
      throw new InputError({ where: `${file}: ${where}`, what: `the path uses \${${name}}, which is not set`, expected: `an environment variable ${name}` });
    }
    return value;
  });
}

async function bytesOf(path: string, where: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (cause as Error).message;
    throw new InputError({ where, what: `cannot read ${basename(path)}: ${reason}`, got: path, cause });
  }
}

function blockOf({ modality, columns }: DescribedTable, rows: Int32Array): Block {
  const width = columns.length;
  const wide = columns.some(({ values }) => values.some((value) => Number.isInteger(value) && Math.abs(value) > 2 ** 24));
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

function sameFiles(a: Files, b: Files): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

async function groupsOf(given: NonNullable<StudyFile['groups']>, subjects: readonly string[], targetTable: Table, place: Place): Promise<string[]> {
  const table = typeof given === 'string' ? targetTable : await readOne(given.file, given, place, 'groups');
  const column = known(typeof given === 'string' ? given : given.column, table, table.name);
  const row = new Map(table.ids.map((id, i) => [id, i]));
  return subjects.map((id) => {
    const at = row.get(id);
    if (at === undefined || !column.observed[at]) {
      throw new InputError({ where: `${table.name}: column ${column.name}`, what: `subject ${JSON.stringify(id)} has no group`, expected: 'a group for every subject' });
    }
    return textAt(column, at);
  });
}

function textAt(column: Column, row: number): string {
  return column.kind === 'text' ? column.levels[column.codes[row]] : String(column.values[row]);
}

function ownSplit(parts: Parts['parts'], subjects: readonly string[]): GivenSplit[] | undefined {
  if (!parts) return undefined;
  const train = new Set(parts.train);
  const test = new Set(parts.test);
  return [{ train: rowsWhere(subjects, (id) => train.has(id)), test: rowsWhere(subjects, (id) => test.has(id)) }];
}

async function splitsOf(split: NonNullable<StudyFile['split']>, subjects: readonly string[], place: Place): Promise<GivenSplit[]> {
  const table = await readOne(split.file, split, place, 'split', { repeatedIds: 'allow' });
  const role = known(split.role ?? 'role', table, table.name);
  const fold = split.fold === undefined ? undefined : known(split.fold, table, table.name);
  const trains = split.train ?? ['train', 'val'];
  const tests = split.test ?? ['test'];
  const parts = new Map<string, { train: Set<string>; test: Set<string> }>();
  table.ids.forEach((id, row) => {
    const name = fold ? textAt(fold, row) : '';
    let part = parts.get(name);
    if (!part) parts.set(name, (part = { train: new Set(), test: new Set() }));
    const said = textAt(role, row);
    if (trains.includes(said)) part.train.add(id);
    else if (tests.includes(said)) part.test.add(id);
  });
  return [...parts].map(([name, { train, test }]) => {
    const both = [...test].find((id) => train.has(id));
    const where = `${table.name}${fold ? `: ${fold.name} ${name}` : ''}`;
    if (both !== undefined) throw new InputError({ where, what: `subject ${JSON.stringify(both)} is in training and in test` });
    const rows = { train: rowsWhere(subjects, (id) => train.has(id)), test: rowsWhere(subjects, (id) => test.has(id)) };
    if (rows.train.length === 0 || rows.test.length === 0) {
      throw new InputError({ where, what: 'a split without training or test subjects', expected: `roles ${trains.join(', ')} and ${tests.join(', ')}` });
    }
    return rows;
  });
}

function rowsWhere(subjects: readonly string[], keep: (id: string) => boolean): Int32Array {
  return Int32Array.from([...subjects.keys()].filter((i) => keep(subjects[i])));
}

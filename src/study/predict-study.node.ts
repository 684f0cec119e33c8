/** A model and tables of new subjects in, predictions out. Imports no study file, schema or worker: a prediction starts at once. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { stackTables } from '../align/stack-tables.ts';
import { type Block, type Cohort, cohort } from '../describe/cohort.ts';
import { describeAs } from '../describe/describe-as.ts';
import type { DescribedTable } from '../describe/describe-table.ts';
import type { Modality } from '../describe/modality.ts';
import { InputError } from '../errors.ts';
import type { Warning } from '../evaluate/comparison.ts';
import { type Asked, askedBySubject } from '../fuse/asked.ts';
import type { FittedFusion, Prediction } from '../fuse/prediction.ts';
import type { Table } from '../read/table/table.ts';
import { absentBlock, blockFrom } from './block-from.ts';
import { bytesOf, readFileAs } from './files.node.ts';
import { groupsOf } from './groups.ts';
import { namingOddScans } from './images/odd-scans.ts';
import { fromSubject, isPattern, place } from './images/pattern.node.ts';
import { type ModelDescription, type ModelFile, type ModelModality, type ModelSite, readModel } from './model-file.ts';
import { openFusion } from './registry.ts';
import { type Found, findTables } from './tables-of-model.ts';

const largestModel = 2 ** 30; // bytes
const readAtOnce = 256; // subjects

/** @throws InputError where the file is no model that this version can open, or is damaged */
export async function loadModel(path: string): Promise<ModelFile> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size > largestModel) {
    throw new InputError({
      where: path,
      what: 'too large for a model',
      expected: `at most ${largestModel} bytes`,
      got: String(size),
    });
  }
  return readModel(await bytesOf(path, 'model'), basename(path));
}

export interface PredictStudyOptions {
  /** Also give each modality's contribution to each prediction, and what modalities asked each other where they do. */
  readonly explain?: boolean;
  /** Whether what modalities asked each other is among it. Default true. */
  readonly conversation?: boolean;
}

export interface Predicted {
  readonly description: ModelDescription;
  readonly prediction: Prediction;
  /** What modalities asked each other in each subject; only explained, of a fusion whose modalities attend to each other. */
  readonly asked?: readonly Asked[];
  /** What was noticed about the tables: columns and levels the model does not know, modalities that are not there. */
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

/**
 * Predicts new subjects, who need no target.
 *
 * @param data a folder, or files, that hold the tables under the names they had in the study (another ending will do), or
 *   `modality=file`; scans that a pattern named are found in a folder by the same pattern
 * @throws InputError where a table does not hold what the model needs, and where no subject has any of its modalities
 */
export async function predictStudy(
  { description, saved }: ModelFile,
  data: readonly string[],
  { explain = false, conversation = true }: PredictStudyOptions = {},
): Promise<Predicted> {
  const fitted = fusionOf(saved);
  const { modalities, site } = description;
  const tables = findTables(site ? [...modalities, siteTable(site)] : modalities, [
    ...(await listed(data)),
    ...(await scansIn(data, modalities)),
  ]);
  const measured = await Promise.all(
    description.modalities.map((one, m) => (tables[m].length > 0 ? readAs(one, tables[m]) : undefined)),
  );
  const x = await withSites(await cohortOf(modalities, measured), site, tables[modalities.length] ?? []);
  const warnings = [
    ...measured.flatMap((one) => (one ? [...one.table.warnings, ...one.described.warnings] : [])),
    ...measured.flatMap((one) => one?.noticed?.() ?? []),
    ...description.modalities.flatMap(({ modality }, m) => absence(modality.name, measured[m] === undefined)),
    ...bare(x),
  ];
  const prediction = await namingOddScans(warnings, () => applied(() => fitted.apply(x, { explain })));
  const { reader } = fitted;
  // A site's own scale is that of all it has, so its subjects are read together.
  const how = site ? {} : { atOnce: readAtOnce };
  const asked = explain && conversation && reader ? await applied(() => askedBySubject(x, reader, how)) : undefined;
  return { description, prediction, ...(asked && { asked }), warnings };
}

/** Sizes and parts of a forged model that do not fit one another show only when they are used. */
async function applied<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const what = `cannot be applied: ${(cause as Error).message}`;
    throw new InputError({ where: 'model', what, expected: 'a model that `consilience fit` wrote', cause });
  }
}

/** The sites as if they were a modality `site`, so that their file is found as other files are. */
function siteTable({ column, table }: ModelSite): ModelModality {
  const modality: Modality = {
    name: 'site',
    features: [{ name: column, scale: 'nominal' }],
    noise: 'unknown',
    constraint: 'none',
    sampling: { kind: 'once' },
    missingness: 'unknown',
  };
  return { modality, numbers: 'float32', table };
}

/** Without a file of sites the step that asks for them refuses. */
async function withSites(x: Cohort, site: ModelSite | undefined, files: readonly string[]): Promise<Cohort> {
  if (!site || files.length === 0) return x;
  const { files: _, images: __, ...how } = site.table;
  const tables = await Promise.all(files.map((file) => readFileAs(file, how, 'site')));
  return cohort(x.subjects, x.blocks, groupsOf(tables.reduce(stackTables), site.column, x.subjects, 'site'));
}

/** What is wrong inside a model whose checksums are right was forged, or is a fault of the version that wrote it. */
function fusionOf(saved: ModelFile['saved']): FittedFusion {
  try {
    return openFusion(saved);
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const what = `cannot be opened: ${(cause as Error).message}`;
    throw new InputError({ where: 'model', what, expected: 'a model that `consilience fit` wrote', cause });
  }
}

/** Files of a folder by name; pairs and files as they are. */
async function listed(data: readonly string[]): Promise<Found[]> {
  const found = await Promise.all(
    data.map(async (given): Promise<Found[]> => {
      const there = await stat(given).catch(() => undefined);
      if (there?.isDirectory()) {
        const entries = await readdir(given, { withFileTypes: true });
        const files = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
        return files.sort().map((name) => ({ path: join(given, name), name, wanted: false }));
      }
      const at = there ? -1 : given.indexOf('=');
      if (!there && at < 0) {
        const expected = 'a folder, files, or MODALITY=FILE';
        throw new InputError({ where: given, what: 'no such file or folder', expected });
      }
      if (at < 0) return [{ path: given, name: basename(given), wanted: true }];
      const path = given.slice(at + 1);
      return [{ path, name: basename(path), wanted: true, modality: given.slice(0, at) }];
    }),
  );
  return found.flat();
}

/** Patterns of scans that a folder has files for, as they are or from the subject on. */
async function scansIn(data: readonly string[], modalities: readonly ModelModality[]): Promise<Found[]> {
  const patterns = modalities.flatMap(({ modality, table }) => (modality.image ? table.files.filter(isPattern) : []));
  if (patterns.length === 0) return [];
  const { anyFits } = await import('./images/find-scans.node.ts');
  const found: Found[] = [];
  for (const folder of data) {
    if (!(await stat(folder).catch(() => undefined))?.isDirectory()) continue;
    for (const name of new Set(patterns)) {
      for (const pattern of new Set([name, fromSubject(name)])) {
        const path = join(resolve(folder), pattern);
        if (pattern === place || !(await anyFits(path))) continue; // any file would fit the bare place of a subject
        found.push({ path, name, wanted: false });
        break;
      }
    }
  }
  return found;
}

interface Measured {
  readonly table: Table;
  readonly described: Pick<DescribedTable, 'modality' | 'warnings'>;
  block(rows: Int32Array): Promise<Block>;
  /** Of scans, what was noticed while the block was read. */
  noticed?(): readonly Warning[];
}

async function readAs(one: ModelModality, files: readonly string[]): Promise<Measured> {
  const { modality, numbers, table: source } = one;
  if (modality.image) {
    const { imagesOfModel } = await import('./images/images-of-study.node.ts'); // only for whom it is
    return imagesOfModel(one, files);
  }
  const { files: _, images: __, ...how } = source;
  const tables = await Promise.all(files.map((file) => readFileAs(file, how, modality.name)));
  const table = tables.reduce(stackTables);
  const described = describeAs(modality, table);
  return { table, described, block: async (rows) => blockFrom(described, rows, numbers === 'float64') };
}

/** Everybody whom some table names, sorted by id. */
async function cohortOf(
  modalities: readonly ModelModality[],
  measured: readonly (Measured | undefined)[],
): Promise<Cohort> {
  const subjects = [...new Set(measured.flatMap((one) => one?.table.ids ?? []))].sort();
  const blocks: Block[] = [];
  for (const [m, one] of measured.entries()) {
    const row = new Map(one?.table.ids.map((id, i) => [id, i]));
    const rows = Int32Array.from(subjects, (id) => row.get(id) ?? -1);
    blocks.push(one ? await one.block(rows) : absentBlock(modalities[m].modality, subjects.length));
  }
  if (blocks.every(({ present }) => !present.includes(1))) {
    throw new InputError({
      where: 'predict',
      what: 'nobody has any modality of the model',
      expected: `values of ${modalities.map(({ modality }) => modality.name).join(', ')}`,
      got: `${subjects.length} ${subjects.length === 1 ? 'subject' : 'subjects'} without one`,
    });
  }
  return cohort(subjects, blocks);
}

function absence(name: string, absent: boolean): Predicted['warnings'] {
  return absent ? [{ code: 'absent-modality', message: `no table of ${name}: nobody has it` }] : [];
}

function bare({ subjects, blocks }: Cohort): Predicted['warnings'] {
  const count = subjects.filter((_, i) => blocks.every(({ present }) => !present[i])).length;
  const message = `${count} ${count > 1 ? 'subjects have' : 'subject has'} no modality of the model: predicted by what is usual in training`;
  return count ? [{ code: 'subjects-without-modality', message }] : [];
}

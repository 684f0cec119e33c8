/** The tables of a folder as they lie there: files read, training and test parts found by their names. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stackTables } from '../../align/stack-tables.ts';
import { InputError } from '../../errors.ts';
import { readTable, type Table, type TableOptions } from '../../read/table/table.ts';

export type Part = 'train' | 'test';
export type Files = string | { readonly train?: string; readonly test?: string };

export interface Sheet {
  /** The file's name without its ending and part: what a modality would be called. */
  readonly name: string;
  readonly files: Files;
  /** As read with the first column as key; ids may repeat. */
  readonly table: Table;
  /** Ids of each part, where there are parts. */
  readonly parts?: Readonly<Partial<Record<Part, readonly string[]>>>;
  /** Reads it again with another key or the other way round. */
  readonly reread: (options: Partial<TableOptions>) => Promise<Table>;
}

const ending = /\.(csv|tsv|txt)(\.gz)?$/i;

/** @returns the sheets by name, and a line for each file that could not be used */
export async function readSheets(folder: string): Promise<{ sheets: Sheet[]; unread: string[] }> {
  const files = await filesOf(folder);
  const pairs = pairsOf(files);
  const sheets: Sheet[] = [];
  const unread: string[] = [];
  for (const [name, given] of pairs) {
    try {
      const reread = (options: Partial<TableOptions>) => readParts(folder, given, { repeatedIds: 'allow', ...options });
      const { table, parts } = await readParts(folder, given, { repeatedIds: 'allow' });
      sheets.push({ name, files: given, table, ...(parts && { parts }), reread: async (o) => (await reread(o)).table });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      unread.push(error.message);
    }
  }
  return { sheets, unread };
}

async function filesOf(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && ending.test(entry.name) && !/^(readme|licen[cs]e)\b/i.test(entry.name))
      .map(({ name }) => name)
      .sort();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'no such folder' : code === 'ENOTDIR' ? 'not a folder' : message;
    throw new InputError({ where: 'init', what, expected: 'a folder with CSV or TSV files', got: folder, cause });
  }
}

/** Files by the name of what they hold. `rna_train.csv` and `rna-test.csv` are parts of `rna`; one of them may lack. */
function pairsOf(files: readonly string[]): Map<string, Files> {
  const split = files.map((file) => ({ file, ...partOf(file.replace(ending, '')) }));
  const bases = (part: Part) => new Set(split.filter((one) => one.part === part).map(({ base }) => base));
  const trains = bases('train');
  const paired = [...bases('test')].some((base) => trains.has(base)); // else "crash_test.csv" is just a name
  const out = new Map<string, Files>();
  for (const { file, base, part } of split) {
    if (!paired || part === undefined) out.set(unused(file.replace(ending, ''), out), file);
    else out.set(base, inOrder({ ...((out.get(base) as object | undefined) ?? {}), [part]: file }));
  }
  return out;
}

function inOrder({ train, test }: { train?: string; test?: string }): Files {
  return { ...(train !== undefined && { train }), ...(test !== undefined && { test }) };
}

function partOf(stem: string): { base: string; part?: Part } {
  const words = stem.split(/[-_. ]+/);
  const at = words.findIndex((word) => /^(train|training|test|testing)$/i.test(word));
  if (at < 0) return { base: stem };
  const part: Part = /^train/i.test(words[at]) ? 'train' : 'test';
  const base = words.filter((_, i) => i !== at).join('_');
  return { base: base === '' ? 'data' : base, part };
}

/** `rna.csv` and `rna.tsv` are two tables. */
function unused(name: string, taken: ReadonlyMap<string, unknown>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}-${n}`;
  return free;
}

async function readParts(
  folder: string,
  files: Files,
  options: Partial<TableOptions>,
): Promise<{ table: Table; parts?: Partial<Record<Part, readonly string[]>> }> {
  const read = async (file: string) => readTable(await readFile(join(folder, file)), { ...options, name: file });
  if (typeof files === 'string') return { table: await read(files) };
  const train = files.train === undefined ? undefined : await read(files.train);
  const test = files.test === undefined ? undefined : await read(files.test);
  const table = train && test ? stackTables(train, test) : (train ?? test);
  return {
    table: table as Table,
    parts: { ...(train && { train: train.ids }), ...(test && { test: test.ids }) },
  };
}

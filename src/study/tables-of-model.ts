/** Which of the files at hand hold the modalities of a model. */
import { InputError } from '../errors.ts';
import { nearestNames } from '../read/table/nearest.ts';
import type { ModelModality } from './model-file.ts';

/** A file that was given, or found in a folder. */
export interface Found {
  readonly path: string;
  /** Without folders. */
  readonly name: string;
  /** Whether it was named, so that finding no use for it is a mistake. */
  readonly wanted: boolean;
  /** Where it was said which modality it holds. */
  readonly modality?: string;
}

/**
 * The files of each modality: those said to hold it, else those of a name that the study had, else of such a name with
 * another ending (`rna.parquet` for `rna.csv`).
 *
 * @returns modalities x files
 * @throws InputError where a named file fits no modality, two fit alike, or nothing is found at all
 */
export function findTables(modalities: readonly ModelModality[], found: readonly Found[]): string[][] {
  const names = modalities.map(({ modality }) => modality.name);
  for (const { modality, path } of found) {
    if (modality === undefined || names.includes(modality)) continue;
    const [near] = nearestNames(modality, names, 1);
    throw new InputError({
      where: `${modality}=${path}`,
      what: `the model has no modality "${modality}", did you mean "${near}"?`,
      expected: `one of ${names.join(', ')}`,
    });
  }
  const used = new Set<Found>();
  const tables = modalities.map(({ modality: { name }, table }) => {
    const said = found.filter(({ modality }) => modality === name);
    const fitting = said.length > 0 ? said : table.files.flatMap((file) => named(file, found));
    for (const one of fitting) used.add(one);
    return [...new Set(fitting.map(({ path }) => path))];
  });
  const expected = modalities
    .map(({ modality: { name }, table }) => `${table.files.join(' and ')} (${name})`)
    .join(', ');
  const idle = found.find((one) => one.wanted && !used.has(one));
  if (idle) {
    const what = 'which modality this file holds does not show from its name';
    throw new InputError({ where: idle.path, what, expected: `MODALITY=FILE, or one of ${expected}` });
  }
  if (used.size > 0) return tables;
  throw new InputError({
    where: 'predict',
    what: 'no table of any modality of the model',
    expected: `some of ${expected}`,
    got:
      found.length > 0
        ? found
            .slice(0, 5)
            .map(({ name }) => name)
            .join(', ')
        : 'no file',
  });
}

function named(file: string, found: readonly Found[]): Found[] {
  const free = found.filter(({ modality }) => modality === undefined);
  const same = free.filter(({ name }) => name === file);
  const like = same.length > 0 ? same : free.filter(({ name }) => name !== stem(name) && stem(name) === stem(file));
  const [first, second] = like;
  if (second && first.path !== second.path) {
    const got = like.map(({ path }) => path).join(', ');
    throw new InputError({ where: file, what: 'two files that could be it', expected: 'one', got });
  }
  return like;
}

/** The name without the ending of a table. */
function stem(name: string): string {
  return name.replace(/\.gz$/i, '').replace(/\.(?:csv|tsv|txt|parquet)$/i, '');
}

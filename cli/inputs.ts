/** The files that a command reads, none of which it may write over. */
import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { LoadedStudy } from '../src/index.ts';
import type { ModelDescription } from '../src/predict.ts';
import { OutputError } from './output-error.ts';

type Study = LoadedStudy['study'];
type Files = Exclude<Study['target'], string>['file'];

/** The study file and every file it names. */
export function inputsOfStudy(path: string, { target, modalities, groups, site, split }: Study): string[] {
  const named = [target, ...Object.values(modalities), split].map((one) => (typeof one === 'object' ? one.file : one));
  const columns = [groups, site].map((one) => (typeof one === 'object' ? one.file : undefined)); // else of the target's file
  const files = [...named, ...columns].flatMap((one) => (one === undefined ? [] : pathsOf(one)));
  const expanded = files.map((file) => file.replace(/\$\{(\w+)\}/g, (_, name: string) => process.env[name] ?? ''));
  return [path, ...expanded.map((file) => resolve(dirname(path), file))];
}

function pathsOf(files: Files): string[] {
  return (typeof files === 'string' ? [files] : [files.train, files.test]).filter((path) => path !== undefined);
}

/** The model, the files given, and of folders those files that may hold a table of the model. */
export function inputsOfPrediction(
  model: string,
  { modalities, site }: ModelDescription,
  data: readonly string[],
): string[] {
  const tables = [...modalities.map(({ table }) => table), ...(site ? [site.table] : [])];
  const wanted = new Set(tables.flatMap(({ files }) => files.map(stem)));
  const read = data.flatMap((given) => {
    if (identity(given) === undefined) return [given.slice(given.indexOf('=') + 1)];
    if (!statSync(given).isDirectory()) return [given];
    return readdirSync(given).flatMap((name) => (wanted.has(stem(name)) ? [join(given, name)] : []));
  });
  return [model, ...read];
}

function stem(name: string): string {
  return name.replace(/\.gz$/i, '').replace(/\.(?:csv|tsv|txt|parquet)$/i, '');
}

/** Refuses to write over an input, by whatever name or link it goes. */
export function refuseInput(output: string, inputs: readonly string[]): void {
  const mine = identity(output);
  const input = mine === undefined ? undefined : inputs.find((path) => identity(path) === mine);
  if (input === undefined) return;
  const what = `would write over ${basename(input)}, which is read`;
  throw new OutputError({ where: output, what, expected: 'another name' });
}

/** The file itself, behind links and in whatever case its name is spelled. */
function identity(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

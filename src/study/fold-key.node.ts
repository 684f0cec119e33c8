/** What a fold's outcome depends on, as one hash: two runs may share an outcome only where all of it is the same. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cohort } from '../describe/cohort.ts';
import type { Target } from '../describe/target.ts';
import type { Fold } from '../evaluate/protocol.ts';
import { environment } from './environment.node.ts';
import { plainParts } from './plain-data.ts';
import type { StrategySpec } from './strategies.ts';

/** All that `evaluateFold` is handed beside the fold: what is added there is added here. */
export interface FoldInputs {
  readonly cohort: Cohort;
  readonly target: Target;
  readonly strategies: readonly StrategySpec[];
  readonly grid: readonly (readonly string[])[];
}

/**
 * A key for each fold: SHA-256 (hexadecimal) of all that `evaluateFold` is handed, of the code that runs it, and of the
 * package version, Node and ONNX Runtime versions and platform. The input enters as it was read (subjects, values, masks, features, target),
 * not as file bytes: a comment in the study file or another order of rows misses nothing, and what the files mean cannot
 * change unseen (an environment variable in a path, an option of reading). Of the fold enter its seed, its training and
 * test rows among the sorted ids, and its inner folds.
 *
 * @param code hash of the code; default: `codeHash()`
 */
export function foldKeys(inputs: FoldInputs, folds: readonly Fold[], code: string = codeHash()): string[] {
  const common = hashOf({ ...inputs, code, environment: environment() });
  return folds.map((fold) => hashOf({ common, fold }));
}

function hashOf(value: unknown): string {
  const hash = createHash('sha256');
  const { tree, arrays } = plainParts(value);
  hash.update(`${tree}\n`); // holds the type and length of every array
  for (const bytes of arrays) hash.update(bytes);
  return hash.digest('hex');
}

let known: string | undefined;

/**
 * SHA-256 of the code that runs: the built files of `src/` (or its sources, run without a build), by path and content. In a
 * bundle, where this file is no longer at its place, the bundle.
 */
export function codeHash(): string {
  known ??= hashFiles(codeFiles(fileURLToPath(import.meta.url)));
  return known;
}

function codeFiles(own: string): { readonly folder: string; readonly files: readonly string[] } {
  const study = dirname(own);
  const folder = dirname(study);
  if (basename(study) !== 'study' || basename(folder) !== 'src') return { folder: study, files: [basename(own)] };
  const ending = extname(own);
  const below = readdirSync(folder, { recursive: true }).map((path) => String(path).replaceAll('\\', '/'));
  return { folder, files: below.filter((path) => path.endsWith(ending) && !path.endsWith('.d.ts')).sort() };
}

function hashFiles({ folder, files }: ReturnType<typeof codeFiles>): string {
  const hash = createHash('sha256');
  for (const path of files) {
    const content = readFileSync(join(folder, path));
    hash.update(`${path} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

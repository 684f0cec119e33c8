import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../errors.ts';
import type { Comparison } from '../evaluate/comparison.ts';
import { checkResults } from './results-shape.ts';

const comparisonVersion = 1;

/**
 * The comparison in `results.json`, given by its name or by its folder.
 *
 * @throws InputError where the file is no comparison, one of a newer version, or one with a field that is not what it was
 */
export async function readResults(given: string): Promise<{ readonly comparison: Comparison; readonly path: string }> {
  const there = await stat(given).catch(() => undefined);
  const path = there?.isDirectory() ? join(given, 'results.json') : given;
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new InputError({
      where: path,
      what: 'cannot be read',
      expected: 'results.json of a comparison',
      got: cause.message,
      cause,
    });
  });
  const value = parsed(text, path);
  const { kind, version } = value;
  const expected = 'results.json of a comparison';
  if (kind !== 'comparison') {
    const got = kind === undefined ? 'no kind' : `kind ${JSON.stringify(kind)}`;
    throw new InputError({ where: path, what: 'not a comparison', expected, got });
  }
  if (typeof version !== 'number' || version > comparisonVersion) {
    const what = 'written by a newer consilience';
    throw new InputError({ where: path, what, expected: `version ${comparisonVersion} at most`, got: String(version) });
  }
  checkResults(value, path);
  return { comparison: value as unknown as Comparison, path };
}

function parsed(text: string, path: string): Readonly<Record<string, unknown>> {
  let cause: unknown;
  try {
    const value: unknown = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    cause = error;
  }
  const what = cause ? `not JSON: ${(cause as Error).message}` : 'not a JSON object';
  throw new InputError({ where: path, what, expected: 'results.json of a comparison', cause });
}

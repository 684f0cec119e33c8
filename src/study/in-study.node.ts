/** What is wrong in a study is told with its file. */
import { basename } from 'node:path';
import { InputError } from '../errors.ts';
import { bytesOf } from './files.node.ts';
import { parseStudy } from './parse.ts';
import type { StudyFile } from './schema.ts';

/**
 * Does the work of the study at `path`.
 *
 * @throws InputError as the work does; one that names neither the study file nor a file that the study names (`metric`,
 *   `target ill`) is told with the study file before it
 */
export async function inStudy<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const file = basename(path);
    const study = await readAgain(path, file);
    if (!study || [file, ...filesNamed(study)].some((name) => error.where.startsWith(name))) throw error;
    const { where, what, expected, got, cause } = error;
    throw new InputError({
      where: `${file}: ${where}`,
      what,
      ...(expected !== undefined && { expected }),
      ...(got !== undefined && { got }),
      cause,
    });
  }
}

/** Undefined where the study itself is what cannot be read. */
async function readAgain(path: string, file: string): Promise<StudyFile | undefined> {
  try {
    return parseStudy(new TextDecoder().decode(await bytesOf(path, 'study')), file);
  } catch {
    return undefined;
  }
}

/** Files of tables and of gene sets, without folders, as messages name them. */
function filesNamed({ target, modalities, groups, site, split }: StudyFile): string[] {
  const entries = [target, ...Object.values(modalities), groups, site, split];
  const geneSets = Object.values(modalities).flatMap((one) => {
    if (typeof one === 'string' || one.geneSets === undefined) return [];
    return [basename(typeof one.geneSets === 'string' ? one.geneSets : one.geneSets.file)];
  });
  const tables = entries.flatMap((entry, at) => {
    if (entry === undefined) return [];
    if (typeof entry === 'string') return at <= Object.keys(modalities).length ? [basename(entry)] : []; // else a column
    const { file } = entry;
    const files = typeof file === 'string' ? [file] : [file.train, file.test];
    return files.flatMap((one) => (one === undefined ? [] : [basename(one)]));
  });
  return [...tables, ...geneSets];
}

/** A configuration read from its file, with the fitted strategy that it names. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  configuredHybrid,
  type HybridConfig,
  type HybridStream,
  hybridJson,
  InputError,
  parseFitted,
  parseHybrid,
} from '../../src/index.ts';

export interface Configured {
  readonly config: HybridConfig;
  readonly stream: HybridStream;
  /** The file as plain JSON, for the head of a log. */
  readonly json: unknown;
  /** All files that were read. */
  readonly files: readonly string[];
}

/** @throws InputError for a file that cannot be read, or is no configuration */
export async function configured(path: string): Promise<Configured> {
  const text = await textOf(path, 'a configuration');
  const config = parseHybrid(text, path);
  const json = hybridJson(text, path);
  if (config.fitted === undefined) return { config, stream: configuredHybrid(config), json, files: [path] };
  const fitted = resolve(dirname(path), config.fitted);
  const saved = parseFitted(await textOf(fitted, 'a fitted strategy'), config.fitted);
  return { config, stream: configuredHybrid(config, saved), json, files: [path, fitted] };
}

async function textOf(path: string, expected: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new InputError({ where: path, what: 'cannot be read', expected, got: (cause as Error).message, cause });
  }
}

import { dirname, relative } from 'node:path';
import { type Comparison, InputError, readResults, renderReport, writeAll } from '../src/index.ts';
import { checkOutputs } from './check-outputs.ts';

export interface ReportFlags {
  readonly out?: string;
}

/** Makes report.html again from results.json, by default beside it. */
export async function report(results: string, { out }: ReportFlags): Promise<number> {
  const { comparison, path } = await readResults(results);
  const folder = out ?? dirname(path);
  checkOutputs(folder, ['report.html'], [path]);
  const [written] = await writeAll(folder, { 'report.html': await rendered(comparison, path) });
  process.stdout.write(`Report: ${relative(process.cwd(), written)}\nResearch use, not a medical device.\n`);
  return 0;
}

/** A file may call itself a comparison and lack what a page needs: a fault of the file, not of the program. */
async function rendered(comparison: Comparison, path: string): Promise<string> {
  try {
    return await renderReport(comparison);
  } catch (cause) {
    const what = `cannot be shown: ${(cause as Error).message}`;
    throw new InputError({ where: path, what, expected: 'results.json as a comparison wrote it', cause });
  }
}

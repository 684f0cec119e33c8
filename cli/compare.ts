import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  compareStudy,
  predictionsCsv,
  predictionsParquet,
  renderReport,
  renderTable,
  resultsJson,
  writeAll,
} from '../src/index.ts';
import { checkOutputs } from './check-outputs.ts';
import { exitCodes } from './exit-codes.ts';
import { inputsOfStudy } from './inputs.ts';
import { checkFolder } from './output-folder.ts';
import { progressBar } from './progress.ts';

export interface CompareFlags {
  readonly out?: string;
  readonly json?: boolean;
  readonly seed?: number;
  readonly jobs?: number;
  /** Whether finished folds are kept in the output folder, and taken from there. */
  readonly cache?: boolean;
  /** Whether predictions.parquet is written beside predictions.csv. */
  readonly parquet?: boolean;
}

const outputs = ['results.json', 'predictions.csv', 'report.html'];

/** What the cache of folds last said of itself. */
interface Kept {
  readonly folds: number;
  readonly resumed: number;
  readonly kept: number;
  readonly trouble?: string;
}

/** Runs a study and writes report.html, results.json and predictions.csv; prints the table, or the JSON. */
export async function compare(
  study: string,
  { out, json = false, seed, jobs, cache = true, parquet = false }: CompareFlags,
): Promise<number> {
  if (out !== undefined) checkFolder(out);
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const bar = progressBar('comparing');
  const folderOf = (name: string) => out ?? join('consilience-out', folderName(name));
  let cacheFolder = '';
  let last: Kept | undefined;
  const keeping = {
    folder: ({ name }: { readonly name: string }) => (cacheFolder = join(folderOf(name), '.consilience')),
    status(now: Kept) {
      if (now.trouble !== undefined) bar.note(now.trouble);
      if (!last?.resumed && now.resumed > 0) bar.note(`resumed ${now.resumed} of ${folds(now)}`);
      last = now;
    },
  };
  try {
    const { comparison, predictions } = await compareStudy(study, {
      ...(seed !== undefined && { seed }),
      ...(jobs !== undefined && { jobs }),
      ...(cache && { cache: keeping }),
      signal: interrupted.signal,
      progress: bar.update,
      loaded: (loaded) => {
        const { cohort, name } = loaded;
        const names = [...outputs, ...(parquet ? ['predictions.parquet'] : [])];
        checkOutputs(folderOf(name), names, inputsOfStudy(study, loaded.study));
        bar.note(
          `${name}: ${counted(cohort.subjects.length, 'subject', 'subjects')}, ${counted(cohort.blocks.length, 'modality', 'modalities')}`,
        );
      },
    });
    bar.stop();
    const folder = folderOf(comparison.study.name);
    const text = resultsJson(comparison);
    const written = await writeAll(folder, {
      'results.json': text,
      'predictions.csv': predictionsCsv(predictions, comparison.study.target.classes),
      ...(parquet && {
        'predictions.parquet': await predictionsParquet(predictions, comparison.study.target.classes),
      }),
      'report.html': await renderReport(comparison),
    });
    const report = relative(process.cwd(), written.find((file) => file.endsWith('report.html')) as string);
    if (json) process.stdout.write(text);
    else {
      const color = process.stdout.isTTY === true && !process.env.NO_COLOR;
      process.stdout.write(`${renderTable(comparison, { color, width: process.stdout.columns || 100 })}\n\n`);
      process.stdout.write(
        `Report: ${report} (results.json and predictions.csv beside it)\nResearch use, not a medical device.\n`,
      );
    }
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof Error && error.name === 'CancelledError' && last?.kept)) throw error;
    bar.stop();
    const where = relative(process.cwd(), cacheFolder) || '.';
    process.stderr.write(
      `interrupted; ${last.kept} of ${folds(last)} are kept in ${where}, the same command goes on from there\n`,
    );
    return exitCodes.cancelled;
  } finally {
    bar.stop();
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function folds({ folds: many }: Kept): string {
  return counted(many, 'fold', 'folds');
}

/** A study's name as a folder of its own, whatever signs it holds. */
function folderName(study: string): string {
  return study.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^\.+/, '') || 'study';
}

function counted(n: number, one: string, more: string): string {
  return `${n} ${n === 1 ? one : more}`;
}

/** The study that comes with the package, from the build or from the sources. */
export function demoStudy(): string {
  const candidates = ['../../data/tcga-acc/study.yaml', '../data/tcga-acc/study.yaml'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  return candidates.find((path) => existsSync(path)) ?? candidates[0];
}

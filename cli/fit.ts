import { readFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { fitStudy, InputError, type ModelFile, readModel, writeModel } from '../src/index.ts';
import { refuseOther } from './check-outputs.ts';
import { inputsOfStudy, refuseInput } from './inputs.ts';
import { checkFolder } from './output-folder.ts';
import { progressBar } from './progress.ts';
import { replaceFile } from './replace-file.ts';

export interface FitFlags {
  readonly strategy: string;
  readonly out: string;
  readonly seed?: number;
  readonly json?: boolean;
  readonly force?: boolean;
}

/** Fits one strategy on everybody and writes the model; prints what it is, or its description as JSON. */
export async function fitModel(
  study: string,
  { strategy, out, seed, json = false, force = false }: FitFlags,
): Promise<number> {
  checkFolder(dirname(out), `--out ${out}`);
  refuseOther(out);
  if (!force) await refuseNoModel(out);
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const { note } = progressBar('fitting');
  try {
    const { model, warnings } = await fitStudy(study, {
      strategy,
      ...(seed !== undefined && { seed }),
      signal: interrupted.signal,
      loaded: (loaded) => {
        refuseInput(out, inputsOfStudy(study, loaded.study));
        const { name, cohort } = loaded;
        note(
          `${name}: ${cohort.subjects.length} subjects, ${cohort.blocks.length} modalities; fitting ${strategy} ...`,
        );
      },
    });
    for (const { message } of warnings) note(`warning: ${message}`);
    await replaceFile(out, await writeModel(model));
    process.stdout.write(
      json ? `${JSON.stringify(model.description, null, 1)}\n` : told(model, relative(process.cwd(), out) || out),
    );
    return 0;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

/** A model may be replaced by the next; anything else is not ours to lose. */
async function refuseNoModel(path: string): Promise<void> {
  const there = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new InputError({ where: path, what: 'cannot be written', expected: 'a file', got: error.message });
  });
  if (!there) return;
  try {
    await readModel(there, path);
  } catch (cause) {
    throw new InputError({ where: path, what: 'is there and is no model', expected: '--force to replace it', cause });
  }
}

function told({ description: { strategy, training, modalities, target, notes } }: ModelFile, path: string): string {
  const counts = Object.entries(training.counts).map(([name, n]) => `${name} (${n})`);
  const lines = [
    `${path}: ${strategy.name} for ${target.name}`,
    `  fitted on ${training.subjects} subjects${counts.length ? `: ${counts.join(', ')}` : ''}`,
    ...modalities.map(
      ({ modality, table }) =>
        `  ${modality.name}: ${modality.features.length} ${modality.image ? 'voxels, scans' : 'columns'} of ${table.files.join(' and ')}, ${training.modalities[modality.name]} subjects`,
    ),
    ...notes.remarks.map((remark) => `  ${remark}`),
    '',
    'How well it does on new subjects is not told by this fit but by `consilience compare`.',
    'Next: consilience predict MODEL FOLDER -o predictions.csv',
    'Research use, not a medical device.',
  ];
  return `${lines.join('\n').replace('MODEL', /\s/.test(path) ? JSON.stringify(path) : path)}\n`;
}

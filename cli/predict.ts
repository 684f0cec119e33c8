import { existsSync } from 'node:fs';
import { dirname, extname, relative } from 'node:path';
import {
  InputError,
  loadModel,
  modelPredictionsCsv,
  modelPredictionsJson,
  modelPredictionsParquet,
  type Predicted,
  predictStudy,
} from '../src/predict.ts';
import { inputsOfPrediction, refuseInput } from './inputs.ts';
import { checkFolder } from './output-folder.ts';
import { replaceFile } from './replace-file.ts';

export interface PredictFlags {
  readonly out?: string;
  readonly explain?: boolean;
  readonly json?: boolean;
  readonly force?: boolean;
}

const writers: { readonly [ending: string]: (predicted: Predicted) => string | Promise<Uint8Array> } = {
  '.csv': ({ prediction }) => modelPredictionsCsv(prediction),
  '.json': modelPredictionsJson,
  '.parquet': ({ prediction }) => modelPredictionsParquet(prediction),
};

/** Predicts; prints CSV or JSON, or writes the file and prints what was written. Notes go to stderr. */
export async function predict(
  model: string,
  data: readonly string[],
  { out, explain = false, json = false, force = false }: PredictFlags,
): Promise<number> {
  const writer = out === undefined ? undefined : writers[extname(out).toLowerCase()];
  if (out !== undefined && !writer) {
    const expected = `a name that ends in ${Object.keys(writers).join(', ')}`;
    throw new InputError({ where: `--out ${out}`, what: 'which format does not show', expected });
  }
  const opened = await loadModel(model);
  if (out !== undefined) await checkOut(out, inputsOfPrediction(model, opened.description, data), force);
  // Only JSON has a place for what modalities asked each other, and reading it takes longer than predicting.
  const conversation = json || writer === writers['.json'];
  const predicted = await predictStudy(opened, data, { explain, conversation });
  for (const { message } of predicted.warnings) process.stderr.write(`warning: ${message}\n`);
  if (out !== undefined && writer) await replaceFile(out, await writer(predicted));
  if (json) process.stdout.write(modelPredictionsJson(predicted));
  else if (out === undefined) process.stdout.write(modelPredictionsCsv(predicted.prediction));
  else process.stdout.write(told(predicted, relative(process.cwd(), out) || out));
  return 0;
}

/** Predictions may be replaced by the next; anything else is not ours to lose, and an input never. */
async function checkOut(out: string, inputs: readonly string[], force: boolean): Promise<void> {
  checkFolder(dirname(out), `--out ${out}`);
  refuseInput(out, inputs);
  if (!existsSync(out)) return;
  const { refuseForeign, refuseOther } = await import('./check-outputs.ts'); // reads Parquet too: only where it is needed
  if (force) refuseOther(out);
  else refuseForeign(out, 'predictions', '--force to replace it');
}

function told({ description: { strategy, target }, prediction }: Predicted, path: string): string {
  const { subjects, modalities, present } = prediction;
  const having = modalities.map((name, m) => {
    const n = subjects.filter((_, i) => present[i * modalities.length + m]).length;
    return `${name} (${n})`;
  });
  return `Written: ${path}, ${subjects.length} ${subjects.length === 1 ? 'subject' : 'subjects'}
${strategy.name} for ${target.name}, from ${having.join(', ')}
Research use, not a medical device.
`;
}

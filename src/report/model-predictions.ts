/** Predictions of a model as text. */
import Papa from 'papaparse';
import type { Prediction } from '../fuse/prediction.ts';
import type { Predicted } from '../study/predict-study.node.ts';
import { type OutputColumn, predictionColumns } from './prediction-columns.ts';

/** Figures to seven significant digits, lines that end in LF. Columns: see `predictionColumns`. */
export function modelPredictionsCsv(prediction: Prediction): string {
  const columns = predictionColumns(prediction);
  const data = prediction.subjects.map((_, i) => columns.map(({ values }) => short(values[i])));
  return `${Papa.unparse({ fields: columns.map(({ name }) => name), data }, { newline: '\n' })}\n`;
}

/**
 * `{ kind: "predictions", version, model, target, predictions, warnings }`, an object a subject with the columns as keys; where
 * modalities attended to each other and it was explained, also `conversation`: `between`, of each modality that asked the share
 * from each other one, and `tokens`, those asked for most (`modality`, `token`, `askedFor`, `even`).
 */
export function modelPredictionsJson({ description, prediction, asked, warnings }: Predicted): string {
  const columns = predictionColumns(prediction);
  const { study, strategy, target, consilience } = description;
  const result = {
    kind: 'predictions',
    version: 1,
    model: { study, strategy: strategy.name, consilience },
    target,
    predictions: prediction.subjects.map((_, i) => ({
      ...objectOf(columns, i),
      ...(asked && { conversation: asked[i] }),
    })),
    warnings,
  };
  const brief = (_: string, value: unknown) => (typeof value === 'number' ? short(value) : value);
  return `${JSON.stringify(result, brief, 1)}\n`;
}

function objectOf(columns: readonly OutputColumn[], i: number): object {
  return Object.fromEntries(columns.map(({ name, values }) => [name, values[i]]));
}

function short(value: string | number): string | number {
  return typeof value === 'number' ? Number(value.toPrecision(7)) : value;
}

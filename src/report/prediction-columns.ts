/** Predictions of a model as a table: a row for each subject. What CSV, JSON and Parquet write. */
import type { Prediction } from '../fuse/prediction.ts';

export interface OutputColumn {
  readonly name: string;
  readonly values: readonly (string | number)[]; // [subjects]
}

/**
 * subject; of classes `predicted` (the most probable), `p:CLASS` for each and `set`, the classes of the conformal set joined
 * by `|`, which may be empty; of survival `risk` and `survival:DAYS`, the probability of being without the event beyond so
 * many days; of values `predicted`, `low` and `high`, its conformal interval, maybe infinite; then `uncertainty`, `filled` (the
 * share of the inputs filled in for lack of a measurement), `present` (the modalities that were there, joined by `+`),
 * `basis` (`modalities`, or `prior` where none was there). Explained ones have `contribution:MODALITY` too, of two classes
 * to the probability of the second, of more `contribution:MODALITY:CLASS`.
 */
export function predictionColumns(prediction: Prediction): OutputColumn[] {
  const { subjects, modalities, present, fromPrior, filled, uncertainty } = prediction;
  const there = subjects.map((_, i) => modalities.filter((_, m) => present[i * modalities.length + m]).join('+'));
  return [
    { name: 'subject', values: subjects },
    ...opinions(prediction),
    { name: 'uncertainty', values: [...uncertainty] },
    { name: 'filled', values: [...filled] },
    { name: 'present', values: there },
    { name: 'basis', values: Array.from(fromPrior, (prior) => (prior ? 'prior' : 'modalities')) },
    ...contributions(prediction),
  ];
}

function opinions(prediction: Prediction): OutputColumn[] {
  switch (prediction.kind) {
    case 'classes': {
      const { classes, probability, sets } = prediction;
      const heldIn = (row: number) => classes.filter((_, k) => sets[row * classes.length + k]);
      const rows = rowsOf(probability);
      return [
        { name: 'predicted', values: rows.map((row) => classes[row.indexOf(row.reduce((a, b) => Math.max(a, b)))]) },
        ...classes.map((one, k) => ({ name: `p:${one}`, values: rows.map((row) => row[k]) })),
        { name: 'set', values: rows.map((_, i) => heldIn(i).join('|')) },
      ];
    }
    case 'survival': {
      const rows = rowsOf(prediction.survival);
      const times = [...prediction.timesDays];
      return [
        { name: 'risk', values: [...prediction.risk] },
        ...times.map((days, t) => ({ name: `survival:${Number(days.toFixed(1))}`, values: rows.map((row) => row[t]) })),
      ];
    }
    case 'value':
      return [
        { name: 'predicted', values: [...prediction.value] },
        { name: 'low', values: [...prediction.low] },
        { name: 'high', values: [...prediction.high] },
      ];
  }
}

function rowsOf({
  shape: [rows, width],
  data,
}: {
  readonly shape: readonly [number, number];
  readonly data: Float64Array;
}) {
  return Array.from({ length: rows }, (_, i) => data.subarray(i * width, (i + 1) * width));
}

function contributions(prediction: Prediction): OutputColumn[] {
  const { contributions: values, modalities, subjects } = prediction;
  if (!values) return [];
  const width = values.length / (subjects.length * modalities.length); // classes, or 1
  const names = prediction.kind === 'classes' ? prediction.classes : [''];
  const told = width === 2 ? [1] : Array.from({ length: width }, (_, k) => k);
  return modalities.flatMap((modality, m) =>
    told.map((k) => ({
      name: `contribution:${modality}${width > 2 ? `:${names[k]}` : ''}`,
      values: subjects.map((_, i) => values[(i * modalities.length + m) * width + k]),
    })),
  );
}

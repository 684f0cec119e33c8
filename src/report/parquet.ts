/** Tables of results as Parquet, at full precision. */
import type { SubjectPrediction } from '../evaluate/comparison.ts';
import type { Prediction } from '../fuse/prediction.ts';
import { type OutputColumn, predictionColumns } from './prediction-columns.ts';

/** Predictions of a model: see `predictionColumns`. */
export function modelPredictionsParquet(prediction: Prediction): Promise<Uint8Array> {
  return parquetOf(predictionColumns(prediction));
}

/** The columns of `predictions.csv` of a comparison. */
export function predictionsParquet(
  rows: readonly SubjectPrediction[],
  classes: readonly string[],
): Promise<Uint8Array> {
  const [first] = rows;
  const of = <T extends string | number>(name: string, value: (row: SubjectPrediction) => T): OutputColumn => ({
    name,
    values: rows.map(value),
  });
  const told = (): OutputColumn[] => {
    if (first?.risk !== undefined) {
      return [of('event', ({ event }) => (event ? 1 : 0)), of('risk', ({ risk }) => risk ?? Number.NaN)];
    }
    if (first?.value !== undefined) return [of('predicted', ({ value }) => value ?? Number.NaN)];
    return [
      of('predicted', ({ probability = [] }) => classes[probability.indexOf(Math.max(...probability))]),
      ...classes.map((name, k) => of(`p:${name}`, ({ probability = [] }) => probability[k])),
    ];
  };
  return parquetOf([
    of('repeat', ({ repeat }) => repeat),
    of('fold', ({ fold }) => fold),
    of('subject', ({ subject }) => subject),
    of('strategy', ({ strategy }) => strategy),
    of('truth', ({ truth }) => truth),
    ...told(),
    of('present', ({ present }) => present.join('+')),
    of('basis', ({ basis }) => basis),
  ]);
}

const wholeColumns = new Set(['repeat', 'fold', 'event']);

/** The writer is imported only where it is asked for. */
async function parquetOf(columns: readonly OutputColumn[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = columns.map(({ name, values }) => ({
    name,
    data: [...values],
    type:
      typeof values[0] === 'string'
        ? ('STRING' as const)
        : wholeColumns.has(name)
          ? ('INT32' as const)
          : ('DOUBLE' as const),
    nullable: false,
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

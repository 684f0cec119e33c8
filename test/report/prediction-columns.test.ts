import { parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import type { ClassPrediction, Prediction, ValuePrediction } from '../../src/fuse/prediction.ts';
import { modelPredictionsCsv, modelPredictionsJson } from '../../src/report/model-predictions.ts';
import { modelPredictionsParquet } from '../../src/report/parquet.ts';
import type { Predicted } from '../../src/study/predict-study.node.ts';

const basis = {
  subjects: ['a', 'b', 'c'],
  modalities: ['rna'],
  present: Uint8Array.of(1, 1, 1),
  fromPrior: new Uint8Array(3),
  filled: new Float64Array(3),
  uncertainty: Float64Array.of(0.5, 0.5, 0.5),
};
const classes: ClassPrediction = {
  ...basis,
  kind: 'classes',
  classes: ['well', 'ill', 'dead'],
  probability: matrix(3, 3, Float64Array.of(0.5, 0.25, 0.25, 0.25, 0.5, 0.25, 0.25, 0.25, 0.5)),
  sets: Uint8Array.of(1, 0, 1, 0, 0, 0, 0, 0, 1),
};
const value: ValuePrediction = {
  ...basis,
  kind: 'value',
  value: Float64Array.of(1, 2, 3),
  low: Float64Array.of(0.5, Number.NEGATIVE_INFINITY, 2),
  high: Float64Array.of(1.5, Number.POSITIVE_INFINITY, 4),
};

const csvRows = (prediction: Prediction) => modelPredictionsCsv(prediction).trim().split('\n');
const jsonRows = (prediction: Prediction) => {
  const target = { kind: 'value', name: 'x' };
  const description = { study: 's', strategy: { name: 'late:mean' }, target, consilience: '0' };
  return JSON.parse(modelPredictionsJson({ description, prediction, warnings: [] } as unknown as Predicted))
    .predictions;
};

const parquetRows = async (prediction: Prediction) =>
  parquetReadObjects({ file: (await modelPredictionsParquet(prediction)).slice().buffer });

it('conformal sets follow the probabilities, their classes joined; an empty set is an empty cell', async () => {
  expect(csvRows(classes)).toEqual([
    'subject,predicted,p:well,p:ill,p:dead,set,uncertainty,filled,present,basis',
    'a,well,0.5,0.25,0.25,well|dead,0.5,0,rna,modalities',
    'b,ill,0.25,0.5,0.25,,0.5,0,rna,modalities',
    'c,dead,0.25,0.25,0.5,dead,0.5,0,rna,modalities',
  ]);
  expect(jsonRows(classes).map(({ set }: { set: string }) => set)).toEqual(['well|dead', '', 'dead']);
  expect((await parquetRows(classes)).map(({ set }) => set)).toEqual(['well|dead', '', 'dead']);
});

it('intervals follow the value; an infinite bound is infinite in CSV and Parquet, null in JSON', async () => {
  expect(csvRows(value)).toEqual([
    'subject,predicted,low,high,uncertainty,filled,present,basis',
    'a,1,0.5,1.5,0.5,0,rna,modalities',
    'b,2,-Infinity,Infinity,0.5,0,rna,modalities',
    'c,3,2,4,0.5,0,rna,modalities',
  ]);
  expect(jsonRows(value).map(({ low, high }: { low: number; high: number }) => [low, high])).toEqual([
    [0.5, 1.5],
    [null, null],
    [2, 4],
  ]);
  expect((await parquetRows(value)).map(({ low, high }) => [low, high])).toEqual([
    [0.5, 1.5],
    [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    [2, 4],
  ]);
});

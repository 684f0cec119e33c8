/** The public door for those who only predict: a model, tables of new subjects. It loads neither studies nor reports. */
export { InputError } from './errors.ts';
export { modelPredictionsCsv, modelPredictionsJson } from './report/model-predictions.ts';
export { modelPredictionsParquet } from './report/parquet.ts';
export type { ModelDescription, ModelFile } from './study/model-file.ts';
export { loadModel, type Predicted, type PredictStudyOptions, predictStudy } from './study/predict-study.node.ts';

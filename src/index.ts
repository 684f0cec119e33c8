/** The public door on Node: everything of `consilience/browser`, and what needs files or threads. */
export * from './browser.ts';
export { nodeRuntime } from './engine/session/runtime.node.ts';
export type { DicomFolderOptions } from './read/dicom/folder.node.ts';
export { readDicomVolumes } from './read/dicom/folder.node.ts';
export { readImageFile, readImageFileHeader } from './read/image-file.node.ts';
export { renderReport } from './report/html.node.ts';
export { renderInspection } from './report/inspection-page.ts';
export { renderInspectionText } from './report/inspection-text.ts';
export { modelPredictionsCsv, modelPredictionsJson } from './report/model-predictions.ts';
export { renderNights } from './report/nights/render.node.ts';
export { renderNightsText } from './report/nights/text.ts';
export { modelPredictionsParquet, predictionsParquet } from './report/parquet.ts';
export { predictionsCsv } from './report/predictions.ts';
export { readResults } from './report/read-results.node.ts';
export { inspectionJson, resultsJson } from './report/results.ts';
export { renderTable } from './report/terminal.ts';
export { writeAll } from './report/write.node.ts';
export { type ComparedStudy, type CompareStudyOptions, compareStudy } from './study/compare-study.node.ts';
export { draftStudy, type StudyDraft } from './study/draft.node.ts';
export { packageVersion } from './study/environment.node.ts';
export { type FitStudyOptions, type FittedStudy, fitStudy } from './study/fit-study.node.ts';
export type { FoldCacheOptions, FoldCacheStatus } from './study/fold-cache.node.ts';
export { type InspectStudyOptions, inspectStudy } from './study/inspect-study.node.ts';
export { type LoadedStudy, loadStudy } from './study/load.node.ts';
export {
  type CompareNightsOptions,
  compareNights,
  type NightsComparison,
} from './study/nights/compare-nights.node.ts';
export { loadModel, type Predicted, type PredictStudyOptions, predictStudy } from './study/predict-study.node.ts';

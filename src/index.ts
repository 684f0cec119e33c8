/** The public door on Node: everything of `consilience/browser`, and what needs files or threads. */
export * from './browser.ts';
export { renderReport } from './report/html.node.ts';
export { renderInspection } from './report/inspection-page.ts';
export { renderInspectionText } from './report/inspection-text.ts';
export { predictionsCsv } from './report/predictions.ts';
export { inspectionJson, resultsJson } from './report/results.ts';
export { renderTable } from './report/terminal.ts';
export { writeAll } from './report/write.node.ts';
export { type ComparedStudy, type CompareStudyOptions, compareStudy } from './study/compare-study.node.ts';
export { draftStudy, type StudyDraft } from './study/draft.node.ts';
export { packageVersion } from './study/environment.node.ts';
export { type InspectStudyOptions, inspectStudy } from './study/inspect-study.node.ts';
export { type LoadedStudy, loadStudy } from './study/load.node.ts';

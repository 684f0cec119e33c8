/** The public door in a browser: all that needs neither files nor threads. */

import * as engine from './engine/engine.ts';

export { type GreyWindow, greyWindow } from './align/picture/grey-window.ts';
export { type Histogram, histogramOf, histogramPicture, jointHistogramPicture } from './align/picture/histogram.ts';
export { type MontageOptions, montage } from './align/picture/montage.ts';
export {
  type CheckerboardOptions,
  checkerboard,
  difference,
  overlay,
  type PairOptions,
} from './align/picture/pair.ts';
export type { Picture } from './align/picture/picture.ts';
export { type Plane, planes } from './align/picture/plane.ts';
export type { TileOptions } from './align/picture/tiles.ts';
export { type RegistrationOptions, registrationMetrics, registrationModels } from './align/register/options.ts';
export { type Registration, register } from './align/register/register.ts';
export { type CoveringGridOptions, coveringGrid, type GridLikeOptions, gridLike } from './align/space/grid-like.ts';
export { reorient } from './align/space/reorient.ts';
export { type Interpolation, type Resampled, type ResampleOptions, resample } from './align/space/resample.ts';
export { type ResampledLabels, resampleLabels } from './align/space/resample-labels.ts';
export { checkSameGrid, gridDistanceMm, type NamedGrid, type SameGridOptions } from './align/space/same-grid.ts';
export { type NamedVolume, stackChannels } from './align/space/stack-channels.ts';
export {
  type AffineModel,
  type AffineTransform,
  type BSplineTransform,
  type CompositeTransform,
  composeTransforms,
  inversePoints,
  invertTransform,
  type SpatialTransform,
  transformPoints,
} from './align/space/transform.ts';
export { openTransform, saveTransform, writeTfm } from './align/space/transform-file.ts';
export type { AdmitOptions } from './align/time/admit.ts';
export { type EpisodeOptions, episodesOf } from './align/time/episodes.ts';
export type { Arrival, SensorEvent } from './align/time/event.ts';
export { type ClockTick, inOrder, type OrderedOutput, type Settled } from './align/time/in-order.ts';
export { type Parsed, parseEvent, writeEvent } from './align/time/parse-event.ts';
export type { Episode, Recording } from './align/time/recording.ts';
export { type Refusal, readCounts, refusals, type SensorCount } from './align/time/refusals.ts';
export { checkSetup, featureKinds, type SensorFeature, type Setup } from './align/time/setup.ts';
export { type Ticked, type TickOutput, ticks } from './align/time/ticks.ts';
export type { Readings, Track } from './align/time/track.ts';
export { type RecordedTrack, type TrackOptions, trackOf } from './align/time/track-of.ts';
export {
  type Affine,
  axisLetters,
  composeAffines,
  determinant,
  type Grid,
  identityAffine,
  invertAffine,
  spacingMm,
  transformPoint,
  voxelCount,
} from './array/grid.ts';
export { holm } from './array/holm.ts';
export { type Matrix, matrix } from './array/matrix.ts';
export { type NbDispersion, nbDispersion } from './array/nb-dispersion.ts';
export { type Block, type Cohort, cohort, rowsWith, takeSubjects, withOnly } from './describe/cohort.ts';
export { describeAs, type Stated } from './describe/describe-as.ts';
export { type Declared, type DescribedTable, describeTable } from './describe/describe-table.ts';
export { gridOf, imageFeatures, layoutOf } from './describe/image-layout.ts';
export {
  type Constraint,
  constraints,
  type Feature,
  type FeatureGroup,
  type ImageLayout,
  type Missingness,
  type Modality,
  missingnesses,
  type NoiseModel,
  noiseModels,
  type Sampling,
  type Scale,
  scales,
} from './describe/modality.ts';
export type { Sensor } from './describe/sensor.ts';
export type { ClassTarget, SurvivalTarget, Target, TargetKind, ValueTarget } from './describe/target.ts';
export type { ColumnCode } from './encode/column-code.ts';
export type { Encoder, EncoderInput } from './encode/encoder.ts';
export { type EncoderOptions, encoderOf } from './encode/encoders.ts';
export { type ColumnGroup, type GroupedSpec, groupedEncoder } from './encode/grouped.ts';
export { type ImageSpec, imageEncoder } from './encode/image.ts';
export { type Patch, patchesOf, type TokenPlace } from './encode/image-patches.ts';
export type { Stage } from './encode/image-stages.ts';
export { type TabularSpec, tabularEncoder } from './encode/tabular.ts';
export { type WebRuntimeOptions, webRuntime } from './engine/session/runtime.browser.ts';
export { CancelledError, InputError } from './errors.ts';
export {
  type ApplyOptions,
  type Estimator,
  type Fitted,
  type Json,
  type JsonObject,
  type Online,
  pipe,
  type Run,
  type Saved,
  type Spec,
} from './estimator.ts';
export {
  type AlertComparison,
  type AlertDifference,
  type CompareAlertsOptions,
  compareAlerts,
  type JudgedStrategy,
} from './evaluate/alerts/compare.ts';
export {
  type AlertFigureName,
  type AlertFigures,
  type AlertJudgement,
  type JudgeNightsOptions,
  judgeNights,
  type WholeJudgement,
} from './evaluate/alerts/judge.ts';
export {
  type EventOutcome,
  type JudgedAlert,
  type JudgedEvent,
  judgeNight,
  type NightJudgement,
} from './evaluate/alerts/judge-night.ts';
export { type Latency, latencySummary } from './evaluate/alerts/latency.ts';
export type { AlertNight, ScoreTrace } from './evaluate/alerts/night.ts';
export type { Figure } from './evaluate/alerts/people-draws.ts';
export type { RetractionCurve, RetractionCurvePoint } from './evaluate/alerts/retraction-curve.ts';
export type { JudgingRules } from './evaluate/alerts/rules.ts';
export { type BootstrapEstimate, type BootstrapOptions, bootstrap } from './evaluate/bootstrap.ts';
export { type Compared, type CompareOptions, compareStrategies } from './evaluate/compare.ts';
export type {
  Cell,
  Comparison,
  ConversationResult,
  ConversationToken,
  Estimate,
  FaithfulnessFinding,
  FaithfulnessResult,
  Finding,
  Paired,
  StrategyResult,
  SubjectConversation,
  SubjectPrediction,
  Warning,
} from './evaluate/comparison.ts';
export {
  type Coverage,
  type CoverageByPattern,
  type CoverageOptions,
  coverageOfClasses,
  coverageOfValues,
} from './evaluate/conformal-coverage.ts';
export { correctedResampledT, type ResampledEstimate } from './evaluate/corrected-resampled-t.ts';
export {
  type Decisions,
  type Disagreement,
  type Drivers,
  decisionDrivers,
  disagreement,
} from './evaluate/disagreement.ts';
export type { Strategy } from './evaluate/fold.ts';
export { type FoldIndependence, joinIndependence, type PairIndependence } from './evaluate/independence.ts';
export {
  type Evidence,
  type EvidenceDependence,
  evidenceComponents,
  evidenceDependence,
} from './evaluate/independence-evidence.ts';
export {
  crossedStrata,
  type ExpertDependence,
  type ExpertScores,
  expertDependence,
  logitScores,
} from './evaluate/independence-experts.ts';
export { independenceMeaning, independenceSentence } from './evaluate/independence-words.ts';
export type { ModeComparison } from './evaluate/nights/compare.ts';
export type { NightPicture } from './evaluate/nights/picture.ts';
export type { Fold, GivenSplit, Protocol } from './evaluate/protocol.ts';
export type { BaselineHazard } from './expert/breslow.ts';
export {
  type ConformalClasses,
  type ConformalClassesOptions,
  type ConformalClassesState,
  conformalClasses,
  openConformalClasses,
  setSizes,
} from './expert/conformal-classes.ts';
export {
  type ConformalIntervals,
  type ConformalValues,
  type ConformalValuesOptions,
  type ConformalValuesState,
  conformalValues,
  openConformalValues,
} from './expert/conformal-values.ts';
export { type CoxOptions, cox, type FittedCox } from './expert/cox.ts';
export { type FittedLogistic, type LogisticOptions, logistic } from './expert/logistic.ts';
export {
  coxCalibrationSlope,
  openRecalibrated,
  type Recalibrated,
  type RecalibrationState,
  recalibrated,
} from './expert/recalibration.ts';
export { type FittedRidge, type RidgeOptions, ridge } from './expert/ridge.ts';
export { type Asked, type AskedOptions, type AskedToken, askedBySubject } from './fuse/asked.ts';
export { type BlendCombiner, type BlendOptions, blend } from './fuse/blend.ts';
export type { BlendMember, BlendMemberOptions } from './fuse/blend-members.ts';
export { type Combiner, combiners } from './fuse/combine/combiners.ts';
export {
  askedEvenly,
  askedFor,
  betweenModalities,
  type Conversation,
  rollout,
  type Token,
} from './fuse/conversation.ts';
export { type EarlyOptions, early } from './fuse/early.ts';
export { type Faithfulness, type FaithfulnessOptions, faithfulness } from './fuse/faithfulness.ts';
export {
  type AlertChange,
  type AlertKind,
  type AlertState,
  alertKinds,
  alertStates,
  type Decision,
} from './fuse/hybrid/alert/alert.ts';
export { alertsOf } from './fuse/hybrid/alert/bulk.ts';
export {
  type AlertMachine,
  type AlertMachineOptions,
  type AlertMachineState,
  alertMachine,
} from './fuse/hybrid/alert/machine.ts';
export { type AlertOptions, type AlertRules, alertRules } from './fuse/hybrid/alert/options.ts';
export type { SensorWatch } from './fuse/hybrid/alert/sensors.ts';
export { chooseThresholds, type ThresholdOptions, type Thresholds } from './fuse/hybrid/alert/threshold.ts';
export type { AlertTally, ScoredNight } from './fuse/hybrid/alert/threshold-nights.ts';
export {
  type HandEvidence,
  type HybridConfig,
  hybridFrom,
  hybridJson,
  parseHybrid,
} from './fuse/hybrid/config/config.ts';
export { parseFitted, writeFitted } from './fuse/hybrid/config/fitted.ts';
export { configuredHybrid } from './fuse/hybrid/config/model.ts';
export { handScoring } from './fuse/hybrid/config/scoring.ts';
export type { FastModel, FastOptions } from './fuse/hybrid/expert/fast.ts';
export type { Dynamics } from './fuse/hybrid/filter/dynamics.ts';
export { type HybridLearned, type HybridOptions, learnHybrid } from './fuse/hybrid/filter/fit-hybrid.ts';
export { type HybridModel, hybridScoring } from './fuse/hybrid/filter/hybrid.ts';
export { labelsOf } from './fuse/hybrid/labels.ts';
export { fitLearned, type LearnedLearned, type LearnedOptions, learnLearned } from './fuse/hybrid/learned/fit.ts';
export { exportLearned } from './fuse/hybrid/learned/graph.ts';
export type { LearnedModel } from './fuse/hybrid/learned/model.ts';
export {
  type Answer,
  type Correction,
  type HybridInput,
  type HybridOutput,
  type HybridState,
  type HybridStream,
  hybridOnline,
} from './fuse/hybrid/online.ts';
export { openScoring } from './fuse/hybrid/open-scoring.ts';
export {
  type FittedOverTime,
  type Happened,
  type OverTimeOptions,
  type OverTimePrediction,
  openOverTime,
  overTime,
} from './fuse/hybrid/over-time.ts';
export { type Scored, scoreTrack } from './fuse/hybrid/run.ts';
export type { Mode, Question, Scoring } from './fuse/hybrid/scoring.ts';
export { fitOverTime, type StrategyOverTime, strategiesOverTime } from './fuse/hybrid/strategies.ts';
export { intermediate } from './fuse/intermediate/intermediate.ts';
export type { IntermediateOptions } from './fuse/intermediate/options.ts';
export type { Running, RuntimeSource } from './fuse/intermediate/runtime.ts';
export { type VariantName, variantNames } from './fuse/intermediate/variants/variants.ts';
export { type LateOptions, late } from './fuse/late.ts';
export { type NamedToken, type NamedTokens, namedTokens } from './fuse/learned-tokens.ts';
export type { FusionOptions } from './fuse/modality-expert.ts';
export type {
  ClassPrediction,
  CrossFittedFusion,
  FittedFusion,
  Fusion,
  NetworkInput,
  Networks,
  Prediction,
  Reader,
  SurvivalPrediction,
  ValuePrediction,
} from './fuse/prediction.ts';
export { type BestSingleOptions, bestSingle, type SingleOptions, single } from './fuse/single.ts';
export type { BatchedBlock } from './harmonize/batched-block.ts';
export { type ClrOptions, clr } from './harmonize/clr.ts';
export { type ComBatOptions, comBat, type FittedComBat } from './harmonize/combat.ts';
export { type CombatStepOptions, combat } from './harmonize/combat-step.ts';
export { type CpmOptions, cpm } from './harmonize/cpm.ts';
export { encode } from './harmonize/encode.ts';
export type { FittedHarmonizer, Harmonizer } from './harmonize/harmonizer.ts';
export { type ImputeOptions, impute } from './harmonize/impute.ts';
export type { Basis } from './harmonize/intensity/basis.ts';
export type { Connectivity } from './harmonize/intensity/components.ts';
export { type ForegroundRule, foregroundMask, foregroundRules } from './harmonize/intensity/foreground.ts';
export type { Bandwidth } from './harmonize/intensity/gaussian-kde.ts';
export { openScanHarmonizer, saveScanHarmonizer, scanHarmonizers } from './harmonize/intensity/harmonizer-file.ts';
export { type HeadMaskOptions, headMask } from './harmonize/intensity/head-mask.ts';
export { type HistogramMatchOptions, histogramMatch, matchHistogram } from './harmonize/intensity/histogram-match.ts';
export { type IntensityMap, invertIntensityMap, mapIntensities } from './harmonize/intensity/intensity-map.ts';
export { type KdeModeOptions, kdeMode } from './harmonize/intensity/kde-mode.ts';
export { type MinMaxOptions, minMax } from './harmonize/intensity/min-max.ts';
export { type NyulOptions, nyul } from './harmonize/intensity/nyul.ts';
export { otsuThreshold } from './harmonize/intensity/otsu.ts';
export { type PercentileClipOptions, percentileClip } from './harmonize/intensity/percentile-clip.ts';
export type { Scan } from './harmonize/intensity/scan.ts';
export type { FittedScanHarmonizer, MaskOption, ScanHarmonizer } from './harmonize/intensity/scan-harmonizer.ts';
export type { TissueMode, TissueModeOptions } from './harmonize/intensity/tissue-mode.ts';
export { type WhiteStripeOptions, whiteStripe } from './harmonize/intensity/white-stripe.ts';
export {
  type ZScoreIntensityOptions,
  zScoreIntensity,
  zScoreMapBetween,
} from './harmonize/intensity/z-score-intensity.ts';
export type { AlignedScan, AlignedSubject } from './harmonize/joint/aligned-scan.ts';
export {
  type FittedJointHarmonize,
  type HarmonizedSubject,
  type JointHarmonizeOptions,
  jointHarmonize,
  openJointHarmonize,
} from './harmonize/joint/joint-harmonize.ts';
export { type Log1pOptions, log1p } from './harmonize/log1p.ts';
export { type PearsonResidualsOptions, pearsonResiduals } from './harmonize/pearson-residuals.ts';
export { defaultSteps, preparation, type Step } from './harmonize/prepare.ts';
export { type QuantileMapOptions, quantileMap } from './harmonize/quantile-map.ts';
export { type RankMapOptions, rankMap } from './harmonize/rank-map.ts';
export {
  type BlockDistortion,
  type BlockDistortionOptions,
  type BlockPair,
  blockDistortion,
} from './harmonize/relations/block-distortion.ts';
export type { Dependence } from './harmonize/relations/dependence.ts';
export { type DistortionOptions, type DistortionSubject, distortion } from './harmonize/relations/distortion.ts';
export type {
  BeforeAfter,
  Composition,
  Distortion,
  DistortionReport,
} from './harmonize/relations/distortion-report.ts';
export { distortionWords } from './harmonize/relations/distortion-words.ts';
export type { HarmonizedScan } from './harmonize/relations/harmonized-scan.ts';
export { type RobustScaleOptions, robustScale } from './harmonize/robust-scale.ts';
export { type SizeFactorsOptions, sizeFactors } from './harmonize/size-factors.ts';
export { type StandardizeOptions, standardize } from './harmonize/standardize.ts';
export { standardizeImage } from './harmonize/standardize-image.ts';
export { type UnivariateSelectionOptions, univariateSelection } from './harmonize/univariate-selection.ts';
export { type VarianceFilterOptions, varianceFilter } from './harmonize/variance-filter.ts';
export { type MeanAndSd, meanAndSd, type ZScoreMap, zScoreMap } from './harmonize/z-score-map.ts';
export { type InspectCohortOptions, inspectCohort } from './inspect/inspect.ts';
export type { Inspection, ModalityCard } from './inspect/inspection.ts';
export { type ScanNumbers, scanNumbers } from './inspect/scan.ts';
export { type DicomImage, type DicomOptions, readDicom } from './read/dicom/dicom.ts';
export type { DicomKeep, DicomTags, DicomTagValue } from './read/dicom/header.ts';
export {
  type DicomFileBytes,
  type DicomSeries,
  type DicomSeriesOptions,
  readDicomSeries,
} from './read/dicom/series.ts';
export type { StoredType, Volume, VolumeData, VolumeHeader, VolumeWarning } from './read/image/volume.ts';
export { type ImageOptions, readImage, readImageHeader } from './read/image.ts';
export { type WriteNiftiOptions, writeNifti } from './read/nifti/write-nifti.ts';
export { type ParquetOptions, readParquet } from './read/parquet/parquet.ts';
export { type PngPicture, writePng } from './read/png/write-png.ts';
export { type GeneSet, readGmt } from './read/table/gmt.ts';
export { type Column, readTable, type Table, type TableOptions } from './read/table/table.ts';
export { auroc } from './score/auroc.ts';
export { type CalibrationLine, calibrationLine } from './score/calibration-line.ts';
export { type CalibrationSlope, calibrationSlope, type WaldEstimate } from './score/calibration-slope.ts';
export { harrellC, type UnoOptions, unoC } from './score/concordance.ts';
export { type DeLong, delong, delongDifference, delongInterval } from './score/delong.ts';
export {
  type CalibrationErrorOptions,
  calibrationGroups,
  expectedCalibrationError,
  topLabelCalibrationError,
} from './score/expected-calibration-error.ts';
export { type KaplanMeier, type KaplanMeierOptions, kaplanMeier } from './score/kaplan-meier.ts';
export { type Metric, metrics, metricsOf } from './score/metric.ts';
export { decisionCurve, type NetBenefit } from './score/net-benefit.ts';
export { meanAbsoluteError, rootMeanSquaredError, rSquared } from './score/regression.ts';
export { type RiskCoverage, riskCoverage, riskCoverageOfClasses } from './score/risk-coverage.ts';
export { type Scores, scoreClasses } from './score/score.ts';
export { type SurvivalBrier, type SurvivalBrierOptions, survivalBrier } from './score/survival-brier.ts';
export {
  type SurvivalCalibrationGroup,
  type SurvivalCalibrationOptions,
  survivalCalibration,
} from './score/survival-calibration.ts';
export type { SurvivalTimes } from './score/survival-times.ts';
export {
  type TimeDependentAuroc,
  type TimeDependentAurocOptions,
  timeDependentAuroc,
} from './score/time-dependent-auroc.ts';
export { type Share, wilson } from './score/wilson.ts';
export { type AddNoiseOptions, addNoise, type BreakOptions, misalign, removeModality } from './simulate/break.ts';
export { expectedConcordance, type FollowUpOptions, simulateFollowUp } from './simulate/follow-up.ts';
export { type Interplay, type InterplayOptions, simulateInterplay } from './simulate/interplay.ts';
export { type LesionPathways, type LesionPathwaysOptions, simulateLesionPathways } from './simulate/lesion-pathways.ts';
export { type Monitored, type MonitoredOptions, simulateMonitored } from './simulate/monitored.ts';
export {
  type Multiomics,
  type MultiomicsOptions,
  simulateMultiomics,
} from './simulate/multiomics.ts';
export { type CgmNight, cgmNight } from './simulate/night/cgm.ts';
export { type GlucoseNight, glucoseNight } from './simulate/night/glucose-night.ts';
export type { HeartResponse } from './simulate/night/heart-effects.ts';
export {
  type NightOptions,
  type NightsOptions,
  type NightTruth,
  type SimulatedNight,
  simulateNight,
  simulateNights,
} from './simulate/night/night.ts';
export { nightSetup } from './simulate/night/night-setup.ts';
export { drawPerson, type Person } from './simulate/night/person.ts';
export { sleepStages } from './simulate/night/sleep.ts';
export type { TransportName } from './simulate/night/transport.ts';
export { type Phantom, type PhantomOptions, simulatePhantom } from './simulate/phantom.ts';
export { type Pointing, type PointingOptions, simulatePointing } from './simulate/pointing.ts';
export { type FoldOptions, stratifiedFolds } from './split/folds.ts';
export { arrivalsOf } from './stream/arrivals-of.ts';
export { believe, dayMs, newBelieved } from './stream/believed.ts';
export { pacedClock, steppedClock, systemClock } from './stream/clocks.ts';
export { hybridSubjects } from './stream/hybrid-subjects.ts';
export { type Answered, type ClockMark, inputTime, type StreamInput, type Unreadable } from './stream/input.ts';
export { linesOf } from './stream/lines.ts';
export { readSent, writeHead, writeInput } from './stream/log-lines.ts';
export { memoryBus } from './stream/memory-bus.ts';
export { memoryLog } from './stream/memory-log.ts';
export { openLog } from './stream/open-log.ts';
export type { Bus, BusStatus, Clock, Log } from './stream/ports.ts';
export { markTime, type RunStreamOptions, runStream } from './stream/run.ts';
export { saidLines } from './stream/said-lines.ts';
export {
  type Said,
  type SubjectsOptions,
  type SubjectsOutput,
  type SubjectsState,
  subjects,
} from './stream/subjects.ts';
export { type StreamSummary, tally } from './stream/summary.ts';
export { type ExportDescription, type ExportedModel, exportModel } from './study/export-model.ts';
export {
  type ModelDescription,
  type ModelFile,
  type ModelModality,
  type ModelTarget,
  readModel,
  type TableSource,
  writeModel,
} from './study/model-file.ts';
export { parseStudy } from './study/parse.ts';
export { buildFusion, openFusion } from './study/registry.ts';
export { type StudyFile, studyJsonSchema, studySchema } from './study/schema.ts';
/** Tensors, gradients, ONNX, sessions and training; a namespace, since its operations have short names. */
export { engine };

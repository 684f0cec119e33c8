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
  pipe,
  type Run,
  type Saved,
  type Spec,
} from './estimator.ts';
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
export { type Phantom, type PhantomOptions, simulatePhantom } from './simulate/phantom.ts';
export { type Pointing, type PointingOptions, simulatePointing } from './simulate/pointing.ts';
export { type FoldOptions, stratifiedFolds } from './split/folds.ts';
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

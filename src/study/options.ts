/** The options of harmonizers, experts and fusions as a study may write them; the registry puts them together. */
import { z } from 'zod';
import { scales } from '../describe/modality.ts';
import { blendCombiners } from '../fuse/blend.ts';
import { blendMembers } from '../fuse/blend-members.ts';
import { combiners } from '../fuse/combine/combiners.ts';
import { variantNames } from '../fuse/intermediate/variants/variants.ts';
import { unseens } from '../harmonize/combat-adjust.ts';
import { poolings } from '../harmonize/combat-prior.ts';
import { bases } from '../harmonize/intensity/basis.ts';
import { foregroundRules } from '../harmonize/intensity/foreground.ts';
import { bandwidthRules } from '../harmonize/intensity/gaussian-kde.ts';
import { tissueModes } from '../harmonize/intensity/tissue-mode.ts';
import { type HarmonizerKind, harmonizers } from '../harmonize/prepare.ts';
import { metrics } from '../score/metric.ts';

const empty = z.enum(['missing', 'refuse']).optional();
const per = z.number().positive().optional();
const mapped = z.enum(['normal', 'uniform']).optional();
const mask = z.enum(foregroundRules).optional().describe('Which voxels of a scan its map is learned from.');
const by = z
  .enum(bases)
  .optional()
  .describe('Numbers of each scan itself (default), or of the training scans together.');
const scale = z.strictObject({ mean: z.number(), sd: z.number().positive() });
const range = z.tuple([z.number(), z.number()]);
const percent = z.number().min(0).max(100);
const peak = {
  mode: z.enum(tissueModes).optional().describe('Which peak of the histogram; default: last, white matter of T1.'),
  bandwidth: z.union([z.enum(bandwidthRules), z.number().positive()]).optional(),
};

const optionsOf = {
  log1p: z.strictObject({
    scales: z.array(z.enum(scales)).optional(),
    when: z.enum(['skewed', 'always']).optional(),
  }),
  impute: z.strictObject({ indicatorsFrom: z.number().min(0).max(1).optional() }),
  encode: z.strictObject({}),
  'variance-filter': z.strictObject({
    above: z.number().min(0).optional(),
    most: z.number().int().min(1).optional(),
  }),
  standardize: z.strictObject({
    to: scale.optional(),
    within: z.literal('site').optional().describe('Each site by its own mean and spread. Default: all subjects alike.'),
  }),
  'standardize-image': z.strictObject({}),
  'robust-scale': z.strictObject({ spread: z.enum(['iqr', 'mad']).optional() }),
  'quantile-map': z.strictObject({ to: mapped, quantiles: z.number().int().min(2).optional() }),
  'rank-map': z.strictObject({ to: mapped }),
  'size-factors': z.strictObject({ per, positiveIn: z.number().gt(0).max(1).optional(), empty }),
  cpm: z.strictObject({ per, empty }),
  clr: z.strictObject({ zero: z.number().gt(0).max(1).optional(), empty }),
  'pearson-residuals': z.strictObject({
    clip: z.union([z.literal('auto'), z.number().positive()]).optional(),
    trendFeatures: z.number().int().min(1).optional(),
    empty,
  }),
  combat: z.strictObject({
    pooling: z.enum(poolings).optional(),
    meanOnly: z.boolean().optional(),
    reference: z.string().optional(),
    covariates: z.array(z.string()).optional().describe('Columns of the same modality whose effect is kept.'),
    unseen: z.enum(unseens).optional().describe('What to do at a site that was not in training; default: refuse.'),
  }),
  'intensity-z-score': z.strictObject({ mask, by, to: scale.optional() }),
  'min-max': z.strictObject({ mask, by, to: range.optional() }),
  'percentile-clip': z.strictObject({ mask, by, percentiles: z.tuple([percent, percent]).optional() }),
  'histogram-match': z.strictObject({ mask, quantiles: z.number().int().min(2).optional() }),
  nyul: z.strictObject({ mask, percentiles: z.array(percent).min(2).optional(), to: range.optional() }),
  'white-stripe': z.strictObject({ mask, ...peak, width: z.number().gt(0).max(1).optional() }),
  'kde-mode': z.strictObject({ mask, ...peak, to: z.number().positive().optional() }),
  'univariate-selection': z.strictObject({ most: z.number().int().min(1).optional() }),
} satisfies Record<HarmonizerKind, z.ZodType>;

const stepWith = <K extends HarmonizerKind>(kind: K) =>
  z.strictObject({ kind: z.literal(kind), options: optionsOf[kind].optional() });

const step = z
  .union([
    z.enum(Object.keys(harmonizers) as [HarmonizerKind, ...HarmonizerKind[]]),
    z.discriminatedUnion('kind', [
      stepWith('log1p'),
      stepWith('impute'),
      stepWith('encode'),
      stepWith('variance-filter'),
      stepWith('standardize'),
      stepWith('standardize-image'),
      stepWith('robust-scale'),
      stepWith('quantile-map'),
      stepWith('rank-map'),
      stepWith('size-factors'),
      stepWith('cpm'),
      stepWith('clr'),
      stepWith('pearson-residuals'),
      stepWith('combat'),
      stepWith('intensity-z-score'),
      stepWith('min-max'),
      stepWith('percentile-clip'),
      stepWith('histogram-match'),
      stepWith('nyul'),
      stepWith('white-stripe'),
      stepWith('kde-mode'),
      stepWith('univariate-selection'),
    ]),
  ])
  .describe('A step of preparation, fitted on training subjects inside each fold.');

export const prepareSchema = z.array(step);

const ratio = z.number().min(0).max(1);

/** What the penalized models share. */
const penalized = {
  penalties: z.union([z.literal('auto'), z.array(z.number().positive()).min(1)]).optional(),
  l1Ratio: z
    .union([ratio, z.array(ratio).min(1)])
    .optional()
    .describe('Elastic net: 0 is ridge (default), 1 the lasso; of several the best on inner folds.'),
};

export const logisticSchema = z.strictObject({
  ...penalized,
  classWeight: z.enum(['none', 'balanced']).optional(),
  tolerance: z.number().positive().optional(),
});

export const coxSchema = z.strictObject({ ...penalized, tolerance: z.number().positive().optional() });
export const ridgeSchema = z.strictObject(penalized);

const fusion = {
  modalities: z.array(z.string()).min(1).optional().describe('Modalities to use; default: all.'),
  logistic: logisticSchema.optional(),
  cox: coxSchema.optional(),
  ridge: ridgeSchema.optional(),
  recalibrate: z
    .boolean()
    .optional()
    .describe('Classes: whether probabilities are told anew by a logistic model of those out of fold; default: false.'),
};

const { modalities: _, ...experts } = fusion;
export const singleOptions = z.strictObject({ modality: z.string(), ...experts });
export const bestSingleOptions = z.strictObject({ ...fusion, metric: z.enum(metrics).optional() });
export const earlyOptions = z.strictObject(fusion);
export const lateOptions = z.strictObject({
  ...fusion,
  combine: z.enum(combiners).optional().describe('How opinions become one; default: mean.'),
});

const whole = z.number().int().min(1).optional();
const dropped = z.number().min(0).lt(1).optional();

export const intermediateOptions = z.strictObject({
  modalities: fusion.modalities,
  recalibrate: fusion.recalibrate,
  variant: z.enum(variantNames).optional().describe('How modalities come together in the network; default: attention.'),
  width: whole,
  heads: whole,
  layers: whole,
  tokens: whole,
  patches: whole,
  bins: z.number().int().min(0).optional(),
  librarySize: z
    .boolean()
    .optional()
    .describe('Whether counts out of which preparation took depth have a token that tells it; default: false.'),
  batchSize: whole,
  epochs: whole,
  patience: whole,
  trials: whole,
  members: whole,
  dropout: dropped,
  inputDropout: dropped,
  modalityDropout: dropped,
  auxiliary: z.number().min(0).optional(),
  reconstruction: z
    .number()
    .min(0)
    .optional()
    .describe('Weight of telling the counts of count modalities from their tokens, in training; default: 0.'),
  weightDecay: z.number().min(0).optional(),
  learningRate: z.number().positive().optional(),
});

export const blendOptions = z.strictObject({
  ...fusion,
  members: z.array(z.enum(blendMembers)).min(1).optional().describe('Fusions to blend; default: all three.'),
  early: earlyOptions.optional().describe('Options of single members, over those said once for all.'),
  late: lateOptions.optional(),
  intermediate: intermediateOptions.optional(),
  combine: z.enum(blendCombiners).optional().describe('How the opinions of members become one; default: convex.'),
});

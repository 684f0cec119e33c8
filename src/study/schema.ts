/** The study file: what is compared, in one declarative file. The JSON Schema that is published comes from here. */
import { z } from 'zod';
import { constraints, missingnesses, noiseModels, scales } from '../describe/modality.ts';
import { metrics } from '../score/metric.ts';
import { coxSchema, logisticSchema, prepareSchema, ridgeSchema } from './options.ts';
import { fusions } from './registry.ts';
import { timeUnits } from './target/survival.ts';

export const studyVersion = 1;

const path = z.string().min(1).meta({
  title: 'file name',
  description: 'A file, relative to the study file; ${NAME} is replaced by the environment variable NAME.',
});
const files = z
  .union([path, z.strictObject({ train: path.optional(), test: path.optional() })])
  .describe(
    'One file, or one for training and one for test subjects (a split that the data came with). A part that has no file lacks the modality.',
  );

const column = z.strictObject({
  scale: z.enum(scales).optional().describe('Instead of that of the modality.'),
  unit: z.string().optional(),
  order: z
    .array(z.union([z.string(), z.number()]))
    .min(2)
    .optional()
    .describe('Levels of an ordinal column from low to high; a value that is not among them is refused.'),
});

const table = {
  key: z.string().optional().describe('Column that holds subject ids; default: the first.'),
  separator: z.enum([',', '\t', ';', 'tab']).optional().describe('By the first two lines where not given.'),
  encoding: z
    .enum(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'])
    .optional()
    .describe('Default: utf-8; a byte order mark outweighs it.'),
  orientation: z
    .enum(['subjects-by-features', 'features-by-subjects'])
    .optional()
    .describe('features-by-subjects: one row a feature, one column a subject.'),
  missing: z.array(z.string()).optional().describe('Spellings of a missing value, instead of the usual ones.'),
};

export const interpolations = ['nearest', 'linear', 'cubic'] as const;

const images = z.strictObject({
  column: z
    .string()
    .optional()
    .describe('Column that names the scans, relative to the table; default: the only one beside the key.'),
  grid: z
    .strictObject({
      like: path.optional().describe('An image on whose grid all scans are laid, such as a template.'),
      spacingMm: z
        .number()
        .positive()
        .optional()
        .describe('Millimetres from voxel to voxel; default: those of the image that the grid is like.'),
    })
    .optional()
    .describe(
      'Lays every scan on one grid, by what its header says of its place; like the first scan where it says nothing else. Without it all scans must be on one grid already.',
    ),
  interpolation: z.enum(interpolations).optional().describe('Between voxels, for grid; default: linear.'),
  frame: z.number().int().min(0).optional().describe('Which of several frames, from 0.'),
  series: z
    .union([z.number().int().min(0), z.strictObject({ column: z.string() })])
    .optional()
    .describe(
      'Of folders with several series of DICOM slices, the SeriesNumber of the one to read; or the column of the table that tells it, or the SeriesInstanceUID, of each subject.',
    ),
  part: z
    .string()
    .optional()
    .describe('Of series that hold several volumes (echo 2), which of them, as the refusal names them.'),
  alone: z
    .boolean()
    .optional()
    .describe('Whether this modality needs no place in common with other images of the study; default: false.'),
});
export type ImagesEntry = z.infer<typeof images>;

export const modalitySchema = z.strictObject({
  file: files,
  ...table,
  images: images
    .optional()
    .describe(
      'Makes it a modality of scans: file is a table that names them, or a pattern of their names, scans/{subject}.nii.gz.',
    ),
  scale: z
    .enum(scales)
    .optional()
    .describe('Measurement scale of all its columns; inferred from the values where absent.'),
  unit: z.string().optional().describe('Unit of all its columns.'),
  noise: z.enum(noiseModels).optional().describe('How measurements scatter about the truth; default: unknown.'),
  constraint: z
    .enum(constraints)
    .optional()
    .describe('compositional: only ratios between columns carry meaning, as of read counts.'),
  missingness: z.enum(missingnesses).optional().describe('Why values are absent, as far as it is known.'),
  sampling: z
    .union([
      z.strictObject({ kind: z.enum(['once', 'visits']) }),
      z.strictObject({ kind: z.literal('regular'), intervalSeconds: z.number().positive() }),
    ])
    .optional()
    .describe('When it is measured; default: once a subject.'),
  include: z.array(z.string()).min(1).optional().describe('Columns to use; a trailing * stands for any ending.'),
  exclude: z.array(z.string()).optional().describe('Columns to leave out; a trailing * stands for any ending.'),
  columns: z.record(z.string(), column).optional().describe('What single columns are.'),
  geneSets: z
    .union([
      path,
      z.strictObject({
        file: path,
        least: z
          .number()
          .int()
          .min(1)
          .optional()
          .describe('Sets of which fewer columns are measured are left out; default: 5.'),
        most: z
          .number()
          .int()
          .min(1)
          .optional()
          .describe('Sets of which more columns are measured are left out; default: 500.'),
      }),
    ])
    .optional()
    .describe('A .gmt file of groups of its columns, such as pathways: each becomes a token of intermediate fusion.'),
  prepare: prepareSchema
    .optional()
    .describe('Steps of preparation instead of the default log1p, impute, encode, variance-filter, standardize.'),
});

/** Strategies that a study may name without options. */
const strategyNames = [
  'single',
  'single:best',
  'early',
  'early:logistic',
  'early:cox',
  'early:ridge',
  'intermediate',
  'intermediate:attention',
  'intermediate:bottleneck',
  'intermediate:gated',
  'intermediate:bilinear',
  'intermediate:concatenation',
  'intermediate:perceptron',
  'late:mean',
  'late:weighted',
  'late:convex',
  'late:stacked',
  'late:product',
  'late:vote',
  'late:weighted-vote',
  'late:evidential',
  'blend',
] as const;

/** A strategy with options of its own; `name` tells it from others of its kind. */
const named = { name: z.string().min(1).optional() };
const strategy = z.union([
  z.enum(strategyNames),
  z.discriminatedUnion('kind', [
    fusions.single.options.extend({ kind: z.literal('single'), ...named }),
    fusions.early.options.extend({ kind: z.literal('early'), ...named }),
    fusions.intermediate.options.extend({ kind: z.literal('intermediate'), ...named }),
    fusions.late.options.extend({ kind: z.literal('late'), ...named }),
    fusions.blend.options.extend({ kind: z.literal('blend'), ...named }),
  ]),
]);
export type StrategyEntry = z.infer<typeof strategy>;

export const studySchema = z.strictObject({
  kind: z.literal('study').optional(),
  version: z.number().int().positive().optional().describe('Version of this format.'),
  name: z.string().min(1).optional().describe('Names the folder of results; default: that of this file.'),
  title: z.string().optional().describe('Heads the report.'),
  description: z.string().optional().describe('A few sentences for the report: who was measured, what is asked.'),
  source: z.string().optional().describe('Where the data come from and under which licence.'),
  modalities: z
    .record(z.string().min(1), z.union([path, modalitySchema]))
    .describe('The measurements, by name; just a file name where nothing else is to be said.'),
  target: z
    .union([
      path,
      z.strictObject({
        file: files,
        ...table,
        kind: z
          .enum(['classes', 'survival', 'value'])
          .optional()
          .describe('Default: survival where time is given, else classes.'),
        column: z.string().optional().describe('Of classes or values. Default: the only column beside the key.'),
        time: z
          .union([z.string(), z.array(z.string()).min(1)])
          .optional()
          .describe(
            'Survival: column of the time to the event or to the last observation; of several, the first that has a value.',
          ),
        timeUnit: z.enum(timeUnits).optional().describe('Survival: unit of the times; default: days.'),
        status: z.string().optional().describe('Survival: column that says whether the event was seen.'),
        unit: z.string().optional().describe('Of a value.'),
        classes: z
          .array(z.union([z.string(), z.number()]))
          .min(2)
          .optional()
          .describe('The classes in order; of two, the second is the event. Subjects with another value are refused.'),
        names: z
          .record(z.string(), z.string().min(1))
          .optional()
          .describe(
            'How to write the classes in results and report, by their value in the file: { 0: alive, 1: dead }.',
          ),
        event: z
          .union([z.string(), z.number(), z.array(z.union([z.string(), z.number()])).min(1)])
          .optional()
          .describe(
            'Of two classes, the one whose probability is told. Survival: the status, or several, that means the event; all others are censored. Default: by its words (1, dead, event, ...).',
          ),
      }),
    ])
    .describe('What is to be told: a file of ids and classes, survival times or values.'),
  groups: z
    .union([z.string().min(1), z.strictObject({ file: path, ...table, column: z.string() })])
    .optional()
    .describe(
      'Subjects of one group (site, family) stay on one side of every split: a column of the target file, or of a file of its own.',
    ),
  site: z
    .union([z.string().min(1), z.strictObject({ file: path, ...table, column: z.string() })])
    .optional()
    .describe(
      'Where each subject was measured (hospital, scanner, batch), for the steps that adjust for it: a column of the target file, or of a file of its own.',
    ),
  subsample: z
    .literal('balanced')
    .optional()
    .describe(
      'Uses a random part of the subjects in which every site has equally many of each class, so that site and target have nothing to do with each other. Needs site.',
    ),
  exclude: z
    .array(z.string())
    .optional()
    .describe('Columns to leave out of every modality, such as those derived from the outcome.'),
  split: z
    .strictObject({
      file: path,
      ...table,
      fold: z.string().optional().describe('Column that numbers the splits, where there are several.'),
      role: z.string().optional().describe('Column that holds the role; default: role.'),
      train: z.array(z.string()).optional().describe('Roles that are trained on; default: train, val.'),
      test: z.array(z.string()).optional().describe('Roles that are tested; default: test.'),
    })
    .optional()
    .describe('A table of splits that the data came with.'),
  strategies: z
    .array(strategy)
    .min(1)
    .optional()
    .describe(
      'Default: every single modality, early (early:logistic, early:cox or early:ridge by the kind of target), late:mean, late:weighted and late:stacked. The best single modality is always there, to compare with.',
    ),
  logistic: logisticSchema.optional().describe('Options of the logistic models (classes).'),
  cox: coxSchema.optional().describe('Options of the Cox models (survival).'),
  ridge: ridgeSchema.optional().describe('Options of the ridge models (values).'),
  protocol: z
    .strictObject({
      kind: z
        .enum(['cross-validation', 'holdout', 'leave-one-group-out', 'given'])
        .optional()
        .describe(
          "leave-one-group-out: each of the study's groups is tested once. given: the split that the data came with, and the default where there is one.",
        ),
      folds: z.number().int().min(2).optional().describe('Of cross-validation; default: 5.'),
      repeats: z.number().int().min(1).optional().describe('Default: 5 of cross-validation, 30 of holdout.'),
      testShare: z.number().gt(0).lt(1).optional().describe('Share of subjects that holdout tests; default: 0.3.'),
      inner: z
        .number()
        .int()
        .min(2)
        .optional()
        .describe('Folds of the training subjects on which everything is chosen; default: 5.'),
      metric: z
        .enum(metrics)
        .optional()
        .describe(
          'What the verdict rests on; default: auroc of two classes, balancedErrorRate of more, harrellC of survival, rSquared of values.',
        ),
      margin: z
        .number()
        .min(0)
        .optional()
        .describe('A difference of at most this much in the metric is of no practical meaning; default: 0.02.'),
    })
    .optional()
    .describe('Who is trained on and who is tested, and what counts.'),
  seed: z.number().int().min(0).optional().describe('Of folds and models; default: 0.'),
});

export type StudyFile = z.infer<typeof studySchema>;
export type TargetSchema = Omit<Exclude<StudyFile['target'], string>, 'file' | keyof typeof table>;
export type ModalityEntry = z.infer<typeof modalitySchema>;
export type TableEntry = Pick<ModalityEntry, keyof typeof table>;

/** The schema that editors and other tools use. */
export function studyJsonSchema(): object {
  return {
    ...z.toJSONSchema(studySchema, { target: 'draft-2020-12' }),
    $id: 'urn:consilience:study:1',
    title: 'Consilience study',
  };
}

/** The main job: a study file in, a comparison out. */
import { availableParallelism } from 'node:os';
import type { Block } from '../describe/cohort.ts';
import type { Modality } from '../describe/modality.ts';
import { countsOf } from '../describe/target.ts';
import { checkMetric, compareStrategies, defaultMetric } from '../evaluate/compare.ts';
import type { Comparison, ImageRelation, ModalitySummary, SubjectPrediction } from '../evaluate/comparison.ts';
import { patternsOf } from '../evaluate/outcomes.ts';
import { defaultStepsOf, type Step } from '../harmonize/prepare.ts';
import { environment } from './environment.node.ts';
import type { FoldCacheOptions } from './fold-cache.node.ts';
import { imageSummary } from './images/image-summary.node.ts';
import { namingOddScans } from './images/odd-scans.ts';
import { relationSummary } from './images/relation-summary.node.ts';
import { inStudy } from './in-study.node.ts';
import { type LoadedStudy, loadStudy } from './load.node.ts';
import { protocolOf, untrained } from './protocol.ts';
import { runFolds } from './run-folds.node.ts';
import type { StudyFile } from './schema.ts';
import { checkSitesOfFolds } from './site.ts';
import { buildStrategies, strategiesOf } from './strategies.ts';
import { tellingNames } from './telling-names.ts';

export interface CompareStudyOptions {
  /** Instead of the study's own seed. */
  readonly seed?: number;
  /** Worker threads; changes no figure. Default: one a core. */
  readonly jobs?: number;
  readonly signal?: AbortSignal;
  /** Keeps finished folds in a folder, so that an interrupted run goes on from there. Default: nowhere. */
  readonly cache?: FoldCacheOptions & { readonly folder: string | ((study: LoadedStudy) => string) };
  readonly progress?: (done: number, total: number) => void;
  /** Told what was loaded, before the long work. */
  readonly loaded?: (study: LoadedStudy) => void;
}

export interface ComparedStudy {
  readonly comparison: Comparison;
  readonly predictions: readonly SubjectPrediction[];
}

/**
 * Reads the study, runs every strategy on the same folds and sums up.
 *
 * @throws InputError where the study or its data cannot be used
 * @throws CancelledError where `signal` was aborted
 */
export function compareStudy(path: string, options: CompareStudyOptions = {}): Promise<ComparedStudy> {
  return inStudy(path, () => compared(path, options));
}

async function compared(path: string, options: CompareStudyOptions): Promise<ComparedStudy> {
  const loaded = await loadStudy(path, process.env, options.seed);
  options.loaded?.(loaded);
  const { study, cohort, target, groups, warnings, name } = loaded;
  const given = study.protocol ?? {};
  const metric = given.metric ?? defaultMetric(target);
  checkMetric(metric, target);
  const specs = strategiesOf(
    study,
    cohort.blocks.map(({ modality }) => modality.name),
    metric,
    target.kind,
  );
  const { signal, progress, cache } = options;
  const cacheFolder = typeof cache?.folder === 'function' ? cache.folder(loaded) : cache?.folder;
  const protocol = protocolOf(study.protocol, target, loaded.splits);
  checkSitesOfFolds(study, protocol.kind, groups, loaded.sites);
  const { predictions, ...figures } = await compareStrategies(cohort, target, buildStrategies(specs), {
    protocol,
    seed: options.seed ?? study.seed ?? 0,
    metric,
    ...(given.inner !== undefined && { inner: given.inner }),
    ...(given.margin !== undefined && { margin: given.margin }),
    ...(groups && { groups }),
    runFolds: (folds, grid) =>
      namingOddScans(warnings, () =>
        runFolds(cohort, target, specs, folds, grid, {
          jobs: options.jobs ?? availableParallelism(),
          ...(signal && { signal }),
          ...(progress && { progress }),
          ...(cacheFolder !== undefined && { cache: { ...cache, folder: cacheFolder } }),
        }),
      ),
  });
  const comparison: Comparison = {
    kind: 'comparison',
    version: 1,
    study: {
      name,
      title: study.title ?? name,
      ...(study.description !== undefined && { description: study.description }),
      ...(study.source !== undefined && { source: study.source }),
      subjects: cohort.subjects.length,
      modalities: await Promise.all(cohort.blocks.map((block) => modalitySummary(block, loaded))),
      ...(await imageRelations(loaded, options.seed ?? study.seed ?? 0)),
      target: {
        kind: target.kind,
        name: target.name,
        ...(target.kind === 'value' && target.unit !== undefined && { unit: target.unit }),
        ...countsOf(target),
      },
      patterns: patternsOf(cohort, target, cohort.subjects.keys()),
    },
    ...figures,
    warnings: [...warnings, ...tellingNames(cohort), ...untrained(protocol, cohort), ...figures.warnings],
    environment: environment(),
  };
  return { comparison, predictions };
}

function stepsOf({ modalities }: StudyFile, modality: Modality): Step[] {
  const entry = modalities[modality.name];
  const given = typeof entry === 'string' || !entry.prepare ? defaultStepsOf({ modality }) : entry.prepare;
  return given.map((step): Step => (typeof step === 'string' ? { kind: step } : (step as Step)));
}

/** Every pair of images on one grid, which is that of all that are not alone. */
async function imageRelations(
  { study, cohort, target }: LoadedStudy,
  seed: number,
): Promise<Pick<Comparison['study'], 'imageRelations'>> {
  const together = cohort.blocks.filter(({ modality: { name, image } }) => {
    const entry = study.modalities[name];
    return image && !(typeof entry !== 'string' && entry.images?.alone);
  });
  const images = together.map((block) => ({ block, steps: stepsOf(study, block.modality) }));
  const relations: ImageRelation[] = [];
  for (const [at, first] of images.entries()) {
    for (const second of images.slice(at + 1)) {
      const relation = await relationSummary(first, second, target, seed);
      if (relation) relations.push(relation);
    }
  }
  return relations.length > 0 ? { imageRelations: relations } : {};
}

async function modalitySummary(block: Block, { study, target }: LoadedStudy): Promise<ModalitySummary> {
  const { modality, observed, present, values } = block;
  const features = values.shape[1];
  let measured = 0;
  for (let i = 0; i < present.length; i++) {
    if (present[i]) for (let at = i * features; at < (i + 1) * features; at++) measured += observed[at];
  }
  const subjects = present.reduce((sum, there) => sum + there, 0);
  const units = new Set(modality.features.map(({ unit }) => unit));
  const [unit] = units;
  const scales: Record<string, number> = {};
  for (const { scale } of modality.features) scales[scale] = (scales[scale] ?? 0) + 1;
  const steps = stepsOf(study, modality);
  const image = await imageSummary(block, steps, target);
  return {
    name: modality.name,
    features,
    subjects,
    ...(units.size === 1 && unit !== undefined && { unit }),
    scales,
    noise: modality.noise,
    constraint: modality.constraint,
    missingShare: subjects ? 1 - measured / (subjects * features) : 1,
    preparation: steps.map(({ kind }) => kind).join(', '),
    ...(image && { image }),
  };
}

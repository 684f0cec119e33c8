import type { Matrix } from '../array/matrix.ts';
import { type Block, blockOf, type Cohort, takeBlockRows } from '../describe/cohort.ts';
import { type Target, takeTarget } from '../describe/target.ts';
import { InputError } from '../errors.ts';
import { type JsonObject, openPipe, pipe, type Run, type Saved } from '../estimator.ts';
import { remember } from '../remember.ts';
import { clr } from './clr.ts';
import { combat } from './combat-step.ts';
import { cpm } from './cpm.ts';
import { encode } from './encode.ts';
import type { FittedHarmonizer, Harmonizer } from './harmonizer.ts';
import { impute } from './impute.ts';
import { intensitySteps } from './intensity/steps.ts';
import { log1p } from './log1p.ts';
import { pearsonResiduals } from './pearson-residuals.ts';
import { quantileMap } from './quantile-map.ts';
import { rankMap } from './rank-map.ts';
import { robustScale } from './robust-scale.ts';
import { sizeFactors } from './size-factors.ts';
import { standardize } from './standardize.ts';
import { standardizeImage } from './standardize-image.ts';
import { univariateSelection } from './univariate-selection.ts';
import { varianceFilter } from './variance-filter.ts';

/** The harmonizers by the names that studies and saved models use. */
export const harmonizers = {
  log1p,
  impute,
  encode,
  'variance-filter': varianceFilter,
  standardize,
  'standardize-image': standardizeImage,
  'robust-scale': robustScale,
  'quantile-map': quantileMap,
  'rank-map': rankMap,
  'size-factors': sizeFactors,
  cpm,
  clr,
  'pearson-residuals': pearsonResiduals,
  combat,
  ...intensitySteps,
  'univariate-selection': univariateSelection,
} as const;
export type HarmonizerKind = keyof typeof harmonizers;

/** Steps that read the target: what they see must be kept from whoever is judged on it, inner validation folds too. */
const supervised: ReadonlySet<HarmonizerKind> = new Set(['univariate-selection']);

/** Steps that take an unseen site's scale from its own subjects, test subjects among them, without their labels. */
export function scalesUnseenSites(steps: readonly Step[] | undefined): boolean {
  return (
    steps?.some(
      ({ kind, options }) =>
        (kind === 'standardize' && options?.within === 'site') || (kind === 'combat' && options?.unseen === 'own'),
    ) ?? false
  );
}

export function readsTarget(steps: readonly Step[] | undefined): boolean {
  return steps?.some(({ kind }) => supervised.has(kind)) ?? false;
}

/** A step of a preparation as it stands in a study. */
export interface Step {
  readonly kind: HarmonizerKind;
  readonly options?: JsonObject;
}

/** What every modality goes through unless the study says otherwise. Each step acts by the scale of each feature. */
export const defaultSteps: readonly Step[] = [
  { kind: 'log1p' },
  { kind: 'impute' },
  { kind: 'encode' },
  { kind: 'variance-filter' },
  { kind: 'standardize' },
];

/** What images go through: their voxels keep their places, so that encoders find them there. */
export const defaultImageSteps: readonly Step[] = [{ kind: 'standardize-image' }];

/** The steps of a modality that says none. */
export function defaultStepsOf({ modality }: Pick<Block, 'modality'>): readonly Step[] {
  return modality.image ? defaultImageSteps : defaultSteps;
}

export function preparation(steps: readonly Step[] = defaultSteps): Harmonizer {
  return pipe(...steps.map(({ kind, options }) => harmonizers[kind](options as never)));
}

export function openPreparation(saved: Saved): FittedHarmonizer {
  return openPipe(saved, (part) => {
    const kind = part.kind as HarmonizerKind;
    if (!Object.hasOwn(harmonizers, kind))
      throw new InputError({ where: 'model', what: `unknown harmonizer "${part.kind}"` });
    return harmonizers[kind].open(part);
  }) as FittedHarmonizer;
}

export interface Prepared {
  readonly fitted: FittedHarmonizer;
  /** All training subjects in the language of numbers: [subjects, features]; who lacks the modality is filled in. */
  readonly values: Matrix;
  readonly features: readonly string[];
  readonly present: Uint8Array; // [subjects]
}

/**
 * Fits the preparation of one modality to the training subjects of a fold, once for all strategies. Where it `readsTarget`,
 * the values are not for choosing anything among these subjects (see `prepareAnew`).
 */
export function prepareModality(
  x: Cohort,
  name: string,
  steps: readonly Step[] | undefined,
  target: Target,
  run: Run,
): Promise<Prepared> {
  return remember([x, target], `prepared ${name} ${JSON.stringify(steps ?? null)}`, run, async (inner) => {
    const block = blockOf(x, name);
    const fitted = await preparation(steps ?? defaultStepsOf(block)).fit(block, target, inner);
    const ready: Block = await fitted.apply(block);
    return {
      fitted,
      values: ready.values,
      features: ready.modality.features.map((feature) => feature.name),
      present: ready.present,
    };
  });
}

/**
 * A preparation that reads the target, to be fitted anew on some of the subjects: steps before the first that reads it are
 * fitted once on all of them, as everywhere. Applied to all subjects: [subjects, features].
 */
export async function prepareAnew(
  block: Block,
  given: readonly Step[] | undefined,
  target: Target,
  run: Run,
): Promise<(train: Int32Array) => Promise<Matrix>> {
  const steps = given ?? defaultStepsOf(block);
  const first = steps.findIndex(({ kind }) => supervised.has(kind));
  const head = steps.slice(0, first < 0 ? steps.length : first);
  const tail = steps.slice(head.length);
  const ready = head.length ? await (await preparation(head).fit(block, target, run)).apply(block) : block;
  if (tail.length === 0) return async () => ready.values;
  return async (train) => {
    const fitted = await preparation(tail).fit(takeBlockRows(ready, train), takeTarget(target, train), run);
    return (await fitted.apply(ready)).values;
  };
}

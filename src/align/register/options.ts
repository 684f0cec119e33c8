/** What a registration may be asked, and what it does unasked. */
import { spacingMm as spacingOf } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import type { Volume } from '../../read/image/volume.ts';
import type { SpatialTransform } from '../space/transform.ts';
import type { Metric } from './agreement.ts';
import type { LinearModelName } from './linear-model.ts';

export const registrationModels = ['translation', 'rigid', 'similarity', 'affine', 'bSpline'] as const;
export const registrationMetrics = ['mutualInformation', 'normalizedCorrelation', 'meanSquares'] as const;
export type RegistrationModel = LinearModelName | 'bSpline';

export interface RegistrationOptions {
  /** Default `rigid`. `bSpline` finds an affine first, then a deformation before it. */
  readonly model?: RegistrationModel;
  /** Default `mutualInformation`, which alone is right between contrasts. */
  readonly metric?: Metric;
  /** Where the search begins: as the headers say, centre of mass upon centre of mass, or (default) both. */
  readonly start?: 'auto' | 'header' | 'centresOfMass' | SpatialTransform;
  /**
   * Of the finest grid that is worked on. Default 2 mm in 3-D, the fixed image's own spacing in 2-D; finer for small objects.
   */
  readonly spacingMm?: number;
  /** Searches from the starts and from places around them. Default 8. */
  readonly restarts?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Only where these are not 0, each on its image's grid. */
  readonly fixedMask?: Volume;
  readonly movingMask?: Volume;
  /** Between the control points of a `bSpline`, mm. Default 8 times `spacingMm`. */
  readonly controlMm?: number;
  /**
   * Whether both images show one object, so that what a linear transform leaves unmatched speaks against it. Default true for
   * `translation` and `rigid`, false for the models that may stretch: those also lay one person upon another.
   */
  readonly sameObject?: boolean;
  /** Default true: a registration that cannot be trusted throws. Else its reasons stand in the result. */
  readonly refuse?: boolean;
  readonly signal?: AbortSignal;
  /** Called after each search and climb: how many of how many are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

const known: readonly (keyof RegistrationOptions)[] = [
  'model',
  'metric',
  'start',
  'spacingMm',
  'restarts',
  'seed',
  'fixedMask',
  'movingMask',
  'controlMm',
  'sameObject',
  'refuse',
  'signal',
  'onProgress',
];

export type Settings = Required<
  Pick<RegistrationOptions, 'model' | 'metric' | 'start' | 'restarts' | 'seed' | 'sameObject' | 'refuse'>
> & {
  /** Coarsest first. */
  readonly spacingsMm: readonly number[];
  readonly controlMm: number;
};

/** @throws InputError by the option's name */
export function settingsOf(fixed: Volume, moving: Volume, options: RegistrationOptions): Settings {
  const where = 'register';
  for (const name of Object.keys(options)) {
    if (!known.includes(name as keyof RegistrationOptions)) {
      throw new InputError({ where, what: `unknown option "${name}"`, expected: `one of ${known.join(', ')}` });
    }
  }
  const {
    model = 'rigid',
    metric = 'mutualInformation',
    start = 'auto',
    restarts = 8,
    seed = 0,
    refuse = true,
  } = options;
  const { sameObject = model === 'translation' || model === 'rigid' } = options;
  oneOf('model', model, registrationModels);
  oneOf('metric', metric, registrationMetrics);
  if (typeof start === 'string') oneOf('start', start, ['auto', 'header', 'centresOfMass']);
  if (!Number.isInteger(restarts) || restarts < 3 || restarts > 100) {
    throw new InputError({ where, what: 'restarts', expected: 'a whole number from 3 to 100', got: String(restarts) });
  }
  if (!Number.isInteger(seed))
    throw new InputError({ where, what: 'seed', expected: 'a whole number', got: String(seed) });
  if (fixed.dimensions !== moving.dimensions) {
    const got = `${fixed.dimensions}-D and ${moving.dimensions}-D`;
    throw new InputError({ where, what: 'images of different dimensions', expected: 'two 2-D or two 3-D images', got });
  }
  const spacingMm = options.spacingMm ?? defaultSpacing(fixed);
  const controlMm = options.controlMm ?? 8 * spacingMm;
  for (const [name, mm] of Object.entries({ spacingMm, controlMm })) {
    if (mm > 0 && Number.isFinite(mm)) continue;
    throw new InputError({ where, what: name, expected: 'millimetres above 0', got: String(mm) });
  }
  const spacingsMm = [4, 2, 1]
    .map((times) => times * spacingMm)
    .filter((mm, at) => at === 2 || extentMm(fixed) / mm >= 12);
  return { model, metric, start, restarts, seed, sameObject, refuse, spacingsMm, controlMm };
}

function oneOf(name: string, value: unknown, values: readonly string[]): void {
  if (values.includes(value as string)) return;
  throw new InputError({
    where: 'register',
    what: `unknown ${name}`,
    expected: `one of ${values.join(', ')}`,
    got: String(value),
  });
}

function defaultSpacing(fixed: Volume): number {
  const own = Math.min(...spacingOf(fixed).slice(0, 2));
  return fixed.dimensions === 2
    ? Math.max(own, extentMm(fixed) / 512)
    : Math.max(own / 2, Math.min(2, extentMm(fixed) / 60));
}

/** The shorter side in the plane. */
function extentMm(fixed: Volume): number {
  const [x, y] = spacingOf(fixed);
  return Math.min(fixed.shape[2] * x, fixed.shape[1] * y);
}

/**
 * Registration: where a point of one image is in another of the same object, by mutual information (Viola and Wells 1997; Mattes
 * et al. 2003) climbed through a pyramid from many starts, both ways. What comes out is the mean of all runs, with an estimate of
 * its own error from how far they lie apart, or a refusal that says why it cannot be trusted.
 */
import { deriveSeed } from '../../array/random.ts';
import { InputError } from '../../errors.ts';
import type { Volume } from '../../read/image/volume.ts';
import type { AffineTransform, SpatialTransform } from '../space/transform.ts';
import type { Metric } from './agreement.ts';
import { deform } from './deform.ts';
import { estimatedErrorMm, reasonsAgainst } from './judge.ts';
import { deformationErrorMm, reasonsAgainstDeformation } from './judge-deformation.ts';
import type { LinearModelName } from './linear-model.ts';
import { measure, pauser } from './measure.ts';
import { metricAt } from './metric-at.ts';
import { type RegistrationOptions, settingsOf } from './options.ts';
import { levelOf } from './prepared.ts';

/** Climbs of a linear registration after the search, and of a deformation after that: what progress counts. */
const linearRuns = 8;
const deformationRuns = 5;

export interface Registration<Transform extends SpatialTransform = SpatialTransform> {
  /** From a point of the fixed image to that of the moving image, RAS mm: an affine; of `bSpline` a deformation, then one. */
  readonly transform: Transform;
  readonly metric: {
    readonly kind: Metric;
    /** Where the search began, by the first start, and where it ended; on the same places. Mutual information in nats. */
    readonly before: number;
    readonly after: number;
  };
  /** What 92 % of errors stay below: mean over the corners of the fixed object's box, of a deformation over places within. */
  readonly estimatedErrorMm: number;
  /** The share of the fixed object that falls inside the moving image. */
  readonly overlap: number;
  readonly evidence: {
    /** The share of searches that end where the best ends. */
    readonly agreement: number;
    /** Distance of the fine runs from their mean: root mean square of a linear transform, mean of a deformation. */
    readonly spreadMm: number;
    /** Between the runs from fixed to moving and those from moving to fixed. */
    readonly inverseMm: number;
    /** How far the corners would move if the transform might stretch too. */
    readonly stretchMm: number;
    /** The metric of the best mirrored alternative over that reached. */
    readonly mirrorRatio: number;
    /** The metric reached over its mean a third of the object away. */
    readonly prominence: number;
    /** Of a deformation: the share of its volume that the most squeezed piece keeps. */
    readonly smallestJacobian?: number;
  };
  /** Why it cannot be trusted; empty where it can. Only with `refuse: false` there may be some. */
  readonly reasons: readonly string[];
}

/**
 * @param fixed on whose grid the moving image may be resampled with the transform
 * @throws InputError for an unknown option, images that cannot be compared, and, unless `refuse` is false, a registration that
 *   cannot be trusted
 * @throws CancelledError where `signal` was aborted
 */
export function register(
  fixed: Volume,
  moving: Volume,
  options?: RegistrationOptions & { readonly model?: LinearModelName },
): Promise<Registration<AffineTransform>>;
export function register(fixed: Volume, moving: Volume, options: RegistrationOptions): Promise<Registration>;
export async function register(
  fixed: Volume,
  moving: Volume,
  options: RegistrationOptions = {},
): Promise<Registration> {
  const settings = settingsOf(fixed, moving, options);
  const { fixedMask, movingMask, signal, onProgress } = options;
  const total = settings.restarts + linearRuns + (settings.model === 'bSpline' ? deformationRuns : 0);
  let ended = 0;
  const { pair, model, evidence, start } = await measure(fixed, moving, settings, {
    ...(fixedMask && { fixedMask }),
    ...(movingMask && { movingMask }),
    pause: pauser(signal),
    done: () => onProgress?.(++ended, total),
  });
  const deformed =
    settings.model === 'bSpline' ? await deform(pair, model, evidence.transform, settings.controlMm) : undefined;
  const judged = {
    dimensions: fixed.dimensions,
    spacingMm: settings.spacingsMm[settings.spacingsMm.length - 1],
    sameObject: settings.sameObject,
  };
  const reasons = deformed ? reasonsAgainstDeformation(deformed, evidence, judged) : reasonsAgainst(evidence, judged);
  if (settings.refuse && reasons.length > 0) {
    throw new InputError({ where: 'register', what: `not to be trusted: ${reasons.join('; ')}` });
  }
  const transform: SpatialTransform = deformed?.transform ?? {
    kind: 'affine',
    model: model.name,
    matrix: evidence.transform,
  };
  const level = levelOf(pair.fixed, pair.moving, settings.spacingsMm.length - 1, {
    metric: pair.metric,
    seed: deriveSeed(pair.seed, 'told'),
    most: pair.fineSamples,
  });
  const before = metricAt(level, { kind: 'affine', model: model.name, matrix: start });
  const { agreement, stretchMm, prominence, overlap } = evidence;
  const { spreadMm, inverseMm, mirrorRatio } = deformed ?? evidence;
  return {
    transform,
    metric: { kind: pair.metric, before, after: metricAt(level, transform) },
    estimatedErrorMm: deformed ? deformationErrorMm(deformed) : estimatedErrorMm(evidence),
    overlap,
    evidence: {
      agreement,
      spreadMm,
      inverseMm,
      stretchMm,
      mirrorRatio,
      prominence,
      ...(deformed && { smallestJacobian: deformed.smallestJacobian }),
    },
    reasons,
  };
}

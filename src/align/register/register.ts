/**
 * Registration: where a point of one image is in another of the same object, by mutual information (Viola and Wells 1997; Mattes
 * et al. 2003) climbed through a pyramid from many starts, both ways. What comes out is the mean of all runs, with an estimate of
 * its own error from how far they lie apart, or a refusal that says why it cannot be trusted.
 */
import { deriveSeed } from '../../array/random.ts';
import { InputError } from '../../errors.ts';
import type { Volume } from '../../read/volume.ts';
import type { AffineTransform } from '../space/transform.ts';
import type { Metric } from './agreement.ts';
import { estimatedErrorMm, reasonsAgainst } from './judge.ts';
import { linearSlope } from './linear-climb.ts';
import { measure, pauser } from './measure.ts';
import { type RegistrationOptions, settingsOf } from './options.ts';
import { levelOf } from './prepared.ts';

export interface Registration {
  /** From a point of the fixed image to that of the moving image, RAS mm. */
  readonly transform: AffineTransform;
  readonly metric: {
    readonly kind: Metric;
    /** Where the search began, by the first start, and where it ended; on the same places. Mutual information in nats. */
    readonly before: number;
    readonly after: number;
  };
  /** What 92 % of errors stay below: mean over the corners of the fixed object's box. */
  readonly estimatedErrorMm: number;
  /** The share of the fixed object that falls inside the moving image. */
  readonly overlap: number;
  readonly evidence: {
    /** The share of searches that end where the best ends. */
    readonly agreement: number;
    /** Root mean square distance of the fine runs from their mean. */
    readonly spreadMm: number;
    /** Between the runs from fixed to moving and those from moving to fixed. */
    readonly inverseMm: number;
    /** How far the corners would move if the transform might stretch too. */
    readonly stretchMm: number;
    /** The metric of the best mirrored alternative over that reached. */
    readonly mirrorRatio: number;
    /** The metric reached over its mean a third of the object away. */
    readonly prominence: number;
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
export async function register(
  fixed: Volume,
  moving: Volume,
  options: RegistrationOptions = {},
): Promise<Registration> {
  const settings = settingsOf(fixed, moving, options);
  const { fixedMask, movingMask, signal } = options;
  const { pair, model, evidence, start } = await measure(fixed, moving, settings, {
    ...(fixedMask && { fixedMask }),
    ...(movingMask && { movingMask }),
    pause: pauser(signal),
  });
  const spacingMm = settings.spacingsMm[settings.spacingsMm.length - 1];
  const reasons = reasonsAgainst(evidence, {
    dimensions: fixed.dimensions,
    spacingMm,
    sameObject: settings.sameObject,
  });
  if (settings.refuse && reasons.length > 0) {
    throw new InputError({ where: 'register', what: `not to be trusted: ${reasons.join('; ')}` });
  }
  const finest = settings.spacingsMm.length - 1;
  const most = pair.fineSamples;
  const level = levelOf(pair.fixed, pair.moving, finest, {
    metric: pair.metric,
    seed: deriveSeed(pair.seed, 'told'),
    most,
  });
  const at = linearSlope(level, model);
  const { agreement, spreadMm, inverseMm, stretchMm, mirrorRatio, prominence, overlap, transform } = evidence;
  return {
    transform: { kind: 'affine', model: model.name, matrix: transform },
    metric: { kind: pair.metric, before: at(start).value, after: at(transform).value },
    estimatedErrorMm: estimatedErrorMm(evidence),
    overlap,
    evidence: { agreement, spreadMm, inverseMm, stretchMm, mirrorRatio, prominence },
    reasons,
  };
}

/** From two volumes to the evidence of a linear registration. */
import { type Affine, identityAffine } from '../../array/grid.ts';
import { CancelledError, InputError } from '../../errors.ts';
import type { Volume } from '../../read/image/volume.ts';
import { type Evidence, gather } from './evidence.ts';
import { frameOf, radiusMm } from './head-box.ts';
import type { LinearModel, LinearModelName } from './linear-model.ts';
import type { RegistrationOptions, Settings } from './options.ts';
import { prepare } from './prepared.ts';
import { basesOf, type Pair, startsOf } from './search.ts';

export interface Measured {
  readonly pair: Pair;
  readonly model: LinearModel;
  readonly evidence: Evidence;
  /** From which the search set out. */
  readonly start: Affine;
}

/** @throws InputError where the planes of two 2-D images are not parallel */
export async function measure(
  fixed: Volume,
  moving: Volume,
  settings: Settings,
  {
    fixedMask,
    movingMask,
    pause = () => undefined,
    done = () => undefined,
  }: Pick<RegistrationOptions, 'fixedMask' | 'movingMask'> & Partial<Pick<Pair, 'pause' | 'done'>>,
): Promise<Measured> {
  const { spacingsMm, metric, seed, start, restarts } = settings;
  const [a, b] = [prepare(fixed, 'fixed', fixedMask, spacingsMm), prepare(moving, 'moving', movingMask, spacingsMm)];
  const flat = fixed.dimensions === 2;
  const [frame, other] = [frameOf(fixed), frameOf(moving)];
  if (flat && Math.abs(frame[2] * other[2] + frame[5] * other[5] + frame[8] * other[8]) < 0.999) {
    throw new InputError({ where: 'register', what: 'the planes of the two images are not parallel' });
  }
  const pair: Pair = { fixed: a, moving: b, metric, seed, pause, done, coarseSamples: 15_000, fineSamples: 60_000 };
  const middle = a.foreground.middle;
  const name: LinearModelName = settings.model === 'bSpline' ? 'affine' : settings.model;
  const model: LinearModel = {
    name,
    dimensions: fixed.dimensions,
    frame,
    centre: middle.centre,
    radiusMm: radiusMm(middle),
  };
  const bases = basesOf(start, a.foreground.centreOfMass, b.foreground.centreOfMass);
  const starts = startsOf(pair, model, { bases, restarts, perturbMm: model.radiusMm / 10, perturbDegrees: 10 });
  return { pair, model, evidence: await gather(pair, model, starts), start: bases[0] ?? identityAffine() };
}

/** Lets the event loop turn every twentieth of a second, and stops when asked. */
export function pauser(signal: AbortSignal | undefined): () => Promise<void> | undefined {
  let last = performance.now();
  return () => {
    if (signal?.aborted) throw new CancelledError('register');
    if (performance.now() - last < 50) return undefined;
    return new Promise((resolve) => {
      setTimeout(() => {
        last = performance.now();
        resolve();
      }, 0);
    });
  };
}

/** The coarse search: many starts, climbed through the coarse levels of the pyramid and judged on the same samples. */
import { type Affine, identityAffine } from '../../array/grid.ts';
import { deriveSeed } from '../../array/random.ts';
import { InputError } from '../../errors.ts';
import type { Metric } from './agreement.ts';
import { apartMm } from './distance.ts';
import type { Point } from './head-box.ts';
import { climbLinear, linearSlope } from './linear-climb.ts';
import type { LinearModel } from './linear-model.ts';
import type { RegistrationOptions } from './options.ts';
import { levelOf, type Prepared } from './prepared.ts';
import { centresOfMass, perturbed } from './start.ts';

export interface Pair {
  readonly fixed: Prepared;
  readonly moving: Prepared;
  readonly metric: Metric;
  readonly seed: number;
  readonly pause: () => Promise<void> | undefined;
  /** Called after each of the searches and climbs that make up the work. */
  readonly done: () => void;
  /** Samples of a coarse level, and of the finest. */
  readonly coarseSamples: number;
  readonly fineSamples: number;
}

/** The same pair the other way round. */
export function reversed(pair: Pair): Pair {
  return { ...pair, fixed: pair.moving, moving: pair.fixed, seed: deriveSeed(pair.seed, 'reversed') };
}

export interface Found {
  readonly transform: Affine;
  /** The metric on the samples that all share. */
  readonly value: number;
}

export interface SearchOptions {
  readonly bases: readonly Affine[];
  readonly restarts: number;
  readonly perturbMm: number;
  readonly perturbDegrees: number;
}

/** The bases themselves, then perturbed ones by turns. */
export function startsOf(pair: Pair, model: LinearModel, options: SearchOptions): Affine[] {
  const { bases, restarts, perturbMm, perturbDegrees } = options;
  return Array.from({ length: Math.max(restarts, bases.length) }, (_, at) =>
    at < bases.length
      ? bases[at]
      : perturbed(bases[at % bases.length], model, perturbMm, perturbDegrees, deriveSeed(pair.seed, 'start', at)),
  );
}

/** Through all levels but the finest; best first. A shift is found before a turn, a turn before a stretch. */
export async function search(pair: Pair, model: LinearModel, starts: readonly Affine[]): Promise<Found[]> {
  const { fixed, moving, metric, seed, pause, done, coarseSamples: most } = pair;
  const coarse = Math.max(1, fixed.levels.length - 1);
  const stages = model.name === 'affine' ? (['rigid', 'affine'] as const) : ([model.name] as const);
  const ends: Affine[] = [];
  for (const [at, start] of starts.entries()) {
    let transform = start;
    for (let l = 0; l < coarse; l++) {
      const level = levelOf(fixed, moving, l, { metric, seed: deriveSeed(seed, 'coarse', at, l), most });
      for (const name of l === 0 ? stages : stages.slice(-1)) {
        transform = (await climbLinear(level, { ...model, name }, transform, pause)).state;
      }
    }
    ends.push(transform);
    done();
  }
  const shared = levelOf(fixed, moving, coarse - 1, { metric, seed: deriveSeed(seed, 'judge'), most });
  const judge = linearSlope(shared, model);
  return ends.map((transform) => ({ transform, value: judge(transform).value })).sort((a, b) => b.value - a.value);
}

/** Where a search asked to begin so begins. */
export function basesOf(start: NonNullable<RegistrationOptions['start']>, fixed: Point, moving: Point): Affine[] {
  if (typeof start === 'object') {
    if (start.kind === 'affine') return [start.matrix];
    throw new InputError({ where: 'register', what: 'start', expected: 'an affine transform', got: start.kind });
  }
  const [header, centres] = [identityAffine(), centresOfMass(fixed, moving)];
  return start === 'header' ? [header] : start === 'centresOfMass' ? [centres] : [header, centres];
}

/** Those that end where the best does. */
export function agreeing(found: readonly Found[], points: readonly Point[], withinMm: number): Found[] {
  return found.filter(({ transform }) => apartMm(transform, found[0].transform, points) <= withinMm);
}

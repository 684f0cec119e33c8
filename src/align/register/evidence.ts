/** All that is measured of one linear registration, before anything is judged. */
import { type Affine, invertAffine } from '../../array/grid.ts';
import { deriveSeed } from '../../array/random.ts';
import { apartMm } from './distance.ts';
import { halvesOf } from './halves.ts';
import { corners, type Point } from './head-box.ts';
import { climbLinear, linearSlope } from './linear-climb.ts';
import type { LinearModel } from './linear-model.ts';
import { meanTransform } from './mean-transform.ts';
import { mirrorRatio } from './mirror.ts';
import { levelOf } from './prepared.ts';
import { agreeing, type Pair, reversed, search } from './search.ts';

export interface Evidence {
  /** Fixed to moving: the mean of all fine runs, both ways. */
  readonly transform: Affine;
  /** Where errors are stated. */
  readonly points: readonly Point[];
  /** The share of restarts that end where the best ends. */
  readonly agreement: number;
  /** Root mean square distance of the fine runs, each on one half of space, from their mean, mm. */
  readonly spreadMm: number;
  /** Between the mean of the runs one way and that of the other, mm. */
  readonly inverseMm: number;
  /** How far the corners move when the transform may stretch too, mm; 0 for an affine one. */
  readonly stretchMm: number;
  /** The best mirrored alternative's metric over that reached. */
  readonly mirrorRatio: number;
  /** The metric reached over its mean at transforms a third of the head away. */
  readonly prominence: number;
  /** The share of the fixed image's foreground box that falls inside the moving image. */
  readonly overlap: number;
}

/** @param starts where the search begins */
export async function gather(pair: Pair, model: LinearModel, starts: readonly Affine[]): Promise<Evidence> {
  const { fixed, moving, metric, seed, pause } = pair;
  const points = corners(fixed.foreground.middle);
  const coarse = Math.max(0, fixed.levels.length - 2);
  const found = await search(pair, model, starts);
  const same = agreeing(found, points, fixed.spacingsMm[coarse]);
  const ahead = await fineRuns(
    pair,
    model,
    same.map(({ transform }) => transform),
  );
  const back = await fineRuns(
    reversed(pair),
    { ...model, centre: moving.foreground.middle.centre },
    same.map(({ transform }) => invertAffine(transform)),
  );
  const behind = back.map(invertAffine);
  const runs = [...ahead, ...behind];
  const transform = meanTransform(runs, model);
  const judged = levelOf(fixed, moving, coarse, {
    metric,
    seed: deriveSeed(seed, 'evidence'),
    most: 4 * pair.coarseSamples,
  });
  const here = await climbLinear(judged, model, transform, pause);
  const free =
    model.name === 'affine' ? here : await climbLinear(judged, { ...model, name: 'affine' }, transform, pause);
  return {
    transform,
    points,
    agreement: same.length / found.length,
    spreadMm: Math.sqrt(runs.reduce((sum, run) => sum + apartMm(run, transform, points) ** 2, 0) / runs.length),
    inverseMm: apartMm(meanTransform(ahead, model), meanTransform(behind, model), points),
    stretchMm: apartMm(free.state, here.state, points),
    mirrorRatio: await mirrorRatio(judged, model, here),
    prominence: prominence(judged, model, here.state, here.value),
    overlap: overlapOf(judged, transform),
  };
}

/** At the finest level, each from one agreeing start, on one half of space after another. */
async function fineRuns(pair: Pair, model: LinearModel, starts: readonly Affine[]): Promise<Affine[]> {
  const { fixed, moving, metric, seed, pause, done, fineSamples: most } = pair;
  const runs: Affine[] = [];
  for (let draw = 0; draw < 2; draw++) {
    for (const [half, keep] of halvesOf(fixed.foreground.whole, deriveSeed(seed, 'fine', draw)).entries()) {
      const options = { metric, seed: deriveSeed(seed, 'fine', draw, half), most, keep, regional: true };
      const level = levelOf(fixed, moving, fixed.levels.length - 1, options);
      runs.push((await climbLinear(level, model, starts[runs.length % starts.length], pause)).state);
      done();
    }
  }
  return runs;
}

/** Off by a third of the head along each direction, to and fro. */
function prominence(
  level: Parameters<typeof linearSlope>[0],
  model: LinearModel,
  transform: Affine,
  value: number,
): number {
  const at = linearSlope(level, model);
  let sum = 0;
  for (let axis = 0; axis < model.dimensions; axis++) {
    for (const sign of [-1, 1]) {
      const away = transform.slice();
      for (let r = 0; r < 3; r++) away[r * 4 + 3] += (sign * model.frame[r * 3 + axis] * model.radiusMm) / 3;
      sum += at(away).value;
    }
  }
  return value / (sum / (2 * model.dimensions));
}

function overlapOf({ samples, moving }: Parameters<typeof linearSlope>[0], transform: Affine): number {
  const [depth, height, width] = moving.shape;
  const inverse = invertAffine(moving.affine);
  let inside = 0;
  for (let s = 0; s < samples.count; s++) {
    const at = [0, 1, 2].map((r) => {
      const world = [0, 1, 2].map(
        (m) =>
          transform[m * 4] * samples.x[s] +
          transform[m * 4 + 1] * samples.y[s] +
          transform[m * 4 + 2] * samples.z[s] +
          transform[m * 4 + 3],
      );
      return (
        inverse[r * 4] * world[0] + inverse[r * 4 + 1] * world[1] + inverse[r * 4 + 2] * world[2] + inverse[r * 4 + 3]
      );
    });
    const within = (value: number, n: number) => n === 1 || (value >= 0 && value <= n - 1);
    if (within(at[0], width) && within(at[1], height) && within(at[2], depth)) inside++;
  }
  return inside / samples.count;
}

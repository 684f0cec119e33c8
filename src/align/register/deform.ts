/**
 * Free-form deformation before an affine (Rueckert et al. 1999, IEEE TMI 18(8):712-721): twice from fixed to moving on other
 * samples, once back, and coarsely to the mirrored image, so that it too can say how far off it may be.
 */
import { type Affine, invertAffine } from '../../array/grid.ts';
import { deriveSeed } from '../../array/random.ts';
import { type BSplineTransform, type SpatialTransform, transformPoints } from '../space/transform.ts';
import { climbBSpline } from './b-spline-climb.ts';
import { controlGrid, denser, divided } from './control-grid.ts';
import { type Box, grown } from './head-box.ts';
import type { LinearModel } from './linear-model.ts';
import { bestMirrored } from './mirror.ts';
import { levelOf } from './prepared.ts';
import { type Pair, reversed } from './search.ts';

export interface Deformation {
  /** First the deformation, then the affine. */
  readonly transform: SpatialTransform;
  /** Mean distance of the runs from their mean, at places within the patient, mm. */
  readonly spreadMm: number;
  /** How far from home a place ends that goes to the moving image and back, mean, mm. */
  readonly inverseMm: number;
  /** Of the volume that a small piece keeps, at the worst place; it folds at 0 or below. */
  readonly smallestJacobian: number;
  /** What a coarse deformation reaches where the moving image is mirrored, over what it reaches where it is not. */
  readonly mirrorRatio: number;
}

/** Of simulated slices 10 left less error where they were bent by 1 to 3 mm, 3 where by 5 and more. */
const stiffness = 5;

/** A head has some 3,300 control points at 2 mm: of a simulated one 60,000 samples left 1.2 mm, 240,000 .97 mm. */
const mostSamples = 200_000;

/**
 * @param model of the affine
 * @param controlMm between control points, at last
 */
export async function deform(pair: Pair, model: LinearModel, affine: Affine, controlMm: number): Promise<Deformation> {
  const { fixed } = pair;
  const runs: BSplineTransform[] = [];
  for (const draw of [0, 1]) {
    runs.push((await run({ ...pair, seed: deriveSeed(pair.seed, 'deform', draw) }, affine, controlMm)).transform);
  }
  const coefficients = runs[0].coefficients.map((value, at) => (value + runs[1].coefficients[at]) / 2);
  const bSpline: BSplineTransform = { ...runs[0], coefficients };
  const transform = before(bSpline, affine);
  const back = invertAffine(affine);
  const home = before((await run(reversed(pair), back, controlMm)).transform, back);
  const points = lattice(fixed.foreground.middle);
  const returned = transformPoints(home, transformPoints(transform, points));
  return {
    transform,
    spreadMm: meanApart(transformPoints(runs[0], points), transformPoints(runs[1], points)) / 2,
    inverseMm: meanApart(returned, points),
    smallestJacobian: smallestJacobian(bSpline, lattice(fixed.foreground.whole, 15), controlMm),
    mirrorRatio: await mirrorRatioOf(pair, model, affine, controlMm),
  };
}

/** A head of another person, or one that was bent, is nearly a mirrored one to an affine; bending tells more. */
async function mirrorRatioOf(pair: Pair, model: LinearModel, affine: Affine, controlMm: number): Promise<number> {
  const { fixed, moving, metric, coarseSamples, pause } = pair;
  const seed = deriveSeed(pair.seed, 'mirror');
  const coarse = Math.max(0, fixed.levels.length - 2);
  const level = levelOf(fixed, moving, coarse, { metric, seed, most: 4 * coarseSamples });
  const mirrored = await bestMirrored(level, model, affine, pause);
  const other = await run({ ...pair, seed }, mirrored.state, controlMm, coarse);
  return other.reached / (await run({ ...pair, seed }, affine, controlMm, coarse)).reached;
}

interface Run {
  readonly transform: BSplineTransform;
  /** The metric less what roughness costs, at the last level. */
  readonly reached: number;
}

/** @param last the finest level that is climbed */
async function run(
  pair: Pair,
  affine: Affine,
  controlMm: number,
  last: number = pair.fixed.levels.length - 1,
): Promise<Run> {
  const { fixed, moving, metric, seed, pause, done } = pair;
  const finest = fixed.levels.length - 1;
  const box = grown(fixed.foreground.whole, 10 * fixed.spacingsMm[finest]); // where samples are drawn
  let widthMm = controlMm * 2 ** finest; // between control points; at the coarsest level a long bend goes as one piece
  let grid = controlGrid(box, widthMm);
  let coefficients: Float64Array = new Float64Array(3 * grid.shape[0] * grid.shape[1] * grid.shape[2]);
  let reached = 0;
  for (let at = 0; at <= last; at++) {
    if (at > 0) {
      coefficients = divided(coefficients, grid.shape);
      grid = denser(grid);
      widthMm /= 2;
    }
    const level = levelOf(fixed, moving, at, { metric, seed: deriveSeed(seed, at), most: mostSamples });
    const deforming = { level, affine, grid, controlMm: widthMm, stiffness };
    ({ state: coefficients, value: reached } = await climbBSpline(deforming, coefficients, pause));
  }
  done();
  return { transform: { kind: 'bSpline', dimensions: fixed.levels[0].dimensions, grid, coefficients }, reached };
}

function before(first: SpatialTransform, matrix: Affine): SpatialTransform {
  return { kind: 'composite', parts: [first, { kind: 'affine', model: 'affine', matrix }] };
}

/** Places throughout a box, `[points, 3]`. */
export function lattice({ centre, frame, halfMm }: Box, steps = 7): Float64Array {
  const out: number[] = [];
  const ticks = (half: number) =>
    half > 0 ? Array.from({ length: steps }, (_, at) => half * ((2 * at) / (steps - 1) - 1)) : [0];
  for (const c of ticks(halfMm[2])) {
    for (const b of ticks(halfMm[1])) {
      for (const a of ticks(halfMm[0])) {
        for (let r = 0; r < 3; r++)
          out.push(centre[r] + frame[r * 3] * a + frame[r * 3 + 1] * b + frame[r * 3 + 2] * c);
      }
    }
  }
  return Float64Array.from(out);
}

/** Mean distance of paired points. */
export function meanApart(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 3)
    sum += Math.hypot(a[at] - b[at], a[at + 1] - b[at + 1], a[at + 2] - b[at + 2]);
  return sum / (a.length / 3);
}

/** Of the determinant of the derivative, by central differences. */
export function smallestJacobian(transform: SpatialTransform, points: Float64Array, controlMm: number): number {
  const h = controlMm / 50;
  const ends = [0, 1, 2].map((axis) =>
    [-h, h].map((by) =>
      transformPoints(
        transform,
        points.map((value, at) => (at % 3 === axis ? value + by : value)),
      ),
    ),
  );
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < points.length; at += 3) {
    const [p, q, r] = ends.map(([low, high]) => [0, 1, 2].map((axis) => (high[at + axis] - low[at + axis]) / (2 * h)));
    const volume =
      p[0] * (q[1] * r[2] - q[2] * r[1]) - p[1] * (q[0] * r[2] - q[2] * r[0]) + p[2] * (q[0] * r[1] - q[1] * r[0]);
    least = Math.min(least, volume);
  }
  return least;
}

/**
 * Where a point of one image's space is in another's: from FIXED to MOVING, both RAS millimetres. This direction is the one
 * that resampling the moving image onto the fixed grid asks for, and that of ITK and elastix.
 */
import { type Affine, composeAffines, determinant, invertAffine } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { type BSplineTransform, bSplineMap } from './b-spline-displacement.ts';

export type { BSplineTransform } from './b-spline-displacement.ts';

export const affineModels = ['translation', 'rigid', 'similarity', 'affine'] as const;
export type AffineModel = (typeof affineModels)[number];

export interface AffineTransform {
  readonly kind: 'affine';
  /** What freedom it was found with. */
  readonly model: AffineModel;
  readonly matrix: Affine;
}

/** Its first part first. */
export interface CompositeTransform {
  readonly kind: 'composite';
  readonly parts: readonly SpatialTransform[];
}

export type SpatialTransform = AffineTransform | BSplineTransform | CompositeTransform;

/** Takes `[points, 3]` of fixed space to moving space, in place. */
export type PointMap = (points: Float64Array) => void;

export function pointMap(transform: SpatialTransform): PointMap {
  if (transform.kind === 'affine') return affineMap(transform.matrix);
  if (transform.kind === 'composite') {
    const maps = transform.parts.map(pointMap);
    return (points) => {
      for (const map of maps) map(points);
    };
  }
  return bSplineMap(transform);
}

export function affineMap(m: Affine): PointMap {
  return (points) => {
    for (let at = 0; at < points.length; at += 3) {
      const [x, y, z] = [points[at], points[at + 1], points[at + 2]];
      points[at] = m[0] * x + m[1] * y + m[2] * z + m[3];
      points[at + 1] = m[4] * x + m[5] * y + m[6] * z + m[7];
      points[at + 2] = m[8] * x + m[9] * y + m[10] * z + m[11];
    }
  };
}

/** Where points `[points, 3]` of fixed space are in moving space. @throws InputError on numbers that are no whole points */
export function transformPoints(transform: SpatialTransform, points: Float64Array): Float64Array {
  if (points.length % 3 !== 0) {
    const [expected, got] = ['three numbers a point', `${points.length} numbers`];
    throw new InputError({ where: 'transformPoints', what: 'not points', expected, got });
  }
  const moved = points.slice();
  pointMap(transform)(moved);
  return moved;
}

/** First `first`, then `second`; neighbouring affines become one. */
export function composeTransforms(first: SpatialTransform, second: SpatialTransform): SpatialTransform {
  const parts = [first, second].flatMap((one) => (one.kind === 'composite' ? one.parts : [one]));
  const folded: SpatialTransform[] = [];
  for (const part of parts) {
    const before = folded.at(-1);
    if (before?.kind === 'affine' && part.kind === 'affine') {
      const model = affineModels[Math.max(affineModels.indexOf(before.model), affineModels.indexOf(part.model))];
      folded[folded.length - 1] = { kind: 'affine', model, matrix: composeAffines(part.matrix, before.matrix) };
    } else folded.push(part);
  }
  return folded.length === 1 ? folded[0] : { kind: 'composite', parts: folded };
}

/**
 * The inverse of an affine, from moving to fixed space.
 *
 * @throws InputError where it flattens space, and for a deformation, whose inverse is none of its kind (see `inversePoints`)
 */
export function invertTransform(transform: SpatialTransform): AffineTransform {
  const where = 'invertTransform';
  if (transform.kind !== 'affine') {
    const expected = 'an affine, or inversePoints for the inverse at given points';
    throw new InputError({ where, what: 'a deformation has no inverse of its kind', expected });
  }
  if (!(Math.abs(determinant(transform.matrix)) > 1e-12)) {
    throw new InputError({ where, what: 'no inverse', expected: 'an affine that keeps space three-dimensional' });
  }
  return { ...transform, matrix: invertAffine(transform.matrix) };
}

/**
 * The points of fixed space that the transform takes to the given ones, by fixed-point iteration (Chen et al. 2008).
 *
 * @returns them, and how far (mm) the transform takes the worst of them from where it should be
 */
export function inversePoints(
  transform: SpatialTransform,
  points: Float64Array,
): { readonly points: Float64Array; readonly residualMm: number } {
  if (transform.kind === 'affine') {
    return { points: transformPoints(invertTransform(transform), points), residualMm: 0 };
  }
  if (transform.kind === 'composite') {
    const back = transform.parts.reduceRight((given, part) => inversePoints(part, given).points, points);
    return { points: back, residualMm: furthestMm(transformPoints(transform, back), points) };
  }
  const found = points.slice();
  for (let step = 0; step < 100; step++) {
    const moved = transformPoints(transform, found);
    const residualMm = furthestMm(moved, points);
    if (!(residualMm > 1e-6)) return { points: found, residualMm };
    for (let at = 0; at < points.length; at++) found[at] += points[at] - moved[at];
  }
  return { points: found, residualMm: furthestMm(transformPoints(transform, found), points) };
}

/** The largest distance between points of the same place in two lists `[points, 3]`. */
function furthestMm(a: Float64Array, b: Float64Array): number {
  let most = 0;
  for (let at = 0; at < a.length; at += 3) {
    most = Math.max(most, Math.hypot(a[at] - b[at], a[at + 1] - b[at + 1], a[at + 2] - b[at + 2]));
  }
  return most;
}

/** A volume on another grid. */
import { type Affine, composeAffines, type Grid, identityAffine, invertAffine, voxelCount } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { roomLike, type Volume } from '../../read/image/volume.ts';
import { bSplineCoefficients } from './b-spline-coefficients.ts';
import { checkGrid, checkVolume } from './check-grid.ts';
import { cubicBSpline, type Interpolator, nearestNeighbour, trilinear } from './interpolate.ts';
import { antialiasSigma, gaussianSmooth } from './smooth.ts';
import { affineMap, pointMap, type SpatialTransform } from './transform.ts';

export const interpolations = ['nearest', 'linear', 'cubic'] as const;
export type Interpolation = (typeof interpolations)[number];

export interface ResampleOptions {
  /**
   * `nearest` never makes a new value and is for labels. Default `linear`; `cubic` is the cubic B-spline, but linear of a volume
   * with voxels that are no number.
   */
  readonly interpolation?: Interpolation;
  /** From the grid's space to the volume's (fixed to moving). Default: both are one space. */
  readonly transform?: SpatialTransform;
  /** Whether the volume is smoothed first where the grid is coarser. Default true; never of `nearest`. */
  readonly antialias?: boolean;
  /** The value where the volume knows nothing. Default 0. */
  readonly outside?: number;
}

export interface Resampled {
  readonly volume: Volume;
  /** Where the volume knows something: 1 at voxels of the grid that are within half a voxel of it, and not missing. */
  readonly inside: Uint8Array; // [depth, height, width]
}

/**
 * The volume at the places of a grid, each frame and channel by itself. Values are float32, or of the stored type with `nearest`.
 *
 * @throws InputError for an unknown interpolation, a value outside that the stored type does not hold, a grid that is none (see
 *   `checkGrid`) and a volume whose data are of another length
 */
export function resample(
  volume: Volume,
  grid: Grid,
  { interpolation = 'linear', transform, antialias = true, outside = 0 }: ResampleOptions = {},
): Resampled {
  if (!interpolations.includes(interpolation)) {
    const expected = `one of ${interpolations.join(', ')}`;
    throw new InputError({ where: 'resample: interpolation', what: 'unknown', expected, got: String(interpolation) });
  }
  checkVolume(volume, 'resample: volume');
  checkGrid(grid, 'resample: grid');
  const { frames, channels, shape } = volume;
  const [size, count] = [voxelCount(volume), voxelCount(grid)];
  const nearest = interpolation === 'nearest';
  const length = frames * channels * count;
  const data = nearest ? roomLike(volume.data, length) : new Float32Array(length); // [frames, channels, depth, height, width]
  if (outside !== 0) {
    data.fill(outside);
    if (nearest && !Object.is(data[0], outside)) {
      const expected = `a value of ${data.constructor.name}`;
      throw new InputError({ where: 'resample: outside', what: 'unusable', expected, got: String(outside) });
    }
  }
  const inside = new Uint8Array(count).fill(1); // [depth, height, width]
  const toIndex = invertAffine(volume.affine);
  for (let part = 0; part < frames * channels; part++) {
    const numbers = volume.data.subarray(part * size, (part + 1) * size);
    const smoothed =
      antialias && !nearest ? withoutFiner(numbers, volume, coarsening(toIndex, grid.affine, transform)) : numbers;
    const seen = new Uint8Array(count);
    const out = data.subarray(part * count, (part + 1) * count);
    alongRows(interpolatorOf(interpolation, smoothed, shape), grid, toIndex, transform, out, seen);
    for (let at = 0; at < count; at++) inside[at] &= seen[at];
  }
  const { shape: to, affine } = grid;
  return { volume: { ...volume, shape: to, affine: Float64Array.from(affine), data }, inside };
}

function interpolatorOf(kind: Interpolation, data: ArrayLike<number>, shape: Grid['shape']): Interpolator {
  const [depth, height, width] = shape;
  if (kind === 'nearest') return nearestNeighbour({ data, depth, height, width });
  const linear = trilinear({ data, depth, height, width });
  if (kind === 'linear') return linear;
  const holes = Array.prototype.some.call(data, (value: number) => !Number.isFinite(value));
  if (holes) return linear; // a recursive filter would spread a hole over the whole volume
  return cubicBSpline({ data: bSplineCoefficients(data, depth, height, width), depth, height, width });
}

/** Row by row: the index of each voxel's place in the volume, then the values there. */
export function alongRows(
  interpolate: Interpolator,
  { shape: [depth, height, width], affine }: Grid,
  toIndex: Affine,
  transform: SpatialTransform | undefined,
  out: Volume['data'],
  seen: Uint8Array,
): void {
  const points = new Float64Array(3 * width); // [width, 3]
  const folded = transform && transform.kind !== 'affine' ? undefined : foldedAffine(toIndex, affine, transform);
  const map = folded || !transform ? undefined : pointMap(transform);
  const intoIndices = affineMap(toIndex);
  const m = folded ?? affine;
  for (let k = 0; k < depth; k++) {
    for (let j = 0; j < height; j++) {
      const [x, y, z] = [0, 4, 8].map((row) => m[row + 1] * j + m[row + 2] * k + m[row + 3]);
      for (let i = 0; i < width; i++) {
        points[3 * i] = x + m[0] * i;
        points[3 * i + 1] = y + m[4] * i;
        points[3 * i + 2] = z + m[8] * i;
      }
      if (map) {
        map(points);
        intoIndices(points);
      }
      interpolate(points, width, out, seen, (k * height + j) * width);
    }
  }
}

function foldedAffine(toIndex: Affine, affine: Affine, transform: SpatialTransform | undefined): Affine {
  const moved = transform?.kind === 'affine' ? composeAffines(transform.matrix, affine) : affine;
  return snapped(composeAffines(toIndex, moved));
}

/** Rounding of affines must not move a voxel that stands exactly on another: steps and shifts within 1e-9 of whole are whole. */
function snapped(m: Affine): Affine {
  return m.map((value) => (Math.abs(value - Math.round(value)) < 1e-9 ? Math.round(value) : value));
}

/** Of each axis of the volume, how many of its voxels a voxel of the grid is wide. */
function coarsening(
  toIndex: Affine,
  affine: Affine,
  transform: SpatialTransform | undefined,
): [number, number, number] {
  const moved = composeAffines(linearPart(transform), affine);
  const step = composeAffines(toIndex, moved);
  const along = (row: number) => Math.hypot(step[row * 4], step[row * 4 + 1], step[row * 4 + 2]);
  return [along(0), along(1), along(2)];
}

/** A deformation is taken not to change how wide voxels are. */
export function linearPart(transform: SpatialTransform | undefined): Affine {
  if (transform?.kind === 'affine') return transform.matrix;
  const parts = transform?.kind === 'composite' ? transform.parts : [];
  return parts.reduce((matrix, part) => composeAffines(linearPart(part), matrix), identityAffine());
}

/** Differences in spacing of 1 % are rounding of headers, not coarseness. */
function withoutFiner(
  data: Volume['data'],
  { shape }: Grid,
  factors: readonly [number, number, number],
): Volume['data'] {
  const [x, y, z] = factors.map((factor) => (factor > 1.01 ? antialiasSigma(factor) : 0));
  return x || y || z ? gaussianSmooth(data, shape, [x, y, z]) : data;
}

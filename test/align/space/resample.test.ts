import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bSplineCoefficients } from '../../../src/align/space/b-spline-coefficients.ts';
import { gridLike } from '../../../src/align/space/grid-like.ts';
import { cubicBSpline, nearestNeighbour, trilinear } from '../../../src/align/space/interpolate.ts';
import { resample } from '../../../src/align/space/resample.ts';
import { resampleLabels } from '../../../src/align/space/resample-labels.ts';
import { checkSameGrid, gridDistanceMm } from '../../../src/align/space/same-grid.ts';
import { gaussianSmooth } from '../../../src/align/space/smooth.ts';
import {
  type Affine,
  composeAffines,
  type Grid,
  identityAffine,
  invertAffine,
  spacingMm,
  transformPoint,
} from '../../../src/array/grid.ts';
import { random } from '../../../src/array/random.ts';
import { readImageFile } from '../../../src/read/image-file.node.ts';
import type { Volume, VolumeData } from '../../../src/read/volume.ts';
import fixture from '../../fixtures/resample.json' with { type: 'json' };
import { need } from '../../require.ts';

const [depth, height, width] = fixture.shape;

function volumeOf(grid: Grid, data: VolumeData, more: Partial<Volume> = {}): Volume {
  const stored = { format: 'made', type: 'float32', slope: 1, intercept: 0 } as const;
  return { ...grid, data, frames: 1, channels: 1, dimensions: 3, placed: true, stored, warnings: [], ...more };
}

function scaled(x: number, y: number, z: number, at: readonly number[] = [0, 0, 0]): Affine {
  return Float64Array.of(x, 0, 0, at[0], 0, y, 0, at[1], 0, 0, z, at[2], 0, 0, 0, 1);
}

function at(interpolate: ReturnType<typeof trilinear>, points: readonly number[]): number[] {
  const count = points.length / 3;
  const [out, inside] = [new Float64Array(count), new Uint8Array(count)];
  const swapped = Float64Array.from(points, (_, p) => points[3 * Math.floor(p / 3) + 2 - (p % 3)]); // k, j, i to i, j, k
  interpolate(swapped, count, out, inside, 0);
  return Array.from(out);
}

const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, index) => Math.max(most, Math.abs(value - b[index])), 0);

describe('interpolation', () => {
  const voxels = { data: fixture.volume, depth, height, width };

  it('is that of SciPy: nearest, linear, and cubic B-spline with reflection', () => {
    expect(at(nearestNeighbour(voxels), fixture.points)).toEqual(fixture.nearest);
    expect(worst(at(trilinear(voxels), fixture.points), fixture.linear)).toBeLessThan(1e-10);
    const data = bSplineCoefficients(fixture.volume, depth, height, width);
    expect(worst(data, fixture.coefficients)).toBeLessThan(1e-9);
    expect(worst(at(cubicBSpline({ ...voxels, data }), fixture.points), fixture.cubic)).toBeLessThan(1e-9);
  });

  it('goes through the voxels themselves, also of lines of one, two and three', () => {
    for (const length of [1, 2, 3, 40]) {
      const line = Array.from({ length }, (_, i) => Math.sin(i));
      const spline = cubicBSpline({
        data: bSplineCoefficients(line, 1, 1, length),
        depth: 1,
        height: 1,
        width: length,
      });
      expect(
        worst(
          at(
            spline,
            line.flatMap((_, i) => [0, 0, i]),
          ),
          line,
        ),
      ).toBeLessThan(1e-12);
    }
  });

  it('smooths as SciPy does', () => {
    expect(worst(gaussianSmooth(fixture.volume, [depth, height, width], [1.3, 0.7, 0]), fixture.smooth)).toBeLessThan(
      1e-4,
    );
  });
});

describe('resampling', () => {
  const draw = random(3);
  const grid: Grid = { shape: [4, 5, 6], affine: scaled(2, 1.5, 3, [10, -20, 5]) };
  const volume = volumeOf(
    grid,
    Float32Array.from({ length: 120 }, () => draw.normal()),
  );

  it('onto its own grid changes nothing, whatever the interpolation', () => {
    for (const interpolation of ['nearest', 'linear', 'cubic'] as const) {
      const { volume: same, inside } = resample(volume, grid, { interpolation });
      expect(worst(same.data, volume.data)).toBeLessThan(1e-6);
      expect(inside.includes(0)).toBe(false);
    }
  });

  it('moves the picture by what the transform says, from the grid to the volume', () => {
    const matrix = identityAffine();
    matrix[3] = 4; // two voxels to the right
    const { volume: moved, inside } = resample(volume, grid, {
      transform: { kind: 'affine', model: 'translation', matrix },
    });
    expect(moved.data[0]).toBe(volume.data[2]);
    expect(Array.from(inside.subarray(0, 6))).toEqual([1, 1, 1, 1, 0, 0]);
    expect(Array.from(moved.data.subarray(4, 6))).toEqual([0, 0]);
  });

  it('takes each frame and channel by itself', () => {
    const two = volumeOf(
      grid,
      Float32Array.from({ length: 240 }, (_, i) => i),
      { channels: 2 },
    );
    const { volume: coarse } = resample(two, { ...grid, shape: [4, 5, 3] }, {});
    expect(coarse.data[60] - coarse.data[0]).toBeCloseTo(120, 4);
  });

  it('keeps the mean of fine texture where the grid is coarser, instead of picking some of it', () => {
    const fine: Grid = { shape: [1, 1, 64], affine: identityAffine() };
    const stripes = volumeOf(
      fine,
      Float32Array.from({ length: 64 }, (_, i) => (i % 4 < 2 ? 0 : 100)),
    );
    const coarse = gridLike(fine, { spacingMm: 4 });
    const spread = (antialias: boolean) => {
      const { data } = resample(stripes, { ...coarse, shape: [1, 1, 14] }, { antialias }).volume;
      return Math.max(...data) - Math.min(...data);
    };
    expect(spread(true)).toBeLessThan(25);
  });

  it('leaves missing voxels out of the others, and says where nothing is known', () => {
    const line: Grid = { shape: [1, 1, 4], affine: identityAffine() };
    const holed = volumeOf(line, Float32Array.of(10, Number.NaN, 30, Number.POSITIVE_INFINITY));
    const asked: Grid = { shape: [1, 1, 5], affine: scaled(0.75, 1, 1, [0.2, 0, 0]) };
    for (const interpolation of ['linear', 'cubic'] as const) {
      const { volume: laid, inside } = resample(holed, asked, { interpolation, outside: -1 });
      expect(Array.from(laid.data)).toEqual([10, -1, 30, 30, -1]);
      expect(Array.from(inside)).toEqual([1, 0, 1, 1, 0]);
    }
  });

  it('with nearest makes no value that was not there, and keeps the stored type', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0.3, max: 5, noNaN: true }), (seed, spacing) => {
        const labels = random(seed);
        const data = Uint8Array.from({ length: 120 }, () => [0, 3, 7][Math.floor(3 * labels.uniform())]);
        const { volume: laid } = resample(volumeOf(grid, data), gridLike(grid, { spacingMm: spacing }), {
          interpolation: 'nearest',
        });
        return laid.data instanceof Uint8Array && laid.data.every((label) => [0, 3, 7].includes(label));
      }),
    );
  });

  it('of labels gives a coarse voxel the label that most of it has, and counts ties', () => {
    const fine: Grid = { shape: [1, 1, 8], affine: scaled(1, 1, 1) };
    const labels = volumeOf(fine, Uint8Array.of(5, 5, 5, 2, 1, 1, 4, 4));
    const { volume: coarse, ties } = resampleLabels(labels, { shape: [1, 1, 2], affine: scaled(4, 1, 1, [1.5, 0, 0]) });
    expect(Array.from(coarse.data)).toEqual([5, 1]);
    expect(ties).toBe(1);
  });

  it('refuses an interpolation that it does not know', () => {
    expect(() => resample(volume, grid, { interpolation: 'sinc' as 'linear' })).toThrow(
      'resample: interpolation: unknown, expected one of nearest, linear, cubic, got sinc',
    );
  });

  it('is that of SPM12 wherever it can be compared', async (context) => {
    if (shared.skip) context.skip(shared.reason);
    const [anatomical, resampled, reoriented] = await Promise.all(
      ['anatomical.nii', 'resampled_anat_moved.nii', 'reoriented_anat_moved.nii'].map((name) =>
        readImageFile(join(spm, name)),
      ),
    );
    const moved = { ...anatomical, affine: composeAffines(spmMove, anatomical.affine) };
    for (const [reference, fewest] of [
      [resampled, 900],
      [reoriented, 3800],
    ] as const) {
      const { volume: ours } = resample(moved, reference, { antialias: false });
      const { compared, most } = against(reference, ours, moved);
      expect(compared).toBeGreaterThan(fewest);
      expect(most).toBeLessThan(0.03); // of values up to 13,361
    }
  });
});

const spm = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data/nibabel-resample-spm');
const shared = need('shared', existsSync(spm));
/** The move of the README: euler2mat(z = 0.1, y = 0.2, x = 0.3), then 3, 4 and 5 mm. */
const spmMove = Float64Array.of(
  ...[0.97517033, -0.0978434, 0.19866933, 3],
  ...[0.153792, 0.94470249, -0.28962948, 4],
  ...[-0.15934508, 0.31299183, 0.93629336, 5],
  ...[0, 0, 0, 1],
);

/** Voxels of which both know a value and whose place is between voxel centres of the source. */
function against(reference: Volume, ours: Volume, source: Grid): { compared: number; most: number } {
  const toIndex = invertAffine(source.affine);
  const [slices, rows, columns] = reference.shape;
  let [compared, most] = [0, 0];
  for (let index = 0; index < slices * rows * columns; index++) {
    const [k, j, i] = [Math.floor(index / (rows * columns)), Math.floor(index / columns) % rows, index % columns];
    const place = transformPoint(toIndex, ...transformPoint(reference.affine, i, j, k));
    const within = place.every((one, axis) => one >= 0 && one <= source.shape[2 - axis] - 1);
    if (!within || Number.isNaN(reference.data[index])) continue;
    compared++;
    most = Math.max(most, Math.abs(reference.data[index] - ours.data[index]));
  }
  return { compared, most };
}

describe('one grid', () => {
  const grid: Grid = { shape: [4, 5, 6], affine: scaled(2, 1.5, 3, [10, -20, 5]) };
  const shifted = (x: number): Grid => ({ ...grid, affine: scaled(2, 1.5, 3, [10 + x, -20, 5]) });

  it('is one within the rounding of headers', () => {
    expect(() =>
      checkSameGrid([
        { grid, name: 'a' },
        { grid: shifted(3e-4), name: 'b' },
      ]),
    ).not.toThrow();
    expect(gridDistanceMm(grid, shifted(3e-4))).toBeCloseTo(3e-4, 8);
  });

  it('is asked of the voxel that is furthest away, which a slight turn moves most', () => {
    const turned = { ...grid, affine: grid.affine.slice() };
    turned.affine[1] = 0.01; // width leans along height
    expect(gridDistanceMm(grid, turned)).toBeCloseTo(0.04, 6);
    expect(() =>
      checkSameGrid([
        { grid, name: 'a' },
        { grid: turned, name: 'b' },
      ]),
    ).toThrow('b: not on the grid of a, expected places within 0.01 mm, got voxels up to 0.0400 mm away');
  });

  it('has one size', () => {
    const other: Grid = { ...grid, shape: [4, 5, 7] };
    expect(() =>
      checkSameGrid([
        { grid, name: 'a' },
        { grid: other, name: 'b' },
      ]),
    ).toThrow('b: not on the grid of a, expected 6 x 5 x 4 voxels, got 7 x 5 x 4 voxels');
  });
});

describe('a grid like another', () => {
  const grid: Grid = { shape: [10, 12, 14], affine: scaled(-1, 1, 2, [10, -20, 5]) };

  it('has the same field of view about the same middle, and the wanted spacing', () => {
    const coarse = gridLike(grid, { spacingMm: 2 });
    expect(coarse.shape).toEqual([10, 6, 7]);
    expect(spacingMm(coarse)).toEqual([2, 2, 2]);
    const middle = ({ shape: [d, h, w], affine }: Grid) =>
      transformPoint(affine, (w - 1) / 2, (h - 1) / 2, (d - 1) / 2);
    expect(worst(middle(coarse), middle(grid))).toBeLessThan(1e-12);
  });

  it('keeps the one slice of a picture', () => {
    expect(gridLike({ shape: [1, 12, 14], affine: identityAffine() }, { spacingMm: 2 }).shape).toEqual([1, 6, 7]);
  });

  it('wants a spacing above 0', () => {
    expect(() => gridLike(grid, { spacingMm: 0 })).toThrow(
      'gridLike: spacingMm: unusable, expected millimetres above 0',
    );
  });
});

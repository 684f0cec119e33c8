import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bSplineCoefficients } from '../../../src/align/space/b-spline-coefficients.ts';
import { coveringGrid, gridLike } from '../../../src/align/space/grid-like.ts';
import { cubicBSpline, nearestNeighbour, trilinear } from '../../../src/align/space/interpolate.ts';
import { resample } from '../../../src/align/space/resample.ts';
import { resampleLabels } from '../../../src/align/space/resample-labels.ts';
import { gaussianSmooth } from '../../../src/align/space/smooth.ts';
import {
  type Affine,
  composeAffines,
  determinant,
  type Grid,
  identityAffine,
  invertAffine,
  transformPoint,
} from '../../../src/array/grid.ts';
import { random } from '../../../src/array/random.ts';
import type { Volume, VolumeData } from '../../../src/read/image/volume.ts';
import { readImageFile } from '../../../src/read/image-file.node.ts';
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
    const { volume: picked, inside } = resample(holed, line, { interpolation: 'nearest', outside: -1 });
    expect(Array.from(picked.data)).toEqual([10, -1, 30, -1]);
    expect(Array.from(inside)).toEqual([1, 0, 1, 0]);
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

  it('of labels through a transform asks as widely as the transform makes voxels', () => {
    const fine: Grid = { shape: [1, 1, 8], affine: scaled(1, 1, 1) };
    const labels = volumeOf(fine, Uint8Array.of(5, 5, 2, 5, 1, 1, 4, 4));
    const matrix = scaled(4, 1, 1, [1.5, 0, 0]); // a voxel of the grid is four of the labels wide
    const { volume: coarse, ties } = resampleLabels(
      labels,
      { shape: [1, 1, 3], affine: scaled(1, 1, 1) },
      { transform: { kind: 'affine', model: 'affine', matrix } },
    );
    expect(Array.from(coarse.data)).toEqual([5, 1, 0]);
    expect(ties).toBe(1);
  });

  it('of labels is of one image', () => {
    const two = volumeOf(grid, new Uint8Array(240), { frames: 2 });
    expect(() => resampleLabels(two, grid)).toThrow(
      'resampleLabels: of one image only, expected one frame and channel, got 2 frames, 1 channels',
    );
  });

  it('refuses volumes and grids that are none', () => {
    const flat = { ...grid, affine: scaled(1, 0, 1) };
    for (const way of [resample, resampleLabels]) {
      const { name } = way;
      const cut = volumeOf(grid, new Uint8Array(119));
      const whole = volumeOf(grid, new Uint8Array(120));
      expect(() => way(cut, grid)).toThrow(`${name}: volume: data of another length, expected 120, got 119`);
      expect(() => way({ ...whole, affine: flat.affine }, grid)).toThrow(`${name}: volume: its affine flattens space`);
      expect(() => way(whole, flat)).toThrow(`${name}: grid: its affine flattens space`);
    }
  });

  it('puts nothing outside that the stored type does not hold', () => {
    const labels = volumeOf(grid, new Uint8Array(120));
    expect(() => resample(labels, grid, { interpolation: 'nearest', outside: -1 })).toThrow(
      'resample: outside: unusable, expected a value of Uint8Array, got -1',
    );
    expect(() => resample(labels, grid, { outside: -1 })).not.toThrow();
  });

  it('of a mirrored image gives the mirror image, whose axes turn the other way', () => {
    const mirror = scaled(-1, 1, 1, [2 * 10 + 2 * 5, 0, 0]); // about the middle of x
    const mirrored = { ...volume, affine: composeAffines(mirror, volume.affine) };
    expect(determinant(mirrored.affine)).toBe(-determinant(volume.affine));
    const { volume: laid, inside } = resample(mirrored, grid);
    expect(inside.includes(0)).toBe(false);
    const row = (data: ArrayLike<number>) => Array.from({ length: 6 }, (_, i) => data[i]);
    expect(worst(row(laid.data), row(volume.data).reverse())).toBeLessThan(1e-6);
  });

  it('lays an oblique CT on an axial grid within its range, and nothing of it is lost', async (context) => {
    if (shared.skip) context.skip(shared.reason);
    const ct = await readImageFile(join(oblique, 'CT_pitch.nii.gz')); // 0 to 255
    const axial = coveringGrid([ct], { spacingMm: 2 });
    const { volume: laid } = resample(ct, axial);
    const mass = ({ data, affine }: Volume) =>
      Math.abs(determinant(affine)) * Float64Array.from(data).reduce((sum, value) => sum + value, 0);
    expect(laid.data.every((value) => value >= 0 && value <= 255)).toBe(true);
    expect(Math.abs(mass(laid) / mass(ct) - 1)).toBeLessThan(0.005);
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

const data = join(process.env.CONSILIENCE_SHARED ?? '../shared', 'data');
const [spm, oblique] = [join(data, 'nibabel-resample-spm'), join(data, 'ct-oblique')];
const shared = need('shared', existsSync(spm) && existsSync(oblique));
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

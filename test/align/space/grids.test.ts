import { describe, expect, it } from 'vitest';
import { coveringGrid, gridLike } from '../../../src/align/space/grid-like.ts';
import { checkSameGrid, gridDistanceMm } from '../../../src/align/space/same-grid.ts';
import { type NamedVolume, stackChannels } from '../../../src/align/space/stack-channels.ts';
import { type Affine, type Grid, identityAffine, spacingMm, transformPoint } from '../../../src/array/grid.ts';
import type { Volume, VolumeData } from '../../../src/read/image/volume.ts';

function scaled(x: number, y: number, z: number, at: readonly number[] = [0, 0, 0]): Affine {
  return Float64Array.of(x, 0, 0, at[0], 0, y, 0, at[1], 0, 0, z, at[2], 0, 0, 0, 1);
}

const worst = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, value, index) => Math.max(most, Math.abs(value - b[index])), 0);

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

  it('of microscopic voxels is asked to a tenth of a voxel', () => {
    const micrometre = { shape: [1, 5, 6], affine: scaled(1e-3, 1e-3, 1e-3) } as const;
    const beside = { ...micrometre, affine: scaled(1e-3, 1e-3, 1e-3, [5e-4, 0, 0]) };
    const both = [
      { grid: micrometre, name: 'a' },
      { grid: beside, name: 'b' },
    ];
    expect(() => checkSameGrid(both)).toThrow('b: not on the grid of a, expected places within 0.0001 mm');
    expect(() => checkSameGrid(both, { toleranceMm: 0.01 })).not.toThrow();
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

describe('a grid over others', () => {
  const turned: Grid = { shape: [3, 4, 5], affine: Float64Array.of(0, 2, 0, 7, -1, 0, 0, 3, 0, 0, 3, -2, 0, 0, 0, 1) };

  it('holds all their voxels, edges included, with axes to the right, the front and the head', () => {
    const over = coveringGrid([turned], { spacingMm: 1 });
    expect(over.shape).toEqual([9, 5, 8]);
    expect(Array.from(over.affine)).toEqual([1, 0, 0, 6.5, 0, 1, 0, -1, 0, 0, 1, -3, 0, 0, 0, 1]);
    const both = coveringGrid([turned, { ...turned, affine: scaled(1, 2, 3, [30, 0, 0]) }]);
    expect(spacingMm(both)).toEqual([1, 1, 1]);
    expect(both.shape).toEqual([11, 9, 29]); // x from 6 to 34.5, y from -1.5 to 7, z from -3.5 to 7.5
  });

  it('is refused where it would not fit memory, and where there is nothing to cover', () => {
    const far: Grid = { ...turned, affine: scaled(1, 1, 1, [1e6, 1e6, 1e6]) };
    expect(() => coveringGrid([turned, far])).toThrow('coveringGrid: too large, expected at most 1073741824 voxels');
    expect(() => coveringGrid([])).toThrow('coveringGrid: nothing to cover');
    expect(() => coveringGrid([turned], { spacingMm: -1 })).toThrow('coveringGrid: spacingMm: unusable');
  });
});

describe('a grid that is none', () => {
  const bad = (affine: Affine): Grid => ({ shape: [2, 2, 2], affine });
  const nan = bad(scaled(1, Number.NaN, 1));
  const flat = bad(scaled(1, 0, 1));

  it('is refused by all that make grids or compare them', () => {
    const where = (grid: Grid) => [
      () => gridLike(grid, { spacingMm: 1 }),
      () => coveringGrid([grid], { spacingMm: 1 }),
      () =>
        checkSameGrid([
          { grid, name: 'a' },
          { grid, name: 'b' },
        ]),
    ];
    for (const one of where(nan)) expect(one).toThrow('its affine has numbers that are none');
    for (const one of where(flat)) expect(one).toThrow('its affine flattens space');
    for (const one of where({ shape: [2, 0, 2], affine: identityAffine() }))
      expect(one).toThrow('its shape is no size');
  });

  it('is a grid of more voxels than fit, too, and a tolerance below 0 is none', () => {
    const grid = bad(identityAffine());
    expect(() => gridLike(grid, { spacingMm: 1e-4 })).toThrow(
      'gridLike: too large, expected at most 1073741824 voxels, by a larger spacingMm, got 20000 x 20000 x 20000',
    );
    const images = [grid, grid].map((one, i) => ({ grid: one, name: `${i}` }));
    expect(() => checkSameGrid(images, { toleranceMm: Number.NaN })).toThrow('checkSameGrid: toleranceMm: unusable');
  });
});

describe('stacked channels', () => {
  const grid: Grid = { shape: [1, 1, 2], affine: identityAffine() };
  const named = (name: string, data: VolumeData, more: Partial<Volume> = {}): NamedVolume => {
    const stored = { format: 'made', type: 'uint8', slope: 1, intercept: 0 } as const;
    const made = { frames: 1, channels: 1, dimensions: 3, placed: true, stored, warnings: [], unit: 'HU' } as const;
    return { name, volume: { ...grid, ...made, data, ...more } };
  };

  it('are those of all images in order, frame by frame', () => {
    const a = named('a', Uint8Array.of(1, 2, 3, 4), { frames: 2 });
    const b = named('b', Uint8Array.of(5, 6, 7, 8, 9, 10, 11, 12), { frames: 2, channels: 2 });
    const { data, channels, frames, unit } = stackChannels([a, b]);
    expect(data).toEqual(Uint8Array.of(1, 2, 5, 6, 7, 8, 3, 4, 9, 10, 11, 12));
    expect({ channels, frames, unit }).toEqual({ channels: 3, frames: 2, unit: 'HU' });
  });

  it('of different types hold every number, and claim no unit that is not of all', () => {
    const a = named('a', Int32Array.of(2 ** 30 + 1, -1));
    const { unit: _, ...bare } = named('b', Float32Array.of(0.5, 1)).volume;
    const stacked = stackChannels([a, { name: 'b', volume: bare }]);
    expect(stacked.data).toEqual(Float64Array.of(2 ** 30 + 1, -1, 0.5, 1));
    expect('unit' in stacked).toBe(false);
  });

  it('are placed only where all are', () => {
    const a = named('a', Uint8Array.of(1, 2));
    expect(stackChannels([a, a]).placed).toBe(true);
    expect(stackChannels([a, named('png', Uint8Array.of(1, 2), { placed: false })]).placed).toBe(false);
  });

  it('are refused of images on different grids, or of different frames', () => {
    const a = named('a', Uint8Array.of(1, 2));
    const off = named('ct', Uint8Array.of(1, 2), { affine: scaled(1, 1, 1, [0, 0, 2]) });
    expect(() => stackChannels([a, off])).toThrow('ct: not on the grid of a, expected places within 0.01 mm');
    expect(() => stackChannels([a, off], { toleranceMm: 2 })).not.toThrow();
    const long = named('bold', Uint8Array.of(1, 2, 3, 4), { frames: 2 });
    expect(() => stackChannels([a, long])).toThrow('bold: other frames, expected 1 as a, got 2');
    expect(() => stackChannels([])).toThrow('stackChannels: nothing to stack');
  });
});

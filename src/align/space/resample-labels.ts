/** Labels on a coarser grid: a voxel takes the label that most of the voxels within it have. */
import { composeAffines, type Grid, invertAffine, voxelCount } from '../../array/grid.ts';
import type { Volume } from '../../read/volume.ts';
import { type ResampleOptions, resample } from './resample.ts';

export interface ResampledLabels {
  readonly volume: Volume;
  readonly inside: Uint8Array; // [depth, height, width]
  /** Voxels at which two labels had the most votes; the smaller label was taken. */
  readonly ties: number;
}

/**
 * Each voxel of the grid asks its surroundings: as many points, evenly spaced within it, as the volume has voxels there (at
 * least one, at most 7 along an axis). No label is made that was not there. Of one frame and channel.
 */
export function resampleLabels(
  volume: Volume,
  grid: Grid,
  options: Pick<ResampleOptions, 'transform'> = {},
): ResampledLabels {
  const count = voxelCount(grid);
  const step = composeAffines(invertAffine(volume.affine), grid.affine);
  const along = (column: number) => {
    const wide = Math.hypot(step[column], step[4 + column], step[8 + column]);
    return Math.min(7, Math.max(1, Math.round(wide)));
  };
  const [nx, ny, nz] = [along(0), along(1), along(2)];
  const votes = new Array<Map<number, number> | undefined>(count);
  const inside = new Uint8Array(count);
  for (let c = 0; c < nz; c++) {
    for (let b = 0; b < ny; b++) {
      for (let a = 0; a < nx; a++) {
        const shifted = shiftedGrid(grid, (a + 0.5) / nx - 0.5, (b + 0.5) / ny - 0.5, (c + 0.5) / nz - 0.5);
        const { volume: asked, inside: seen } = resample(volume, shifted, { ...options, interpolation: 'nearest' });
        for (let at = 0; at < count; at++) {
          if (!seen[at]) continue;
          const label = asked.data[at];
          const of = votes[at] ?? new Map<number, number>();
          votes[at] = of.set(label, (of.get(label) ?? 0) + 1);
          inside[at] = 1;
        }
      }
    }
  }
  const data = new (volume.data.constructor as new (length: number) => Volume['data'])(count);
  let ties = 0;
  votes.forEach((of, at) => {
    if (!of) return;
    const [first, second] = [...of].sort(([l, m], [r, n]) => n - m || l - r);
    data[at] = first[0];
    if (second && second[1] === first[1]) ties++;
  });
  const { shape, affine } = grid;
  return { volume: { ...volume, shape, affine: Float64Array.from(affine), data }, inside, ties };
}

function shiftedGrid({ shape, affine }: Grid, i: number, j: number, k: number): Grid {
  const moved = Float64Array.from(affine);
  for (const row of [0, 4, 8]) moved[row + 3] += affine[row] * i + affine[row + 1] * j + affine[row + 2] * k;
  return { shape, affine: moved };
}

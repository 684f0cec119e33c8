/** Labels on a coarser grid: a voxel takes the label that most of the voxels within it have. */
import { type Affine, composeAffines, type Grid, invertAffine, voxelCount } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { roomLike, type Volume } from '../../read/image/volume.ts';
import { checkGrid, checkVolume } from './check-grid.ts';
import { nearestNeighbour } from './interpolate.ts';
import { alongRows, linearPart, type ResampleOptions } from './resample.ts';

export interface ResampledLabels {
  readonly volume: Volume;
  readonly inside: Uint8Array; // [depth, height, width]
  /** Voxels at which two labels had the most votes; the smaller label was taken. */
  readonly ties: number;
}

/**
 * Each voxel of the grid asks its surroundings: as many points, evenly spaced within it, as the volume has voxels there (at
 * least one, at most 7 along an axis). No label is made that was not there.
 *
 * @throws InputError for more than one frame or channel, and as `resample` for a grid or a volume that is none
 */
export function resampleLabels(
  volume: Volume,
  grid: Grid,
  { transform }: Pick<ResampleOptions, 'transform'> = {},
): ResampledLabels {
  const { frames, channels, shape, data: labels } = volume;
  if (frames * channels !== 1) {
    const got = `${frames} frames, ${channels} channels`;
    throw new InputError({
      where: 'resampleLabels',
      what: 'of one image only',
      expected: 'one frame and channel',
      got,
    });
  }
  checkVolume(volume, 'resampleLabels: volume');
  checkGrid(grid, 'resampleLabels: grid');
  const [depth, height, width] = grid.shape;
  const interpolate = nearestNeighbour({ data: labels, depth: shape[0], height: shape[1], width: shape[2] });
  const toIndex = invertAffine(volume.affine);
  const shifts = pointsWithin(composeAffines(toIndex, composeAffines(linearPart(transform), grid.affine)));
  const votes = new Float64Array(shifts.length * width); // [points, width]
  const seen = new Uint8Array(shifts.length * width); // [points, width]
  const data = roomLike(labels, voxelCount(grid));
  const inside = new Uint8Array(voxelCount(grid)); // [depth, height, width]
  let ties = 0;
  const count = new Map<number, number>();
  for (let row = 0; row < depth * height; row++) {
    const [j, k] = [row % height, Math.floor(row / height)];
    seen.fill(0);
    shifts.forEach(([a, b, c], at) => {
      const line = { shape: [1, 1, width] as const, affine: shifted(grid.affine, a, j + b, k + c) };
      const [from, to] = [at * width, (at + 1) * width];
      alongRows(interpolate, line, toIndex, transform, votes.subarray(from, to), seen.subarray(from, to));
    });
    for (let i = 0; i < width; i++) {
      count.clear();
      for (let at = i; at < seen.length; at += width) {
        if (seen[at]) count.set(votes[at], (count.get(votes[at]) ?? 0) + 1);
      }
      if (count.size === 0) continue;
      const { label, tied } = mostVoted(count);
      data[row * width + i] = label;
      inside[row * width + i] = 1;
      if (tied) ties++;
    }
  }
  return {
    volume: { ...volume, shape: grid.shape, affine: Float64Array.from(grid.affine), data },
    inside,
    ties,
  };
}

/** @param step of the grid, in voxels of the volume @returns places within a voxel of the grid, in parts of it */
function pointsWithin(step: Affine): [i: number, j: number, k: number][] {
  const [along, across, down] = [0, 1, 2].map((column) => {
    const wide = Math.hypot(step[column], step[4 + column], step[8 + column]);
    const many = Math.min(7, Math.max(1, Math.round(wide)));
    return Array.from({ length: many }, (_, at) => (at + 0.5) / many - 0.5);
  });
  return down.flatMap((k) => across.flatMap((j) => along.map((i): [number, number, number] => [i, j, k])));
}

function shifted(affine: Affine, i: number, j: number, k: number): Affine {
  const moved = Float64Array.from(affine);
  for (const row of [0, 4, 8]) moved[row + 3] += affine[row] * i + affine[row + 1] * j + affine[row + 2] * k;
  return moved;
}

function mostVoted(count: ReadonlyMap<number, number>): { readonly label: number; readonly tied: boolean } {
  let [label, most, tied] = [Number.NaN, 0, false];
  for (const [one, votes] of count) {
    if (votes < most) continue;
    tied = votes === most;
    label = tied ? Math.min(label, one) : one;
    most = votes;
  }
  return { label, tied };
}

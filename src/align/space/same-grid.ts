/** Whether voxel by voxel two images show the same places: asked before anything of one is put beside anything of the other. */
import { type Grid, spacingMm, transformPoint } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { checkGrid } from './check-grid.ts';

export interface NamedGrid {
  readonly grid: Grid;
  /** The file or the modality, for messages. */
  readonly name: string;
}

export interface SameGridOptions {
  /**
   * How far a voxel of one may be from the same voxel of the other. Default .01 mm, and of voxels finer than .1 mm a tenth of one:
   * rounding of headers stays below it.
   */
  readonly toleranceMm?: number;
}

/** Millimetres between voxels of one index, at the corner where they are furthest apart; infinite where sizes differ. */
export function gridDistanceMm(a: Grid, b: Grid): number {
  if (a.shape.some((length, axis) => length !== b.shape[axis])) return Number.POSITIVE_INFINITY;
  const [depth, height, width] = a.shape;
  let most = 0;
  for (const k of [0, depth - 1]) {
    for (const j of [0, height - 1]) {
      for (const i of [0, width - 1]) {
        const [p, q] = [transformPoint(a.affine, i, j, k), transformPoint(b.affine, i, j, k)];
        most = Math.max(most, Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
      }
    }
  }
  return most;
}

/**
 * @throws InputError that names the first image whose grid differs from that of the first, and by how much; on a grid that is
 *   none (see `checkGrid`), and a tolerance that is not 0 or above
 */
export function checkSameGrid(images: readonly NamedGrid[], options: SameGridOptions = {}): void {
  for (const { grid, name } of images) checkGrid(grid, name);
  const [first, ...others] = images;
  const finestMm = Math.min(...images.flatMap(({ grid }) => spacingMm(grid)));
  const { toleranceMm = Math.min(0.01, finestMm / 10) } = options;
  if (!(toleranceMm >= 0)) {
    const [expected, got] = ['millimetres, 0 or more', `${toleranceMm}`];
    throw new InputError({ where: 'checkSameGrid: toleranceMm', what: 'unusable', expected, got });
  }
  for (const { grid, name } of others) {
    const apart = gridDistanceMm(first.grid, grid);
    if (apart <= toleranceMm) continue;
    const size = ({ shape: [depth, height, width] }: Grid) => `${width} x ${height} x ${depth} voxels`;
    const got = Number.isFinite(apart) ? `voxels up to ${apart.toPrecision(3)} mm away` : size(grid);
    const expected = Number.isFinite(apart) ? `places within ${toleranceMm} mm` : size(first.grid);
    throw new InputError({ where: name, what: `not on the grid of ${first.name}`, expected, got });
  }
}

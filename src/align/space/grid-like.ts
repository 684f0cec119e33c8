/** Grids made of others. */
import { type Grid, spacingMm, transformPoint } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { checkGrid } from './check-grid.ts';

export interface GridLikeOptions {
  /** Millimetres from voxel to voxel along every axis; a 2-D image keeps its one slice. */
  readonly spacingMm: number;
}

/** Voxels of one grid that fit memory. */
const most = 2 ** 30;

/**
 * The same field of view and axes with other voxels: as many as fill it, centred in it.
 *
 * @throws InputError where the spacing is unusable, the grid none, or the new one would have more than 2^30 voxels
 */
export function gridLike(grid: Grid, { spacingMm: wanted }: GridLikeOptions): Grid {
  checkSpacing(wanted, 'gridLike');
  checkGrid(grid, 'gridLike: grid');
  const now = spacingMm(grid); // of width, height, depth
  const lengths = [grid.shape[2], grid.shape[1], grid.shape[0]];
  const flat = lengths.map((length, axis) => axis === 2 && length === 1);
  const counts = lengths.map((length, axis) =>
    flat[axis] ? 1 : Math.max(1, Math.round((length * now[axis]) / wanted)),
  );
  checkCount(counts, 'gridLike');
  const factors = now.map((mm, axis) => (flat[axis] ? 1 : wanted / mm));
  // The middle of the field stays where it is: index 0 is half the difference of the two fields away from the old one.
  const start = lengths.map((length, axis) => (length - 1) / 2 - ((counts[axis] - 1) / 2) * factors[axis]);
  const affine = Float64Array.from(grid.affine);
  for (let row = 0; row < 3; row++) {
    for (let axis = 0; axis < 3; axis++) affine[row * 4 + axis] *= factors[axis];
  }
  const [x, y, z] = transformPoint(grid.affine, start[0], start[1], start[2]);
  [affine[3], affine[7], affine[11]] = [x, y, z];
  return { shape: [counts[2], counts[1], counts[0]], affine };
}

export interface CoveringGridOptions {
  /** Millimetres from voxel to voxel along every axis; default the finest of the grids. */
  readonly spacingMm?: number;
}

/**
 * The smallest grid that holds every voxel of all, edges included, with axes to the patient's right, front and head: where
 * oblique volumes, or several of different places, are laid together.
 *
 * @throws InputError where none is given, the spacing is unusable or the grid would have more than 2^30 voxels
 */
export function coveringGrid(grids: readonly Grid[], options: CoveringGridOptions = {}): Grid {
  const where = 'coveringGrid';
  if (grids.length === 0) throw new InputError({ where, what: 'nothing to cover', expected: 'at least one grid' });
  grids.forEach((grid, at) => {
    checkGrid(grid, `${where}: grid ${at + 1} of ${grids.length}`);
  });
  const { spacingMm: wanted = Math.min(...grids.flatMap((grid) => spacingMm(grid))) } = options;
  checkSpacing(wanted, where);
  const corners = grids.flatMap(cornersOf);
  const low = [0, 1, 2].map((axis) => Math.min(...corners.map((corner) => corner[axis])));
  const high = [0, 1, 2].map((axis) => Math.max(...corners.map((corner) => corner[axis])));
  // A thousandth of a voxel is rounding.
  const [x, y, z] = low.map((from, axis) => Math.max(1, Math.ceil((high[axis] - from) / wanted - 1e-3)));
  checkCount([x, y, z], where);
  const first = [x, y, z].map((count, axis) => (low[axis] + high[axis] - (count - 1) * wanted) / 2);
  const affine = Float64Array.of(wanted, 0, 0, first[0], 0, wanted, 0, first[1], 0, 0, wanted, first[2], 0, 0, 0, 1);
  return { shape: [z, y, x], affine };
}

/** Of the outermost voxels' outermost corners. */
function cornersOf({ shape: [depth, height, width], affine }: Grid): [x: number, y: number, z: number][] {
  return [0, 1, 2, 3, 4, 5, 6, 7].map((which) => {
    const end = (bit: number, length: number) => (which & bit ? length - 0.5 : -0.5);
    return transformPoint(affine, end(1, width), end(2, height), end(4, depth));
  });
}

function checkCount([x, y, z]: readonly number[], where: string): void {
  if (x * y * z <= most) return;
  const [expected, got] = [`at most ${most} voxels, by a larger spacingMm`, `${x} x ${y} x ${z}`];
  throw new InputError({ where, what: 'too large', expected, got });
}

function checkSpacing(mm: number, where: string): void {
  if (mm > 0 && Number.isFinite(mm)) return;
  throw new InputError({
    where: `${where}: spacingMm`,
    what: 'unusable',
    expected: 'millimetres above 0',
    got: `${mm}`,
  });
}

/** Grids made of others. */
import { type Grid, spacingMm, transformPoint } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';

export interface GridLikeOptions {
  /** Millimetres from voxel to voxel along every axis; a 2-D image keeps its one slice. */
  readonly spacingMm: number;
}

/** The same field of view and axes with other voxels: as many as fill it, centred in it. */
export function gridLike(grid: Grid, { spacingMm: wanted }: GridLikeOptions): Grid {
  if (!(wanted > 0 && Number.isFinite(wanted))) {
    throw new InputError({
      where: 'gridLike: spacingMm',
      what: 'unusable',
      expected: 'millimetres above 0',
      got: `${wanted}`,
    });
  }
  const now = spacingMm(grid); // of width, height, depth
  const lengths = [grid.shape[2], grid.shape[1], grid.shape[0]];
  const flat = lengths.map((length, axis) => axis === 2 && length === 1);
  const counts = lengths.map((length, axis) =>
    flat[axis] ? 1 : Math.max(1, Math.round((length * now[axis]) / wanted)),
  );
  const factors = now.map((mm, axis) => (flat[axis] ? 1 : wanted / mm));
  // The middle of the field stays where it is: index 0 is half the difference of the two fields away from the old one.
  const start = lengths.map((length, axis) => (length - 1) / 2 - ((counts[axis] - 1) / 2) * factors[axis]);
  const affine = Float64Array.from(grid.affine);
  for (let row = 0; row < 3; row++) {
    for (let axis = 0; axis < 3; axis++) affine[row * 4 + axis] *= factors[axis];
  }
  const [x, y, z] = transformPoint(grid.affine, start[0], start[1], start[2]);
  affine.set([x], 3);
  affine.set([y], 7);
  affine.set([z], 11);
  return { shape: [counts[2], counts[1], counts[0]], affine };
}

/** Where a lesion can be: in the middle of one cell of a coarse grid over the image. */
import type { ImageLayout } from '../describe/modality.ts';
import { type Texture, whitened } from './image-texture.ts';

/** Voxels along width, height and depth, as whole numbers. */
export type Voxel = readonly [i: number, j: number, k: number];

/** Cells along each axis. */
export type Cells = readonly [depth: number, height: number, width: number];

/** The voxels of each place that a lesion can be centred on: the middle half of its cell along each axis. */
export function lesionPlaces({ shape }: Pick<ImageLayout, 'shape'>, cells: Cells): Voxel[][] {
  const middles = shape.map((many, axis) =>
    Array.from({ length: cells[axis] }, (_, cell) => {
      const [from, to] = [(cell * many) / cells[axis], ((cell + 1) * many) / cells[axis]];
      const quarter = (to - from) / 4;
      const inside = Array.from({ length: many }, (_, v) => v).filter(
        (v) => v + 0.5 >= from + quarter && v + 0.5 < to - quarter,
      );
      return inside.length > 0 ? inside : [Math.floor((from + to) / 2)];
    }),
  );
  return middles[0].flatMap((ks) =>
    middles[1].flatMap((js) =>
      middles[2].map((is) => ks.flatMap((k) => js.flatMap((j) => is.map((i): Voxel => [i, j, k])))),
    ),
  );
}

/** A round lesion: contrast · exp(−r² / 2 radius²), radius in voxels, cut off at 4 radii. */
export interface Lesion {
  readonly contrast: number;
  readonly radius: number;
}

/** Calls with each voxel of the lesion and what it adds there. */
export function eachOfLesion(
  { shape: [depth, height, width] }: Pick<ImageLayout, 'shape'>,
  { contrast, radius }: Lesion,
  [i, j, k]: Voxel,
  visit: (voxel: number, adds: number) => void,
): void {
  const reach = Math.ceil(4 * radius);
  for (let z = Math.max(0, k - reach); z <= Math.min(depth - 1, k + reach); z++) {
    for (let y = Math.max(0, j - reach); y <= Math.min(height - 1, j + reach); y++) {
      for (let x = Math.max(0, i - reach); x <= Math.min(width - 1, i + reach); x++) {
        const square = (x - i) ** 2 + (y - j) ** 2 + (z - k) ** 2;
        if (square > 16 * radius * radius) continue;
        visit((z * height + y) * width + x, contrast * Math.exp(-square / (2 * radius * radius)));
      }
    }
  }
}

/**
 * How likely an image is for each place of its lesion, but for a common factor: the mean over the voxels it may be centred
 * on of exp(sᵀ C⁻¹ x − ½ sᵀ C⁻¹ s), s being the lesion there and C the covariance of the tissue.
 */
export function placeLikelihoods(
  layout: Pick<ImageLayout, 'shape'>,
  lesion: Lesion,
  places: readonly (readonly Voxel[])[],
  tissue: Texture,
): (image: ArrayLike<number>) => Float64Array {
  const voxels = tissue.basis.shape[1];
  const along = (centre: Voxel, values: Float64Array) => {
    let sum = 0;
    eachOfLesion(layout, lesion, centre, (voxel, adds) => {
      sum += adds * values[voxel];
    });
    return sum;
  };
  const own = places.map((centres) =>
    centres.map((centre) => {
      const shown = new Float64Array(voxels);
      eachOfLesion(layout, lesion, centre, (voxel, adds) => {
        shown[voxel] = adds;
      });
      return along(centre, whitened(tissue, shown));
    }),
  );
  return (image) => {
    const left = whitened(tissue, image);
    const logs = places.map((centres, p) => centres.map((centre, c) => along(centre, left) - own[p][c] / 2));
    const greatest = Math.max(...logs.flat());
    return Float64Array.from(
      logs,
      (each) => each.reduce((sum, log) => sum + Math.exp(log - greatest), 0) / each.length,
    );
  };
}

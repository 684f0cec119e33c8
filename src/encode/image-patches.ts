/** Where the patches of an image stand: what a token of it is called, and its place in the world. */
import { type Grid, transformPoint } from '../array/grid.ts';
import { patchGrid, type Stage } from './image-stages.ts';

type Point = readonly [x: number, y: number, z: number];

/** A box of space that a token tells of, in RAS millimetres. */
export interface TokenPlace {
  readonly centreMm: Point;
  /** The smallest box along the world's axes that holds all of its voxels, from their outer faces. */
  readonly lowMm: Point;
  readonly highMm: Point;
}

export interface Patch {
  /** `patch i,j,k`, counted along width, height and depth, as voxels are. */
  readonly name: string;
  /** Voxels from `start` up to, not including, `end`, along depth, height and width. */
  readonly start: readonly [depth: number, height: number, width: number];
  readonly end: readonly [depth: number, height: number, width: number];
  readonly place: TokenPlace;
}

/** All patches, in the order of tokens: the index along width changes fastest. */
export function patchesOf(grid: Grid, stages: readonly Stage[]): Patch[] {
  const { shape } = grid;
  const patches = patchGrid(shape, stages);
  const side = [0, 1, 2].map((axis) => 2 ** stages.filter((stage) => stage[axis] === 2).length);
  const ends = (axis: number, at: number): readonly [number, number] => [
    at * side[axis],
    at === patches[axis] - 1 ? shape[axis] : (at + 1) * side[axis],
  ];
  const all: Patch[] = [];
  for (let k = 0; k < patches[0]; k++) {
    for (let j = 0; j < patches[1]; j++) {
      for (let i = 0; i < patches[2]; i++) {
        const [[d0, d1], [h0, h1], [w0, w1]] = [ends(0, k), ends(1, j), ends(2, i)];
        const place = placeOf(grid, [w0 - 0.5, h0 - 0.5, d0 - 0.5], [w1 - 0.5, h1 - 0.5, d1 - 0.5]);
        all.push({ name: `patch ${i},${j},${k}`, start: [d0, h0, w0], end: [d1, h1, w1], place });
      }
    }
  }
  return all;
}

/** @param low and `high`: opposite corners, as voxel indices (i, j, k) */
function placeOf({ affine }: Grid, low: Point, high: Point): TokenPlace {
  const corners = Array.from({ length: 8 }, (_, c) => {
    const corner = [0, 1, 2].map((axis) => ((c >> axis) & 1 ? high[axis] : low[axis]));
    return transformPoint(affine, corner[0], corner[1], corner[2]);
  });
  const along = (pick: (...values: number[]) => number) =>
    [0, 1, 2].map((axis) => pick(...corners.map((corner) => corner[axis]))) as unknown as Point;
  const [i, j, k] = [0, 1, 2].map((axis) => (low[axis] + high[axis]) / 2);
  return { centreMm: transformPoint(affine, i, j, k), lowMm: along(Math.min), highMm: along(Math.max) };
}

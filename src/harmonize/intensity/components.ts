/** Pieces of a mask that hang together. */
import type { Grid } from '../../array/grid.ts';

/** `face`: voxels that share a face (4 neighbours of a pixel, 6 of a voxel); `full`: or an edge or corner (8, 26). */
export const connectivities = ['face', 'full'] as const;
export type Connectivity = (typeof connectivities)[number];

/** The piece of most voxels; of equal ones the first in the order of the data. Empty where the mask is. */
export function largestComponent(mask: Uint8Array, shape: Grid['shape'], connectivity: Connectivity): Uint8Array {
  const labels = new Int32Array(mask.length); // 0: not in the mask, or not yet seen
  const flood = flooder(mask, shape, connectivity);
  let largest = 0;
  let size = 0;
  let label = 0;
  for (let start = 0; start < mask.length; start++) {
    if (!mask[start] || labels[start]) continue;
    label++;
    const own = flood([start], true, label, labels);
    if (own > size) [largest, size] = [label, own];
  }
  const out = new Uint8Array(mask.length);
  for (let i = 0; i < out.length; i++) out[i] = size > 0 && labels[i] === largest ? 1 : 0;
  return out;
}

/** Adds what the mask encloses: background from which no way over faces leads to the border of the image. */
export function fillHoles(mask: Uint8Array, shape: Grid['shape']): Uint8Array {
  const outside = new Int32Array(mask.length);
  flooder(mask, shape, 'face')(borderOf(shape), false, 1, outside);
  return Uint8Array.from(outside, (seen) => 1 - seen);
}

/** Adds what the mask encloses within single slices, across depth, then height, then width: gaps open elsewhere close too. */
export function fillHolesInSlices(mask: Uint8Array, [depth, height, width]: Grid['shape']): Uint8Array {
  const out = mask.slice();
  const strides = [height * width, width, 1];
  const sizes = [depth, height, width];
  for (const across of [0, 1, 2]) {
    const [rows, columns] = [0, 1, 2].filter((axis) => axis !== across);
    if (sizes[rows] === 1 || sizes[columns] === 1) continue;
    const slice = new Uint8Array(sizes[rows] * sizes[columns]);
    for (let s = 0; s < sizes[across]; s++) {
      const place = (i: number) =>
        s * strides[across] + Math.floor(i / sizes[columns]) * strides[rows] + (i % sizes[columns]) * strides[columns];
      for (let i = 0; i < slice.length; i++) slice[i] = out[place(i)];
      if (!slice.includes(1)) continue;
      const filled = fillHoles(slice, [1, sizes[rows], sizes[columns]]);
      for (let i = 0; i < slice.length; i++) if (filled[i]) out[place(i)] = 1;
    }
  }
  return out;
}

/** Voxels at the border; an axis of one voxel has none. */
function* borderOf([depth, height, width]: Grid['shape']): Generator<number> {
  const ends = (i: number, many: number) => many > 1 && (i === 0 || i === many - 1);
  for (let z = 0; z < depth; z++) {
    for (let y = 0; y < height; y++) {
      const whole = ends(z, depth) || ends(y, height);
      const stride = whole ? 1 : Math.max(1, width - 1);
      if (!whole && width === 1) continue;
      for (let x = 0; x < width; x += stride) yield (z * height + y) * width + x;
    }
  }
}

/** Labels all of one kind (in the mask, or not) that is reached from the seeds; tells how many voxels those are. */
function flooder(mask: Uint8Array, [depth, height, width]: Grid['shape'], connectivity: Connectivity) {
  const plane = width * height;
  const reach = (many: number) => (many > 1 ? [-1, 0, 1] : [0]);
  const steps = reach(depth)
    .flatMap((dz) => reach(height).flatMap((dy) => reach(width).map((dx) => [dx, dy, dz])))
    .filter(([dx, dy, dz]) => {
      const moved = Math.abs(dx) + Math.abs(dy) + Math.abs(dz);
      return connectivity === 'face' ? moved === 1 : moved > 0;
    });
  const [dxs, dys, dzs] = [0, 1, 2].map((axis) => Int32Array.from(steps, (step) => step[axis]));
  const offsets = dxs.map((dx, s) => dx + dys[s] * width + dzs[s] * plane);
  let stack = new Int32Array(1024);
  return (seeds: Iterable<number>, inside: boolean, label: number, labels: Int32Array): number => {
    let count = 0;
    let top = 0;
    for (const seed of seeds) {
      if (labels[seed] || (mask[seed] !== 0) !== inside) continue;
      labels[seed] = label;
      count++;
      stack[top++] = seed;
      while (top > 0) {
        const at = stack[--top];
        const z = (at / plane) | 0;
        const y = ((at - z * plane) / width) | 0;
        const x = at - z * plane - y * width;
        if (top + offsets.length > stack.length) {
          const larger = new Int32Array(2 * stack.length);
          larger.set(stack);
          stack = larger;
        }
        for (let s = 0; s < offsets.length; s++) {
          const [xs, ys, zs] = [x + dxs[s], y + dys[s], z + dzs[s]];
          if (xs < 0 || xs >= width || ys < 0 || ys >= height || zs < 0 || zs >= depth) continue;
          const next = at + offsets[s];
          if (labels[next] || (mask[next] !== 0) !== inside) continue;
          labels[next] = label;
          count++;
          stack[top++] = next;
        }
      }
    }
    return count;
  };
}

/** A head bent by a field that is known: what deformable registration has to find again. */
import { invertAffine, transformPoint } from '../../src/array/grid.ts';
import { random } from '../../src/array/random.ts';
import { type Head, linear, onCoarse, smoothField } from './heads.ts';

/** The bent head shows at a place what the head shows at the place and its shift. */
export type Shift = (x: number, y: number, z: number) => readonly [number, number, number];

export interface BendOptions {
  readonly seed: number;
  /** Root mean square length. */
  readonly amplitudeMm: number;
  readonly wavelengthMm: number;
  /** Only within slices. */
  readonly flat: boolean;
}

export function shiftOf({ seed, amplitudeMm, wavelengthMm, flat }: BendOptions): Shift {
  const generator = random(seed);
  const fields = [0, 1, 2].map(() => onCoarse(smoothField(generator, wavelengthMm), 6));
  const scale = amplitudeMm / Math.sqrt(flat ? 2 : 3);
  return (x, y, z) => [scale * fields[0](x, y, z), scale * fields[1](x, y, z), flat ? 0 : scale * fields[2](x, y, z)];
}

/** @param within only slices as high as this are bent; the rest stays */
export function bent(head: Head, shift: Shift, within: (z: number) => boolean = () => true): Head {
  const out = { ...head, t1: head.t1.slice(), grey: head.grey.slice(), white: head.white.slice() };
  const toVoxel = invertAffine(head.affine);
  const [depth, height, width] = head.shape;
  for (let k = 0, at = 0; k < depth; k++) {
    if (!within(transformPoint(head.affine, 0, 0, k)[2])) {
      at += height * width;
      continue;
    }
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++, at++) {
        const [x, y, z] = transformPoint(head.affine, i, j, k);
        const by = shift(x, y, z);
        const [u, v, w] = transformPoint(toVoxel, x + by[0], y + by[1], z + by[2]);
        for (const what of ['t1', 'grey', 'white'] as const) out[what][at] = linear(head[what], head.shape, u, v, w);
      }
    }
  }
  return out;
}

/** Where a place of the head is in the bent one: p + shift(p) = q solved for p. */
export function placeIn(shift: Shift, q: readonly [number, number, number]): readonly [number, number, number] {
  let [x, y, z] = q;
  for (let step = 0; step < 50; step++) {
    const by = shift(x, y, z);
    [x, y, z] = [q[0] - by[0], q[1] - by[1], q[2] - by[2]];
  }
  return [x, y, z];
}

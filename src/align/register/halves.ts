/**
 * Two halves of space. Voxels beside each other err together, so a draw of single voxels makes a registration look surer than
 * it is (Kybic 2010, IEEE TIP 19(1):64-73); halves made of blocks show what the anatomy itself leaves open.
 */
import { deriveSeed } from '../../array/random.ts';
import type { Box } from './head-box.ts';

export type Half = (x: number, y: number, z: number) => boolean;

/** Blocks a fifth of the box long go by lot to one half or the other. */
export function halvesOf({ centre, frame, halfMm }: Box, seed: number): readonly [Half, Half] {
  const size = halfMm.map((half) => (half > 0 ? (2 * half) / 5 : Number.POSITIVE_INFINITY));
  const salt = deriveSeed(seed, 'halves');
  const first: Half = (x, y, z) => {
    let hash = salt;
    for (let axis = 0; axis < 3; axis++) {
      const along =
        frame[axis] * (x - centre[0]) + frame[3 + axis] * (y - centre[1]) + frame[6 + axis] * (z - centre[2]);
      hash = Math.imul(hash ^ (Math.floor(along / size[axis]) + 64), 0x01000193);
      hash ^= hash >>> 15;
    }
    hash = Math.imul(hash ^ (hash >>> 13), 0x21f0aaad);
    return ((hash >>> 17) & 1) === 1;
  };
  return [first, (x, y, z) => !first(x, y, z)];
}

/** The same image with its voxels listed along other axes: nothing is interpolated, and no voxel moves. */
import { axisLetters, type Grid, voxelCount } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { roomLike, type Volume } from '../../read/image/volume.ts';
import { checkVolume } from './check-grid.ts';

const opposite: { readonly [letter: string]: string } = { R: 'L', L: 'R', A: 'P', P: 'A', S: 'I', I: 'S' };

/**
 * An oblique image stays oblique: its axes are named by the directions they are nearest to (see `axisLetters`).
 *
 * @param axes where width, height and depth shall lead; default `RAS`: to the patient's right, front and head
 * @throws InputError where the image does not say where it stands, or the letters are not one of each direction
 */
export function reorient(volume: Volume, axes = 'RAS'): Volume {
  const where = 'reorient';
  const wanted = [...axes].map((letter) => [letter, opposite[letter]].sort().join(''));
  if (wanted.sort().join(' ') !== 'AP IS LR') {
    const expected = 'three letters, of R or L, A or P, and S or I';
    throw new InputError({ where: `${where}: axes`, what: 'unusable', expected, got: axes });
  }
  if (!volume.placed) {
    throw new InputError({ where, what: 'does not say where it stands', expected: 'an image that does' });
  }
  checkVolume(volume, where);
  const letters = axisLetters(volume.affine);
  const steps = [...axes].map((letter) => {
    const kept = letters.indexOf(letter);
    return kept >= 0 ? { axis: kept, reversed: false } : { axis: letters.indexOf(opposite[letter]), reversed: true };
  });
  if (letters === axes) return volume;
  const { grid, start, strides } = walked(volume, steps);
  const data = roomLike(volume.data, volume.data.length);
  const [depth, height, width] = grid.shape;
  for (let part = 0, at = 0; at < data.length; part += voxelCount(volume)) {
    for (let k = 0; k < depth; k++) {
      for (let j = 0; j < height; j++) {
        let from = part + start + k * strides[2] + j * strides[1];
        for (let i = 0; i < width; i++, from += strides[0]) data[at++] = volume.data[from];
      }
    }
  }
  return { ...volume, ...grid, data, dimensions: depth === 1 && volume.dimensions === 2 ? 2 : 3 };
}

/** Of each new axis, which old one it is and whether it is walked from its end. */
function walked(
  { shape, affine }: Grid,
  steps: readonly { readonly axis: number; readonly reversed: boolean }[],
): { readonly grid: Grid; readonly start: number; readonly strides: readonly number[] } {
  const lengths = [shape[2], shape[1], shape[0]];
  const old = [1, shape[2], shape[1] * shape[2]];
  const to = Float64Array.from(affine);
  let start = 0;
  const strides = steps.map(({ axis, reversed }, column) => {
    for (const row of [0, 4, 8]) {
      to[row + column] = reversed ? -affine[row + axis] : affine[row + axis];
      if (reversed) to[row + 3] += affine[row + axis] * (lengths[axis] - 1);
    }
    if (reversed) start += old[axis] * (lengths[axis] - 1);
    return reversed ? -old[axis] : old[axis];
  });
  const [width, height, depth] = steps.map(({ axis }) => lengths[axis]);
  return { grid: { shape: [depth, height, width], affine: to }, start, strides };
}

import type { Grid } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { checkedAffine, checkedSizes } from '../../read/image/place.ts';
import type { Volume } from '../../read/image/volume.ts';

/** @throws InputError on a size that is no positive whole number, an affine that is not finite, and one that flattens space */
export function checkGrid({ shape, affine }: Grid, where: string): void {
  checkedSizes(shape, where, 'shape');
  checkedAffine(affine, where, 'affine');
}

/** Readers give no other volumes; whoever makes one by hand may. @throws InputError as `checkGrid`, and on data of another length */
export function checkVolume(volume: Volume, where: string): void {
  checkGrid(volume, where);
  const { data, frames, channels, shape } = volume;
  const expected = frames * channels * shape[0] * shape[1] * shape[2];
  if (data.length === expected) return;
  throw new InputError({ where, what: 'data of another length', expected: `${expected}`, got: `${data.length}` });
}

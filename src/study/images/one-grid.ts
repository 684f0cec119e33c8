/** Pixel 1 of one modality is the place of pixel 1 of the other, or the study says that it need not be. */
import { checkSameGrid } from '../../align/space/same-grid.ts';
import { gridOf } from '../../describe/image-layout.ts';
import type { Modality } from '../../describe/modality.ts';
import { InputError } from '../../errors.ts';
import type { StudyFile } from '../schema.ts';

/** @throws InputError where two modalities of images are on different grids, unless one of them is `alone` */
export function checkOneGrid({ modalities }: StudyFile, measured: readonly Modality[], file: string): void {
  const together = measured.flatMap(({ name, image }) => {
    const entry = modalities[name];
    if (!image || typeof entry === 'string' || entry.images?.alone) return [];
    return [{ grid: gridOf(image), name: `modalities.${name}` }];
  });
  if (together.length < 2) return;
  try {
    checkSameGrid(together);
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    throw new InputError({
      where: `${file}: ${cause.where}`,
      what: 'images of different grids: a voxel of one is another place in the other',
      expected:
        'one grid (images.grid: the same like and spacingMm for both), or images.alone: true where places need not agree',
      ...(cause.got !== undefined && { got: cause.got }),
      cause,
    });
  }
}

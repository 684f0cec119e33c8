/** Two scans brought to one grid. */
import { basename } from 'node:path';
import {
  gridDistanceMm,
  InputError,
  type Interpolation,
  type Resampled,
  readImageFile,
  resample,
  type SpatialTransform,
  type Volume,
} from '../../src/index.ts';
import { sizeInWords } from './words.ts';

export interface Scan {
  readonly file: string;
  readonly volume: Volume;
}

/** @param series of a folder of DICOM with several, the one to read */
export async function readScan(file: string, series?: string): Promise<Scan> {
  return { file, volume: await readImageFile(file, series === undefined ? {} : { series }) };
}

/**
 * A scan at the places of another.
 *
 * @throws InputError where one of them does not say where it stands and no transform is given, and where nothing of it is there
 */
export function onGridOf(
  { file, volume }: Scan,
  like: Scan,
  options: { readonly transform?: SpatialTransform; readonly interpolation?: Interpolation } = {},
): Resampled & { readonly share: number } {
  if (!options.transform && gridDistanceMm(volume, like.volume) > 0.01) {
    const unplaced = [like, { file, volume }].find((one) => !one.volume.placed);
    if (unplaced) {
      const what = 'does not say where it stands';
      const expected = 'two images of one size and spacing, or a transform (consilience image register)';
      const got = [like.volume, volume].map(sizeInWords).join(' and ');
      throw new InputError({ where: basename(unplaced.file), what, expected, got });
    }
  }
  const resampled = resample(volume, like.volume, options);
  const share = shareOf(resampled.inside);
  if (share === 0) throw elsewhere(file, like.file);
  return { ...resampled, share };
}

export function shareOf(inside: Uint8Array): number {
  let count = 0;
  for (const one of inside) count += one;
  return count / inside.length;
}

export function elsewhere(file: string, grid: string): InputError {
  const expected = 'scans of one place, or a transform between them (consilience image register)';
  return new InputError({ where: basename(file), what: `shows nothing of where ${basename(grid)} is`, expected });
}

/** The grid that all scans of a modality are brought to, or must already be on. */
import type { Grid } from '../../array/grid.ts';
import { spacingMm } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';

/** Largest block of voxels of all subjects. */
const mostBytes = 2 ** 31;

/** @throws InputError where so many voxels of so many subjects are more than is held in memory at once */
export function checkSize(where: string, voxels: number, subjects: number, grid: Grid): void {
  const bytes = 4 * voxels * subjects;
  if (bytes <= mostBytes) return;
  const now = Math.min(...spacingMm(grid));
  const enough = (now * Math.cbrt(bytes / mostBytes)).toPrecision(2);
  throw new InputError({
    where,
    what: 'too many voxels',
    expected: `at most ${mostBytes / 2 ** 30} GiB of them; a coarser grid, such as images.grid.spacingMm: ${enough}`,
    got: `${subjects} subjects x ${voxels} voxels, ${(bytes / 2 ** 30).toFixed(1)} GiB`,
  });
}

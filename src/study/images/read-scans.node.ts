/** Scans as a block, one at a time: none is held longer than it takes to lay it on the grid of the modality. */
import { resample } from '../../align/space/resample.ts';
import { checkSameGrid } from '../../align/space/same-grid.ts';
import { voxelCount } from '../../array/grid.ts';
import { matrix } from '../../array/matrix.ts';
import type { Block } from '../../describe/cohort.ts';
import { gridOf, sizeWords, voxelsOf } from '../../describe/image-layout.ts';
import type { ImageLayout, Modality } from '../../describe/modality.ts';
import { InputError } from '../../errors.ts';
import type { Warning } from '../../evaluate/comparison.ts';
import type { Volume } from '../../read/image/volume.ts';
import type { ImageSource } from '../model-file.ts';
import { lookOf, oddScans } from './odd-scans.ts';
import { readScan, type ScanFile } from './scan-file.node.ts';

/**
 * @param rows the row of each subject among `files`, or -1
 * @throws InputError with the file's name where a scan cannot be read, is on another grid and is not to be laid on it, or
 *   lies beside it
 */
export async function readScans(
  modality: Modality,
  image: ImageLayout,
  files: readonly (ScanFile | undefined)[],
  rows: Int32Array,
  source: ImageSource,
): Promise<{ readonly block: Block; readonly warnings: readonly Warning[] }> {
  const width = voxelsOf(image);
  const values = matrix(rows.length, width, new Float32Array(rows.length * width)); // [subjects, voxels]
  const observed = new Uint8Array(rows.length * width); // [subjects, voxels]
  const present = new Uint8Array(rows.length); // [subjects]
  const looks: ReturnType<typeof lookOf>[] = [];
  for (let i = 0; i < rows.length; i++) {
    const file = rows[i] < 0 ? undefined : files[rows[i]];
    if (file === undefined) continue;
    const numbers = values.data.subarray(i * width, (i + 1) * width);
    const mask = observed.subarray(i * width, (i + 1) * width);
    layScan(await readScan(file), file.name, image, source, numbers, mask);
    looks.push(lookOf(file.name, numbers, mask));
    present[i] = 1;
  }
  return { block: { modality, values, observed, present }, warnings: oddScans(modality.name, looks) };
}

function layScan(
  read: Volume,
  name: string,
  image: ImageLayout,
  { resampled, interpolation = 'linear', frame = 0 }: ImageSource,
  values: Float32Array,
  observed: Uint8Array,
): void {
  if (read.channels !== image.channels) {
    const [expected, got] = [image.channels, read.channels].map((count) => `${count} channels`);
    throw new InputError({ where: name, what: 'another image than the others', expected, got });
  }
  const volume = frameOf(read, frame, name);
  const grid = gridOf(image);
  const { data, inside } = resampled
    ? onGrid(volume, grid, interpolation)
    : { data: same(volume, grid, name).data, inside: undefined };
  const size = voxelCount(grid);
  let seen = 0;
  for (let at = 0; at < values.length; at++) {
    const value = Math.fround(data[at]);
    if (!Number.isFinite(value) || inside?.[at % size] === 0) continue;
    values[at] = value;
    observed[at] = 1;
    seen++;
  }
  if (seen > 0) return;
  if (!volume.data.some(Number.isFinite)) {
    throw new InputError({ where: name, what: 'none of its voxels is a number', expected: 'at least one' });
  }
  const got = 'none of its voxels is on the grid, by what its header says of its place';
  throw new InputError({ where: name, what: 'lies beside the grid', expected: `voxels on ${sizeWords(image)}`, got });
}

function onGrid(volume: Volume, grid: ReturnType<typeof gridOf>, interpolation: 'nearest' | 'linear' | 'cubic') {
  const { volume: laid, inside } = resample(volume, grid, { interpolation });
  return { data: laid.data, inside };
}

function same(volume: Volume, grid: ReturnType<typeof gridOf>, name: string): Volume {
  checkSameGrid([
    { grid, name: 'the other scans' },
    { grid: volume, name },
  ]);
  return volume;
}

function frameOf(volume: Volume, frame: number, name: string): Volume {
  if (frame >= volume.frames) {
    throw new InputError({
      where: name,
      what: 'no such frame',
      expected: `more than ${frame}`,
      got: `${volume.frames}`,
    });
  }
  if (volume.frames === 1) return volume;
  const size = volume.data.length / volume.frames;
  return { ...volume, frames: 1, data: volume.data.subarray(frame * size, (frame + 1) * size) as Volume['data'] };
}

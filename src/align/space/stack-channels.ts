/** Images beside each other, voxel by voxel: what early fusion starts from. */
import { voxelCount } from '../../array/grid.ts';
import { InputError } from '../../errors.ts';
import { roomLike, type Volume, type VolumeData } from '../../read/image/volume.ts';
import { checkVolume } from './check-grid.ts';
import { checkSameGrid, type SameGridOptions } from './same-grid.ts';

export interface NamedVolume {
  readonly volume: Volume;
  /** The file or the modality, for messages. */
  readonly name: string;
}

/**
 * The channels of all, in order, as one volume on the grid of the first. Numbers keep their type where all have the same, else
 * they become float64, which holds them all. A unit that is not that of all is left out; the stack is placed
 * where all are.
 *
 * @throws InputError where they are not on one grid (see `checkSameGrid`) or differ in frames
 */
export function stackChannels(images: readonly NamedVolume[], options: SameGridOptions = {}): Volume {
  const where = 'stackChannels';
  if (images.length === 0) throw new InputError({ where, what: 'nothing to stack', expected: 'at least one image' });
  for (const { volume, name } of images) checkVolume(volume, name);
  checkSameGrid(
    images.map(({ volume, name }) => ({ grid: volume, name })),
    options,
  );
  const [{ volume: first, name: firstName }] = images;
  const { frames } = first;
  const other = images.find(({ volume }) => volume.frames !== frames);
  if (other) {
    const [expected, got] = [`${frames} as ${firstName}`, String(other.volume.frames)];
    throw new InputError({ where: other.name, what: 'other frames', expected, got });
  }
  const volumes = images.map(({ volume }) => volume);
  const channels = volumes.reduce((sum, volume) => sum + volume.channels, 0);
  const size = voxelCount(first);
  const data = room(volumes, frames * channels * size); // [frames, channels, depth, height, width]
  let at = 0;
  for (let frame = 0; frame < frames; frame++) {
    for (const volume of volumes) {
      const part = volume.channels * size;
      data.set(volume.data.subarray(frame * part, (frame + 1) * part), at);
      at += part;
    }
  }
  const { unit, ...rest } = first;
  const placed = volumes.every((volume) => volume.placed);
  const shared = volumes.every((volume) => volume.unit === unit);
  const warnings = volumes.flatMap((volume) => volume.warnings);
  return { ...rest, ...(shared && unit !== undefined && { unit }), placed, channels, data, warnings };
}

function room(volumes: readonly Volume[], length: number): VolumeData {
  const [{ data }] = volumes;
  const alike = volumes.every((volume) => volume.data.constructor === data.constructor);
  return alike ? roomLike(data, length) : new Float64Array(length);
}

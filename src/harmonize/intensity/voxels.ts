/** The voxels of a scan that count: those a harmonizer learns its map from. */
import { InputError } from '../../errors.ts';
import type { VolumeData } from '../../read/image/volume.ts';
import { type ForegroundRule, foregroundOf } from './foreground.ts';
import type { Channel } from './scan.ts';

export interface Voxels {
  readonly values: VolumeData;
  /** Not 0 where a voxel counts; without it all do. */
  readonly mask?: Uint8Array | undefined;
  /** How many count; at least one. Each of them is finite. */
  readonly count: number;
  readonly where: string;
}

/**
 * The voxels in the scan's own mask, or those that the rule chooses where it has none; never one that was not measured.
 *
 * @throws InputError where none is left, and on NaN or an infinity among them
 */
export function voxelsThatCount(channel: Channel, rule: ForegroundRule): Voxels {
  const { values, observed, where } = channel;
  const chosen = channel.mask ?? foregroundOf(channel, rule);
  const mask = chosen && observed ? chosen.map((one, i) => (one && observed[i] ? 1 : 0)) : (chosen ?? observed);
  const count = mask ? countOf(mask) : values.length;
  if (count === 0) {
    const expected = 'one or more voxels that count';
    throw new InputError({ where, what: 'an empty mask', expected, got: channel.mask ? '0' : `0 by the rule ${rule}` });
  }
  if (values instanceof Float32Array || values instanceof Float64Array) checkFinite(values, mask, where);
  return { values, mask, count, where };
}

function countOf(mask: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i]) count++;
  return count;
}

function checkFinite(values: Float32Array | Float64Array, mask: Uint8Array | undefined, where: string): void {
  let none = 0;
  for (let i = 0; i < values.length; i++) none += values[i] - values[i];
  if (none === 0) return;
  for (let i = 0; i < values.length; i++) {
    // Only NaN and infinities differ from 0 when taken from themselves.
    if (values[i] - values[i] === 0 || (mask && !mask[i])) continue;
    throw new InputError({
      where: `${where}: voxel ${i}`,
      what: 'no number',
      expected: 'finite values, or a mask that leaves such voxels out',
      got: String(values[i]),
    });
  }
}

/** The values of the voxels that count, in their order. */
export function valuesOf({ values, mask, count }: Voxels): Float64Array {
  if (!mask) return Float64Array.from(values);
  const out = new Float64Array(count);
  for (let i = 0, n = 0; i < values.length; i++) if (mask[i]) out[n++] = values[i];
  return out;
}

export function constantScan(where: string, value: number): InputError {
  const expected = 'two or more values';
  return new InputError({ where, what: 'a constant scan', expected, got: `${value} at every voxel that counts` });
}

/** What harmonizing did to the relation with scans of another modality at the same places. */
import { basename } from 'node:path';
import {
  checkSameGrid,
  type DistortionReport,
  distortion,
  type HarmonizedScan,
  InputError,
  type Volume,
} from '../../src/index.ts';
import type { Scan } from './together.ts';

/** Voxels of all scans together that are looked at, evenly taken. */
const most = 2 ** 20;

/** @throws InputError where the scans are not on one grid or have several channels */
export function besideScan(
  own: Scan,
  harmonized: Volume['data'],
  mask: Uint8Array,
  other: Scan,
  scans: number,
): HarmonizedScan {
  checkSameGrid([own, other].map(({ file, volume }) => ({ grid: volume, name: basename(file) })));
  const several = [own, other].find(({ volume }) => volume.channels * volume.frames > 1);
  if (several) {
    const got = `${several.volume.frames} frames, ${several.volume.channels} channels`;
    throw new InputError({
      where: basename(several.file),
      what: 'cannot be compared',
      expected: 'one number a voxel',
      got,
    });
  }
  const counted = mask.reduce((sum, one) => sum + one, 0);
  const every = Math.max(1, Math.ceil((counted * scans) / most));
  const places = new Uint32Array(Math.ceil(counted / every));
  for (let at = 0, seen = 0; at < mask.length; at++) {
    if (mask[at] && seen++ % every === 0) places[(seen - 1) / every] = at;
  }
  const taken = (data: Volume['data']) => Float64Array.from(places, (place) => data[place]);
  const beside = taken(other.volume.data);
  return {
    values: [taken(own.volume.data), beside],
    after: [taken(harmonized), beside],
    mask: new Uint8Array(places.length).fill(1),
  };
}

/** Of all scans together, since a map that rises keeps the order of values within each. */
export function relationOf(scans: readonly HarmonizedScan[]): DistortionReport {
  return distortion([{ name: 'all scans', scans }]);
}

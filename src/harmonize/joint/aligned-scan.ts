/** Scans of several modalities on one grid, of the subjects they were taken of. */
import { InputError } from '../../errors.ts';
import type { VolumeData } from '../../read/image/volume.ts';

/**
 * What is harmonized by one map a modality: a slice where slices differ (a 2-D acquisition, each slice with its own window
 * or hardening of the beam), or a whole volume.
 */
export interface AlignedScan {
  /** One array a modality, in the same order everywhere; voxel i of each is the same place. */
  readonly values: readonly VolumeData[]; // [modalities][voxels]
  /** Not 0 where a voxel counts; default: where any modality is above 0. */
  readonly mask?: Uint8Array; // [voxels]
}

export interface AlignedSubject {
  readonly scans: readonly AlignedScan[];
}

/**
 * @param modalities how many are expected; default: as many as the first scan has
 * @returns how many modalities there are
 * @throws InputError on no subjects, no scans, fewer than two modalities, and arrays of different size
 */
export function checkAligned(subjects: readonly AlignedSubject[], where: string, modalities?: number): number {
  const expected = modalities ?? subjects[0]?.scans[0]?.values.length ?? 0;
  if (subjects.length === 0) throw new InputError({ where, what: 'no subjects', expected: 'one or more' });
  subjects.forEach(({ scans }, p) => {
    const own = `${where}: subject ${p + 1} of ${subjects.length}`;
    if (scans.length === 0) throw new InputError({ where: own, what: 'no scans', expected: 'one or more' });
    scans.forEach((scan, s) => {
      checkScan(scan, expected, `${own}, scan ${s + 1} of ${scans.length}`);
    });
  });
  return expected;
}

function checkScan({ values, mask }: AlignedScan, expected: number, where: string): void {
  if (values.length < 2 || values.length !== expected) {
    const wanted = expected < 2 ? 'two or more, on one grid' : `${expected}, as in training`;
    throw new InputError({ where, what: 'number of modalities', expected: wanted, got: `${values.length}` });
  }
  const voxels = values[0].length;
  for (const [m, own] of values.entries()) {
    if (own.length === voxels && voxels > 0) continue;
    const place = `${where}, modality ${m}`;
    throw new InputError({ where: place, what: 'of another size', expected: `${voxels} voxels`, got: `${own.length}` });
  }
  if (mask && mask.length !== voxels) {
    const got = `${mask.length}`;
    throw new InputError({ where: `${where}: mask`, what: 'of another size', expected: `${voxels} voxels`, got });
  }
}

/**
 * Places of the voxels that count: in the mask, or above 0 in any modality; and a number in each.
 *
 * @throws InputError where there are none
 */
export function countedVoxels({ values, mask }: AlignedScan, where: string): Uint32Array {
  const places = new Uint32Array(values[0].length);
  let count = 0;
  for (let i = 0; i < places.length; i++) {
    let counts = mask ? mask[i] !== 0 : false;
    let known = true;
    for (const own of values) {
      if (!mask && own[i] > 0) counts = true;
      if (!Number.isFinite(own[i])) known = false;
    }
    if (counts && known) places[count++] = i;
  }
  if (count > 0) return places.slice(0, count);
  const expected = 'a mask with voxels, or values above 0';
  throw new InputError({ where, what: 'no voxel counts', expected });
}

/** One scan before and after harmonizing, and of what its voxels are. */
import { InputError } from '../../errors.ts';
import type { AlignedScan } from '../joint/aligned-scan.ts';

export interface HarmonizedScan extends AlignedScan {
  readonly after: readonly ArrayLike<number>[]; // [modalities][voxels]
  /** Tissue of each voxel, from 0 to 254; 255 is none. Tissues are told by whoever knows them, not by what is judged. */
  readonly tissues?: Uint8Array; // [voxels]
}

/** @throws InputError where what came out of harmonizing is not as many numbers, or tissues are of another size */
export function checkHarmonized({ values, after, tissues }: HarmonizedScan, counted: Uint32Array, where: string): void {
  const voxels = values[0].length;
  const expected = `${values.length} modalities of ${voxels} voxels`;
  if (after.length !== values.length || after.some((own) => own.length !== voxels)) {
    const got = `${after.length} of ${after.map(({ length }) => length).join(', ')}`;
    throw new InputError({ where: `${where}: after`, what: 'of another size', expected, got });
  }
  if (tissues && tissues.length !== voxels) {
    const got = `${tissues.length}`;
    throw new InputError({ where: `${where}: tissues`, what: 'of another size', expected: `${voxels} voxels`, got });
  }
  for (const [m, own] of after.entries()) {
    const place = counted.find((i) => !Number.isFinite(own[i]));
    if (place === undefined) continue;
    const got = `${own[place]} at voxel ${place}`;
    throw new InputError({ where: `${where}: after, modality ${m}`, what: 'not a number', expected: 'numbers', got });
  }
}

/** Values of the voxels that count, one scan after another. */
export function together(
  scans: readonly HarmonizedScan[],
  counted: readonly Uint32Array[],
  of: (scan: HarmonizedScan) => ArrayLike<number>,
): Float64Array {
  const all = new Float64Array(counted.reduce((sum, { length }) => sum + length, 0));
  let n = 0;
  scans.forEach((scan, s) => {
    const values = of(scan);
    for (const place of counted[s]) all[n++] = values[place];
  });
  return all;
}

export function tissuesIn(scans: readonly HarmonizedScan[]): number[] {
  const there = new Set<number>();
  for (const { tissues } of scans) for (const tissue of tissues ?? []) if (tissue < 255) there.add(tissue);
  return [...there].sort((a, b) => a - b);
}

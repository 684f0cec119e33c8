/**
 * L. G. Nyúl and J. K. Udupa, On standardizing the MR image intensity scale, Magnetic Resonance in Medicine 42 (1999)
 * 1072-1081; with landmarks at deciles after Nyúl, Udupa and Zhang, New variants of a method of MRI scale standardization,
 * IEEE Trans. Medical Imaging 19 (2000) 143-150.
 */
import { InputError } from '../../errors.ts';
import type { IntensityMap } from './intensity-map.ts';
import { checkOrdered, checkPercentiles, checkRange } from './option-checks.ts';
import { percentilesOf } from './order-statistics.ts';
import { type MaskOption, scanHarmonizer } from './scan-harmonizer.ts';
import type { Voxels } from './voxels.ts';

export interface NyulOptions extends MaskOption {
  /** Where the landmarks of a scan stand; default 1, 10, 20 ... 90, 99. */
  readonly percentiles?: readonly number[];
  /** Where the first and the last landmark go; default 1 and 100. */
  readonly to?: readonly [low: number, high: number];
}

/**
 * The standard scale: landmarks of each training scan (percentiles of the voxels that count) are brought by a straight line
 * to where the first and last go, and averaged. A scan's own landmarks are then carried onto those, straight between them,
 * the end segments going on beyond. Numbers as intensity-normalization's `NyulNormalizer` gives; where landmarks at an end of
 * the scale coincide (a background that counts), it gives NaN and infinities, and this goes on with the segment inside.
 *
 * @throws InputError on a scan whose first and last landmark are one
 */
export const nyul = scanHarmonizer({
  kind: 'nyul',
  version: 1,
  mask: 'positive',
  makes: 'interval',
  learn(scans, { percentiles = deciles, to: [low, high] = [1, 100] }: NyulOptions) {
    checkPercentiles(percentiles, 'nyul');
    checkRange([low, high], 'nyul');
    const scale = new Float64Array(percentiles.length); // [landmarks]
    let many = 0;
    for (const voxels of scans) {
      const own = landmarksOf(voxels, percentiles);
      const [first, last] = [own[0], own[own.length - 1]];
      for (let k = 0; k < scale.length; k++) scale[k] += low + ((own[k] - first) / (last - first)) * (high - low);
      many++;
    }
    for (let k = 0; k < scale.length; k++) scale[k] /= many;
    return { percentiles: [...percentiles], scale };
  },
  check({ percentiles, scale }) {
    checkPercentiles(percentiles, 'nyul');
    checkOrdered(scale, percentiles.length, 'nyul: scale');
  },
  mapOf(voxels, { percentiles, scale }): IntensityMap {
    const own = landmarksOf(voxels, percentiles);
    // Segments without width at the ends have no slope to go on with.
    let start = 0;
    let end = own.length - 1;
    while (own[start] === own[start + 1]) start++;
    while (own[end] === own[end - 1]) end--;
    const [from, to] = [own.slice(start, end + 1), scale.slice(start, end + 1)];
    return { kind: 'knots', from, to, beyond: 'extend' };
  },
});

const deciles = [1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99];

function landmarksOf(voxels: Voxels, percentiles: readonly number[]): Float64Array {
  const own = percentilesOf(voxels, percentiles);
  const [first, last] = [own[0], own[own.length - 1]];
  if (first < last) return own;
  throw new InputError({
    where: voxels.where,
    what: `percentiles ${percentiles[0]} and ${percentiles.at(-1)} are one value`,
    expected: 'a scan that varies among the voxels that count',
    got: `${first}`,
  });
}

import { type Basis, checkBasis } from './basis.ts';
import type { IntensityMap } from './intensity-map.ts';
import { checkOrdered, checkPercentiles } from './option-checks.ts';
import { percentilesOf } from './order-statistics.ts';
import { type MaskOption, scanHarmonizer } from './scan-harmonizer.ts';

export interface PercentileClipOptions extends MaskOption {
  /** Default `scan`; `training`: the mean of the training scans' percentiles. */
  readonly by?: Basis;
  /** Default 1 and 99. */
  readonly percentiles?: readonly [low: number, high: number];
}

/** Values beyond two percentiles of the voxels that count (default: of all) become these. What was beyond cannot come back. */
export const percentileClip = scanHarmonizer({
  kind: 'percentile-clip',
  version: 1,
  mask: 'all',
  makes: 'same',
  learn(scans, { by = 'scan', percentiles = [1, 99] }: PercentileClipOptions) {
    checkBasis(by, 'percentile-clip');
    checkPercentiles(percentiles, 'percentile-clip');
    if (by === 'scan') return { percentiles: [...percentiles], ends: null };
    const sum = [0, 0];
    let many = 0;
    for (const voxels of scans) {
      percentilesOf(voxels, percentiles).forEach((value, k) => {
        sum[k] += value;
      });
      many++;
    }
    return { percentiles: [...percentiles], ends: sum.map((value) => value / many) };
  },
  check({ percentiles, ends }) {
    checkPercentiles(percentiles, 'percentile-clip');
    if (ends !== null) checkOrdered(ends, 2, 'percentile-clip: ends');
  },
  mapOf(voxels, { percentiles, ends }): IntensityMap {
    const [low, high] = ends ?? percentilesOf(voxels, percentiles);
    return { kind: 'clip', low, high };
  },
});

import { type Basis, checkBasis } from './basis.ts';
import type { IntensityMap } from './intensity-map.ts';
import { checkOrdered, checkRange } from './option-checks.ts';
import { percentilesOf } from './order-statistics.ts';
import { type MaskOption, scanHarmonizer } from './scan-harmonizer.ts';
import { constantScan, type Voxels } from './voxels.ts';

export interface MinMaxOptions extends MaskOption {
  /** Default `scan`; `training`: the lowest and the highest value of the training scans, beyond which new ones may lie. */
  readonly by?: Basis;
  /** Where the lowest and the highest value go; default 0 and 1. */
  readonly to?: readonly [low: number, high: number];
}

/**
 * A straight line from the lowest and highest value of the voxels that count (default: of all) onto a range. One wild voxel
 * moves all others: `percentileClip` before it.
 *
 * @throws InputError on a constant scan
 */
export const minMax = scanHarmonizer({
  kind: 'min-max',
  version: 1,
  mask: 'all',
  makes: 'interval',
  learn(scans, { by = 'scan', to = [0, 1] }: MinMaxOptions) {
    checkBasis(by, 'min-max');
    checkRange(to, 'min-max');
    return { to: [to[0], to[1]] as const, ends: by === 'training' ? endsOfAll(scans) : null };
  },
  check({ to, ends }) {
    checkRange(to, 'min-max');
    if (ends !== null) checkOrdered(ends, 2, 'min-max: ends');
  },
  mapOf(voxels, { to, ends }): IntensityMap {
    const [low, high] = ends ?? endsOf(voxels);
    if (low === high) throw constantScan(voxels.where, low);
    return { kind: 'z-score', from: { mean: low, sd: high - low }, to: { mean: to[0], sd: to[1] - to[0] } };
  },
});

function endsOf(voxels: Voxels): readonly [low: number, high: number] {
  const [low, high] = percentilesOf(voxels, [0, 100]);
  return [low, high];
}

function endsOfAll(scans: Iterable<Voxels>): readonly [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const voxels of scans) {
    const own = endsOf(voxels);
    low = Math.min(low, own[0]);
    high = Math.max(high, own[1]);
  }
  return [low, high];
}

/** The peak of a tissue in the histogram of a scan. */
import { InputError } from '../../errors.ts';
import { isSmallInteger } from './count-table.ts';
import { type Bandwidth, bandwidthRules, gaussianKde } from './gaussian-kde.ts';
import { checkChoice } from './option-checks.ts';
import { percentilesOf } from './order-statistics.ts';
import { type ValueCounts, valueCounts } from './value-counts.ts';
import { type Voxels, valuesOf } from './voxels.ts';

/** Which peak is white matter: the `last` of T1, the `largest` of T2 and FLAIR, the `first` of PD. */
export const tissueModes = ['last', 'largest', 'first'] as const;
export type TissueMode = (typeof tissueModes)[number];

export interface TissueModeOptions {
  /** Default `last`, as in T1. */
  readonly mode?: TissueMode;
  /** Default `scott`. */
  readonly bandwidth?: Bandwidth;
}

/** @throws InputError on an unknown mode or bandwidth, and one that is not above 0 */
export function checkTissueMode({ mode = 'last', bandwidth = 'scott' }: TissueModeOptions, where: string): void {
  checkChoice(mode, tissueModes, `${where}: mode`);
  if (typeof bandwidth !== 'number') checkChoice(bandwidth, bandwidthRules, `${where}: bandwidth`);
  else if (!(bandwidth > 0 && Number.isFinite(bandwidth))) throw badBandwidth(bandwidth, where);
}

function badBandwidth(bandwidth: number, where: string): InputError {
  const expected = 'a positive number of intensities';
  return new InputError({ where: `${where}: bandwidth`, what: 'unusable', expected, got: `${bandwidth}` });
}

/** Voxels above are a tail (vessels, fat) without a peak worth the name. */
const tailPercentile = { last: 96, largest: 100, first: 99 } as const;

/**
 * A peak of the Gaussian kernel density on 80 values from the lowest to the highest (so known to 1/79 of their range; on more
 * values where kernels are narrower than that, see `gaussianKde`): the `last` or `first` local one (the highest where there is
 * none), below the 96th or 99th percentile, or the `largest`.
 *
 * @throws InputError where intensity-normalization's bandwidth is none
 */
export function tissueModeOf(voxels: Voxels, { mode = 'last', bandwidth = 'scott' }: TissueModeOptions = {}): number {
  const [threshold] = percentilesOf(voxels, [tailPercentile[mode]]);
  const counted = weighted(voxels, threshold);
  if (bandwidth === 'intensity-normalization' && counted.values.at(-1) === 0) {
    const expected = 'a highest value other than 0, or the bandwidth scott';
    throw new InputError({ where: voxels.where, what: 'kernels of no width', expected });
  }
  const { grid, density } = gaussianKde(counted, bandwidth);
  const peaks = [...grid.keys()].filter((g) => density[g] > density[g - 1] && density[g] > density[g + 1]);
  const highest = density.indexOf(density.reduce((a, b) => Math.max(a, b)));
  const at = mode === 'largest' ? highest : ((mode === 'last' ? peaks.at(-1) : peaks[0]) ?? highest);
  return grid[at];
}

const fewest = 0x10000; // values from which on those with fractions are binned
const bins = 0x4000;

/** Values up to the threshold with their weights; many with fractions are shared out linearly between the ends of fine bins. */
function weighted(voxels: Voxels, threshold: number): ValueCounts {
  if (isSmallInteger(voxels.values) || voxels.count <= fewest) {
    const { values, counts } = valueCounts(voxels);
    const above = values.findIndex((value) => value > threshold);
    return above < 0 ? { values, counts } : { values: values.slice(0, above), counts: counts.slice(0, above) };
  }
  const kept = valuesOf(voxels).filter((value) => value <= threshold);
  let [low, high] = [kept[0], kept[0]];
  for (let i = 0; i < kept.length; i++) {
    if (kept[i] < low) low = kept[i];
    if (kept[i] > high) high = kept[i];
  }
  if (low === high) return { values: Float64Array.of(low), counts: Float64Array.of(kept.length) };
  const counts = new Float64Array(bins + 1);
  for (let i = 0; i < kept.length; i++) {
    const at = ((kept[i] - low) / (high - low)) * bins;
    const below = Math.min(bins - 1, Math.floor(at));
    counts[below] += below + 1 - at;
    counts[below + 1] += at - below;
  }
  return { values: counts.map((_, k) => low + (k * (high - low)) / bins), counts };
}

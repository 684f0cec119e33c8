/** Matching of histograms, exactly as scikit-image 0.19.3 `match_histograms`. */
import type { Floats } from '../../array/matrix.ts';
import { InputError } from '../../errors.ts';
import { ascending } from './ascending.ts';
import { isSmallInteger } from './count-table.ts';
import type { ForegroundRule } from './foreground.ts';
import { alongKnots, functionOf, type IntensityMap, mapIntensities } from './intensity-map.ts';
import { checkOrdered } from './option-checks.ts';
import { channelsOf, type Scan } from './scan.ts';
import { type MaskOption, scanHarmonizer } from './scan-harmonizer.ts';
import { type ValueCounts, valueCounts } from './value-counts.ts';
import { type Voxels, voxelsThatCount } from './voxels.ts';

export interface HistogramMatchOptions extends MaskOption {
  /** Of several training scans: values that the reference is made of; default 1024. */
  readonly quantiles?: number;
}

/** How values are spread: `shares` of voxels are up to `values`. */
export interface CumulativeHistogram {
  readonly values: Float64Array; // [values], ascending
  readonly shares: Float64Array; // [values], rising to 1
}

/**
 * Gives a scan the histogram of the training scans: of one its own (up to 65536 different values, beyond that its
 * quantiles), of several the mean of their quantiles. Learned from the voxels that count (default: all) and applied to every
 * voxel: straight between values, the nearest end beyond them.
 */
export const histogramMatch = scanHarmonizer({
  kind: 'histogram-match',
  version: 1,
  mask: 'all',
  makes: 'same',
  learn(scans, { quantiles = 1024 }: HistogramMatchOptions) {
    if (!(Number.isInteger(quantiles) && quantiles > 1)) {
      const expected = 'a whole number of two or more';
      throw new InputError({ where: 'histogram-match: quantiles', what: 'unusable', expected, got: `${quantiles}` });
    }
    const shares = Float64Array.from({ length: quantiles }, (_, k) => (k + 1) / quantiles);
    const values = new Float64Array(quantiles);
    let many = 0;
    let only: CumulativeHistogram | undefined;
    for (const voxels of scans) {
      const own = cumulative(valueCounts(voxels));
      const at = alongKnots({ from: own.shares, to: own.values, beyond: 'hold' });
      for (let k = 0; k < quantiles; k++) values[k] += at(shares[k]);
      only = many++ === 0 && own.values.length <= 0x10000 ? own : undefined;
    }
    if (only) return { ...only };
    return { values: values.map((sum) => sum / many), shares };
  },
  check({ values, shares }) {
    checkOrdered(values, shares.length, 'histogram-match: values');
    checkOrdered(shares, values.length, 'histogram-match: shares');
  },
  mapOf: (voxels, reference): IntensityMap => matchingMap(valueCounts(voxels), reference),
});

/**
 * A scan with the histogram of another, channel by channel: singles of singles, doubles of all else. (scikit-image cuts
 * integers of several channels back to integers: `Math.trunc` gives those.)
 *
 * @param options.mask which voxels count in a scan without a mask of its own; default: all
 * @throws InputError on another number of channels
 */
export function matchHistogram(
  source: Scan,
  reference: Scan,
  { mask = 'all' }: { readonly mask?: ForegroundRule } = {},
): Floats {
  const [from, to] = [channelsOf(source, 'matchHistogram: source'), channelsOf(reference, 'matchHistogram: reference')];
  if (from.length !== to.length) {
    const [expected, got] = [`${from.length}, as the source`, `${to.length}`];
    throw new InputError({ where: 'matchHistogram: reference', what: 'another number of channels', expected, got });
  }
  const matched = from.map((channel, c) => {
    const goal = cumulative(valueCounts(voxelsThatCount(to[c], mask)));
    const voxels = voxelsThatCount(channel, mask);
    if (!isSmallInteger(voxels.values)) return matchedInOrder(voxels, goal);
    return mapIntensities(channel.values, matchingMap(valueCounts(voxels), goal));
  });
  if (matched.length === 1) return matched[0];
  const out =
    source.data instanceof Float32Array ? new Float32Array(source.data.length) : new Float64Array(source.data.length); // [channels, voxels]
  matched.forEach((own, c) => {
    out.set(own, c * own.length);
  });
  return out;
}

function cumulative({ values, counts }: ValueCounts): CumulativeHistogram {
  const shares = new Float64Array(counts.length);
  let below = 0;
  counts.forEach((count, k) => {
    below += count;
    shares[k] = below;
  });
  for (let k = 0; k < shares.length; k++) shares[k] /= below;
  return { values, shares };
}

function matchingMap(source: ValueCounts, { values, shares }: CumulativeHistogram): IntensityMap {
  const own = cumulative(source);
  const to = own.shares.map(alongKnots({ from: shares, to: values, beyond: 'hold' }));
  return { kind: 'knots', from: own.values, to, beyond: 'hold' };
}

/** The same without a table of values, of which there may be as many as voxels; what is between them outside a mask asks one. */
function matchedInOrder(voxels: Voxels, goal: CumulativeHistogram): Floats {
  const { values: given, mask } = voxels;
  const out = given instanceof Float32Array ? new Float32Array(given.length) : new Float64Array(given.length);
  const { sorted, places } = ascending(voxels);
  const at = alongKnots({ from: goal.shares, to: goal.values, beyond: 'hold' });
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    for (to = from + 1; to < sorted.length && sorted[to] === sorted[from]; ) to++;
    const matched = at(to / sorted.length);
    for (let i = from; i < to; i++) out[places[i]] = matched;
  }
  if (!mask) return out;
  const [low, high] = [sorted[0], sorted[sorted.length - 1]];
  const [lowest, highest] = [out[places[0]], out[places[places.length - 1]]];
  let between: ((value: number) => number) | undefined;
  for (let i = 0; i < out.length; i++) {
    if (mask[i]) continue;
    if (given[i] <= low) out[i] = lowest;
    else if (given[i] >= high) out[i] = highest;
    else {
      between ??= functionOf(matchingMap(valueCounts(voxels), goal));
      out[i] = between(given[i]);
    }
  }
  return out;
}

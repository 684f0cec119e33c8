/** N. Otsu, A threshold selection method from gray-level histograms, IEEE Trans. SMC 9 (1979) 62-66. */
import { isSmallInteger, tableOf } from './count-table.ts';
import type { Channel } from './scan.ts';

const bins = 256;

/**
 * The threshold that parts values into two classes with the largest variance between them (equation 18): the first class is
 * up to it. Of integers of 8 and 16 bits each value is a bin; other values fall into 256 bins from the lowest to the highest,
 * so that a single wild value coarsens them, and the threshold is the middle of one. NaN and infinities are passed over. Of
 * a constant scan, that constant. As scikit-image `threshold_otsu`.
 */
export function otsuThreshold(channel: Pick<Channel, 'values' | 'observed'>): number {
  const { counts, first, step } = histogramOf(channel);
  let total = 0;
  let sum = 0;
  counts.forEach((count, k) => {
    total += count;
    sum += count * k;
  });
  let best = -1;
  let at = 0;
  let below = 0;
  let sumBelow = 0;
  for (let k = 0; k < counts.length - 1; k++) {
    below += counts[k];
    sumBelow += counts[k] * k;
    if (counts[k] === 0 || below === total) continue;
    const between = below * (total - below) * (sumBelow / below - (sum - sumBelow) / (total - below)) ** 2;
    if (between > best) [best, at] = [between, k];
  }
  if (best < 0)
    at = Math.max(
      0,
      counts.findIndex((count) => count > 0),
    );
  return first + at * step;
}

function histogramOf({ values, observed }: Pick<Channel, 'values' | 'observed'>) {
  if (isSmallInteger(values)) {
    const { counts, lowest } = tableOf(values, observed);
    return { counts, first: lowest, step: 1 };
  }
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const counted = (i: number) => values[i] - values[i] === 0 && observed?.[i] !== 0;
  for (let i = 0; i < values.length; i++) {
    if (!counted(i)) continue;
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  const counts = new Uint32Array(bins);
  if (!(high > low)) return { counts, first: low, step: 0 };
  for (let i = 0; i < values.length; i++) {
    if (counted(i)) counts[Math.min(bins - 1, Math.floor(((values[i] - low) / (high - low)) * bins))]++;
  }
  const step = (high - low) / bins;
  return { counts, first: low + step / 2, step };
}

/** 1 where a measured value is above the threshold. */
export function above({ values, observed }: Channel, threshold: number): Uint8Array {
  const out = new Uint8Array(values.length); // [voxels]
  for (let i = 0; i < values.length; i++) out[i] = values[i] > threshold ? 1 : 0; // no branch: voxels are not to be foretold
  if (observed) for (let i = 0; i < out.length; i++) if (!observed[i]) out[i] = 0;
  return out;
}

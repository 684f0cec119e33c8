import { normalQuantile } from '../array/distributions.ts';
import { emptyLike } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import { checkFeatures, observedValues } from './features.ts';
import { harmonizer } from './harmonizer.ts';

export interface QuantileMapOptions {
  /** `normal` (default): a standard normal distribution; `uniform`: that on [0, 1]. */
  readonly to?: 'normal' | 'uniform';
  /** Quantiles kept a feature; never more than half as many as measured values, so that these are not what is kept. */
  readonly quantiles?: number;
}

/**
 * Carries each feature onto a common distribution by its training quantiles: a value becomes the share of training subjects
 * below it, or the normal deviate of that share. Takes out any monotone distortion of a single feature, and with it the
 * distances between values. Between kept quantiles linear; a value met often gets the middle of its shares; beyond the
 * training range the nearest end, which of the normal is at half a step between quantiles.
 *
 * Acts on interval, ratio and count features, which become intervals; a constant one becomes the middle. Holes, filled or
 * not, are carried along.
 */
export const quantileMap = harmonizer({
  kind: 'quantile-map',
  version: 1,
  learn(block, { to = 'normal', quantiles = 100 }: QuantileMapOptions) {
    const { features } = block.modality;
    const lists = features.map(({ scale }, j) => {
      if (scale === 'nominal' || scale === 'ordinal') return new Float64Array(0);
      const values = observedValues(block, j).sort();
      if (values.length === 0) return Float64Array.of(0, 0);
      const many = Math.max(2, Math.min(quantiles, values.length >> 1));
      return Float64Array.from({ length: many }, (_, k) => quantile(values, k / (many - 1)));
    });
    const knots = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0)); // [quantiles of all features]
    let at = 0;
    for (const list of lists) {
      knots.set(list, at);
      at += list.length;
    }
    return { names: features.map(({ name }) => name), to, sizes: lists.map((list) => list.length), knots };
  },
  transform(block, { names, to, sizes, knots }): Block {
    checkFeatures(block, names, 'quantileMap');
    const [rows, columns] = block.values.shape;
    const data = emptyLike(block.values.data, rows * columns); // [subjects, features]
    let from = 0;
    for (let j = 0; j < columns; j++) {
      const own = knots.subarray(from, from + sizes[j]);
      from += sizes[j];
      const end = 0.5 / own.length;
      for (let i = 0, at = j; i < rows; i++, at += columns) {
        const value = block.values.data[at];
        if (own.length === 0) data[at] = value;
        else if (to === 'uniform') data[at] = shareBelow(own, value);
        else data[at] = normalQuantile(Math.max(end, Math.min(1 - end, shareBelow(own, value))));
      }
    }
    const features = block.modality.features.map((feature, j) =>
      sizes[j] === 0 ? feature : { name: feature.name, scale: 'interval' as const },
    );
    return { ...block, modality: { ...block.modality, features }, values: { shape: [rows, columns], data } };
  },
});

/** Where a value stands among sorted quantiles, from 0 to 1; in the middle of those that equal it. */
function shareBelow(quantiles: Float64Array, value: number): number {
  const last = quantiles.length - 1;
  const below = firstAt(quantiles, (other) => other >= value);
  const above = firstAt(quantiles, (other) => other > value);
  if (below < above) return (below + above - 1) / 2 / last;
  if (below === 0) return 0;
  if (below > last) return 1;
  const [low, high] = [quantiles[below - 1], quantiles[below]];
  return (below - 1 + (value - low) / (high - low)) / last;
}

/** The first index of sorted values at which the test holds; their number where it never does. */
function firstAt(sorted: Float64Array, test: (value: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(sorted[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The quantile of sorted values, linear between them (Hyndman and Fan 1996, type 7). */
export function quantile(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

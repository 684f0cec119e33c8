import { normalQuantile } from '../array/distributions.ts';
import { emptyLike } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import { rescaled } from './counts.ts';
import { checkFeatures, observedValues } from './features.ts';
import { harmonizer } from './harmonizer.ts';
import { indexAmong, quantile } from './quantiles.ts';

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
      const goal = own.map((_, k) => levelOf(k, own.length, to)); // [quantiles]
      for (let i = 0, at = j; i < rows; i++, at += columns) {
        const value = block.values.data[at];
        data[at] = own.length === 0 ? value : between(goal, indexAmong(own, value));
      }
    }
    const features = block.modality.features.map((feature, j) =>
      sizes[j] === 0 ? feature : rescaled(feature, 'interval'),
    );
    return { ...block, modality: { ...block.modality, features }, values: { shape: [rows, columns], data } };
  },
});

/** What the quantile at `index` of `many` becomes. */
function levelOf(index: number, many: number, to: 'normal' | 'uniform'): number {
  const share = index / (many - 1);
  return to === 'uniform' ? share : normalQuantile(Math.max(0.5 / many, Math.min(1 - 0.5 / many, share)));
}

function between(levels: Float64Array, index: number): number {
  const below = Math.floor(index);
  return index === below ? levels[below] : levels[below] + (index - below) * (levels[below + 1] - levels[below]);
}

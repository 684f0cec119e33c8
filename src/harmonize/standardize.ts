import { emptyLike } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import { checkFeatures, observedValues } from './features.ts';
import { harmonizer } from './harmonizer.ts';
import { isSpread, type MeanAndSd, meanAndSd } from './z-score-map.ts';

export interface StandardizeOptions {
  /** The scale to map onto. */
  readonly to?: MeanAndSd;
}

/**
 * The z-score map of each feature from its training mean and standard deviation onto a common scale (mean 0, sd 1).
 * Learned from measured values only; filled holes are carried along. A constant feature becomes the common mean.
 */
export const standardize = harmonizer({
  kind: 'standardize',
  version: 1,
  learn(block, { to = { mean: 0, sd: 1 } }: StandardizeOptions) {
    const features = block.modality.features;
    const offset = new Float64Array(features.length); // [features]
    const factor = new Float64Array(features.length); // [features]: y = x · factor + offset
    for (let j = 0; j < features.length; j++) {
      const { mean, sd } = meanAndSd(observedValues(block, j));
      factor[j] = isSpread({ mean, sd }) ? to.sd / sd : 0;
      offset[j] = to.mean - mean * factor[j];
    }
    return { names: features.map((feature) => feature.name), offset, factor };
  },
  transform(block, { names, offset, factor }): Block {
    checkFeatures(block, names, 'standardize');
    const [rows, columns] = block.values.shape;
    const data = emptyLike(block.values.data, rows * columns); // [subjects, features]
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, at++) data[at] = block.values.data[at] * factor[j] + offset[j];
    }
    return { ...block, values: { shape: [rows, columns], data } };
  },
});

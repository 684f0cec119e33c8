import { emptyLike } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import { checkFeatures, observedValues } from './features.ts';
import { harmonizer } from './harmonizer.ts';
import { quantile } from './quantiles.ts';
import { isSpread, meanAndSd } from './z-score-map.ts';

export interface RobustScaleOptions {
  /** `iqr` (default): the interquartile range over 1.349; `mad`: the median distance from the median times 1.4826. */
  readonly spread?: 'iqr' | 'mad';
}

const normalIqr = 1.3489795003921634; // of a standard normal
const normalMad = 0.6744897501960817;

/**
 * (x - median) / spread, feature by feature, which a few wild values do not move. The spread is one that equals the standard
 * deviation of normal values, so that features scaled so and features standardized count alike. Where it is 0 (half of the
 * values are one value) the standard deviation stands in; a constant feature becomes 0. Learned from measured values only.
 */
export const robustScale = harmonizer({
  kind: 'robust-scale',
  version: 1,
  learn(block, { spread = 'iqr' }: RobustScaleOptions) {
    const features = block.modality.features;
    const centre = new Float64Array(features.length); // [features]
    const factor = new Float64Array(features.length); // [features]: y = (x - centre) · factor
    for (let j = 0; j < features.length; j++) {
      const values = observedValues(block, j).sort();
      if (values.length === 0) continue;
      centre[j] = quantile(values, 0.5);
      const { mean, sd } = meanAndSd(values);
      const robust =
        spread === 'iqr'
          ? (quantile(values, 0.75) - quantile(values, 0.25)) / normalIqr
          : quantile(values.map((value) => Math.abs(value - centre[j])).sort(), 0.5) / normalMad;
      if (isSpread({ mean: centre[j], sd: robust })) factor[j] = 1 / robust;
      else if (isSpread({ mean, sd })) factor[j] = 1 / sd;
    }
    return { names: features.map(({ name }) => name), centre, factor };
  },
  transform(block, { names, centre, factor }): Block {
    checkFeatures(block, names, 'robustScale');
    const [rows, columns] = block.values.shape;
    const data = emptyLike(block.values.data, rows * columns); // [subjects, features]
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++, at++) data[at] = (block.values.data[at] - centre[j]) * factor[j];
    }
    return { ...block, values: { shape: [rows, columns], data } };
  },
});

import { normalQuantile } from '../array/distributions.ts';
import { emptyLike } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import { rescaled } from './counts.ts';
import { checkFeatures } from './features.ts';
import { harmonizer } from './harmonizer.ts';
import { countBelow, countUpTo } from './quantiles.ts';

export interface RankMapOptions {
  /** `normal` (default): the normal deviate of each share; `uniform`: the share, from 0 to 1. */
  readonly to?: 'normal' | 'uniform';
}

/**
 * Ranks the features of each subject among each other: (rank - 1/2) / features measured, ties at their middle. Whatever a
 * platform does to all features of a subject alike (depth, background, any increasing curve) is gone, and how much there is
 * of everything with it. Only sensible where features share a unit.
 *
 * Acts on interval, ratio and count features, which become intervals. A hole, filled or not, gets the middle.
 */
export const rankMap = harmonizer({
  kind: 'rank-map',
  version: 1,
  learn(block, { to = 'normal' }: RankMapOptions) {
    const { features } = block.modality;
    return {
      names: features.map(({ name }) => name),
      ranked: features.flatMap(({ scale }, j) => (scale === 'nominal' || scale === 'ordinal' ? [] : [j])),
      to,
    };
  },
  transform(block, { names, ranked, to }): Block {
    checkFeatures(block, names, 'rankMap');
    const { modality, values, observed, present } = block;
    const [rows, columns] = values.shape;
    const data = emptyLike(values.data, rows * columns); // [subjects, features]
    data.set(values.data);
    let levels = new Float64Array(0); // of ranks in halves, for the number of features last met
    for (let i = 0; i < rows; i++) {
      if (!present[i]) continue;
      const from = i * columns;
      const own = Float64Array.from(
        ranked.filter((j) => observed[from + j]),
        (j) => values.data[from + j],
      ).sort();
      if (levels.length !== 2 * own.length + 1) {
        levels = Float64Array.from({ length: 2 * own.length + 1 }, (_, halves) => {
          const share = halves / 2 / own.length;
          return to === 'normal' && halves > 0 && halves < 2 * own.length ? normalQuantile(share) : share;
        });
      }
      for (const j of ranked) {
        const value = values.data[from + j];
        if (observed[from + j]) data[from + j] = levels[countBelow(own, value) + countUpTo(own, value)];
        else data[from + j] = to === 'normal' ? 0 : 0.5;
      }
    }
    const features = modality.features.slice();
    for (const j of ranked) features[j] = rescaled(features[j], 'interval');
    return { ...block, modality: { ...modality, features }, values: { shape: [rows, columns], data } };
  },
});

import { normalQuantile } from '../array/distributions.ts';
import { emptyLike } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import { checkFeatures } from './features.ts';
import { harmonizer } from './harmonizer.ts';

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
    for (let i = 0; i < rows; i++) {
      if (!present[i]) continue;
      const from = i * columns;
      for (const j of ranked) data[from + j] = to === 'normal' ? 0 : 0.5;
      const there = ranked.filter((j) => observed[from + j]);
      there.sort((a, b) => values.data[from + a] - values.data[from + b]);
      for (let first = 0, next: number; first < there.length; first = next) {
        next = first + 1;
        while (next < there.length && values.data[from + there[next]] === values.data[from + there[first]]) next++;
        const share = (first + next) / 2 / there.length;
        for (let k = first; k < next; k++) data[from + there[k]] = to === 'normal' ? normalQuantile(share) : share;
      }
    }
    const features = modality.features.slice();
    for (const j of ranked) features[j] = { name: features[j].name, scale: 'interval' };
    return { ...block, modality: { ...modality, features }, values: { shape: [rows, columns], data } };
  },
});

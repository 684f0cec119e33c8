import { emptyLike } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import { type Feature, sourceName } from '../describe/modality.ts';
import { checkFeatures, observedValues } from './features.ts';
import { harmonizer } from './harmonizer.ts';

/** A feature after coding: the one it comes from, and the level it stands for (null: the value itself). */
interface Column {
  readonly j: number;
  readonly level: number | null;
}

/**
 * Gives levels numbers that arithmetic may use. A nominal feature becomes one 0/1 feature for each level met in training
 * (two levels: one feature); a level never met is 0 everywhere. An ordinal feature keeps its rank (0, 1, 2, ...).
 */
export const encode = harmonizer({
  kind: 'encode',
  version: 1,
  learn(block, _: Record<string, never>) {
    const { features } = block.modality;
    return {
      names: features.map((feature) => feature.name),
      // The levels that get a feature of their own; null: the value is kept as it is.
      levels: features.map((feature, j) => {
        if (feature.scale !== 'nominal') return null;
        const met = [...new Set(observedValues(block, j))].sort((a, b) => a - b);
        return met.length === 2 ? met.slice(1) : met;
      }),
    };
  },
  transform(block, { names, levels }): Block {
    checkFeatures(block, names, 'encode');
    if (levels.every((met) => met === null)) return block;
    const { modality, values, observed } = block;
    const plan = levels.flatMap((met, j): Column[] => (met ?? [null]).map((level) => ({ j, level })));
    const [rows, columns] = values.shape;
    const width = plan.length;
    const data = emptyLike(values.data, rows * width); // [subjects, features]
    const mask = new Uint8Array(rows * width); // [subjects, features]
    for (let i = 0; i < rows; i++) {
      for (let to = 0; to < width; to++) {
        const { j, level } = plan[to];
        const value = values.data[i * columns + j];
        data[i * width + to] = level === null ? value : value === level ? 1 : 0;
        mask[i * width + to] = observed[i * columns + j];
      }
    }
    const features = plan.map(({ j, level }): Feature => {
      const feature = modality.features[j];
      return level === null
        ? feature
        : {
            name: `${feature.name} = ${feature.levels?.[level] ?? level}`,
            scale: 'interval',
            source: sourceName(feature),
          };
    });
    return { ...block, modality: { ...modality, features }, values: { shape: [rows, width], data }, observed: mask };
  },
});

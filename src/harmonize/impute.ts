import { emptyLike } from '../array/matrix.ts';
import type { Block } from '../describe/cohort.ts';
import { type Feature, sourceName } from '../describe/modality.ts';
import { checkFeatures, observedValues } from './features.ts';
import { harmonizer } from './harmonizer.ts';

export interface ImputeOptions {
  /**
   * Adds a 0/1 feature "NAME missing" for each feature that at least this share of the training subjects who have the
   * modality lack: that somebody was not measured may itself be informative. 1 adds none.
   */
  readonly indicatorsFrom?: number;
}

/**
 * Fills holes with the training median (numbers and ordinal levels) or mode (nominal levels). The mask stays as it was:
 * it goes on saying what was measured, and later steps learn from measured values only. Features without a single
 * training value are dropped.
 */
export const impute = harmonizer({
  kind: 'impute',
  version: 1,
  learn(block, { indicatorsFrom = 0.05 }: ImputeOptions) {
    const { features } = block.modality;
    const present = block.present.reduce((sum, there) => sum + there, 0);
    const fill = new Float64Array(features.length); // [features]
    const kept: number[] = [];
    const indicated: number[] = [];
    const usuallyMissing: number[] = []; // of those indicated, 1 where most lack it
    features.forEach((feature, j) => {
      const values = observedValues(block, j);
      if (values.length === 0) return;
      kept.push(j);
      fill[j] = feature.scale === 'nominal' ? mode(values) : middle(values, feature.scale === 'ordinal');
      const missing = present ? 1 - values.length / present : 0;
      if (missing > 0 && missing >= indicatorsFrom) {
        indicated.push(j);
        usuallyMissing.push(missing > 0.5 ? 1 : 0);
      }
    });
    return { names: features.map((feature) => feature.name), fill, kept, indicated, usuallyMissing };
  },
  transform(block, { names, fill, kept, indicated, usuallyMissing }): Block {
    checkFeatures(block, names, 'impute');
    const { modality, values, observed, present } = block;
    if (kept.length === names.length && indicated.length === 0 && !observed.includes(0)) return block;
    const [rows, columns] = values.shape;
    const width = kept.length + indicated.length;
    const data = emptyLike(values.data, rows * width); // [subjects, features]
    const mask = new Uint8Array(rows * width); // [subjects, features]
    for (let i = 0; i < rows; i++) {
      const from = i * columns;
      let to = i * width;
      for (const j of kept) {
        mask[to] = observed[from + j];
        data[to++] = observed[from + j] ? values.data[from + j] : fill[j];
      }
      indicated.forEach((j, at) => {
        mask[to] = present[i]; // whether a value is missing is known of everyone who has the modality
        const missing = present[i] ? 1 - observed[from + j] : usuallyMissing[at];
        data[to++] = missing;
      });
    }
    const features: Feature[] = [
      ...kept.map((j) => modality.features[j]),
      ...indicated.map(
        (j): Feature => ({
          name: `${names[j]} missing`,
          scale: 'nominal',
          levels: ['measured', 'missing'],
          source: sourceName(modality.features[j]),
        }),
      ),
    ];
    const { image, ...table } = modality; // of an image that lost or won columns, a table is left
    const whole = image && width === names.length && indicated.length === 0 ? { ...table, image } : table;
    return { ...block, modality: { ...whole, features }, values: { shape: [rows, width], data }, observed: mask };
  },
});

function mode(values: Float64Array): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || a - b)[0][0];
}

function middle(values: Float64Array, lower: boolean): number {
  const sorted = values.slice().sort();
  const half = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[half];
  return lower ? sorted[half - 1] : (sorted[half - 1] + sorted[half]) / 2;
}

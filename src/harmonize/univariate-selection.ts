import { fisherUpper } from '../array/distributions.ts';
import type { Block } from '../describe/cohort.ts';
import { InputError } from '../errors.ts';
import { checkFeatures, takeFeatures } from './features.ts';
import { harmonizer } from './harmonizer.ts';

export interface UnivariateSelectionOptions {
  /** How many features to keep. */
  readonly most?: number;
}

/**
 * Keeps the features that alone tell the classes apart best: smallest p of a one-way analysis of variance over measured
 * values (of two classes, the t test of equal variances). **Reads the labels**: only honest where it is fitted anew in every
 * fold that something is chosen or judged on, inner folds too, and therefore no step of a study's preparation, which is
 * fitted once for an outer fold and shared by its inner ones.
 *
 * @throws InputError without a target of classes.
 */
export const univariateSelection = harmonizer({
  kind: 'univariate-selection',
  version: 1,
  learn(block, { most = 100 }: UnivariateSelectionOptions, target) {
    const got = target?.kind ?? 'none';
    if (target?.kind !== 'classes') {
      throw new InputError({ where: 'univariateSelection', what: 'target', expected: 'one of classes', got });
    }
    const { features } = block.modality;
    const tests = features.map((_, j) => oneWayAnova(block, j, target.labels, target.classes.length));
    const kept = [...tests.keys()]
      .filter((j) => !Number.isNaN(tests[j].f))
      .sort((a, b) => tests[a].p - tests[b].p || tests[b].f - tests[a].f || a - b)
      .slice(0, most)
      .sort((a, b) => a - b);
    return { names: features.map(({ name }) => name), kept };
  },
  transform(block, { names, kept }): Block {
    checkFeatures(block, names, 'univariateSelection');
    return takeFeatures(block, kept);
  },
});

export interface OneWayAnova {
  /** NaN where it is not defined: one class, no subject to spare, or a constant feature. */
  readonly f: number;
  readonly p: number;
}

/** Do the classes differ in the mean of a feature? Over its measured values. */
export function oneWayAnova(block: Block, j: number, labels: Int32Array, classes: number): OneWayAnova {
  const columns = block.values.shape[1];
  const counts = new Float64Array(classes); // [classes]
  const means = new Float64Array(classes); // [classes]
  const rows = Int32Array.from(labels.keys()).filter((i) => block.observed[i * columns + j] === 1);
  for (const i of rows) {
    counts[labels[i]]++;
    means[labels[i]] += (block.values.data[i * columns + j] - means[labels[i]]) / counts[labels[i]];
  }
  let mean = 0;
  for (let c = 0; c < classes; c++) mean += (counts[c] / rows.length) * means[c];
  let within = 0;
  let between = 0;
  for (const i of rows) within += (block.values.data[i * columns + j] - means[labels[i]]) ** 2;
  for (let c = 0; c < classes; c++) between += counts[c] * (means[c] - mean) ** 2;
  const met = counts.filter((n) => n > 0).length;
  const [df1, df2] = [met - 1, rows.length - met];
  if (df1 < 1 || df2 < 1 || within + between <= 1e-20 * rows.length * mean * mean) return { f: Number.NaN, p: 1 };
  const f = between / df1 / (within / df2);
  return { f, p: within > 0 ? fisherUpper(f, df1, df2) : 0 };
}

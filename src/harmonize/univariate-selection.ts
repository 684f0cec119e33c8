import type { Block } from '../describe/cohort.ts';
import { InputError } from '../errors.ts';
import { checkFeatures, takeFeatures } from './features.ts';
import { harmonizer } from './harmonizer.ts';
import { univariateTests } from './univariate-tests.ts';

export interface UnivariateSelectionOptions {
  /** How many features to keep. */
  readonly most?: number;
}

/**
 * Keeps the features that alone tell the target best, by the smallest p of `univariateTests`. **Reads the target**: only
 * honest where it is fitted anew in every fold that something is chosen or judged on, inner folds too. Fusions do that (see
 * `fuse/cross-fit-anew.ts`).
 *
 * @throws InputError without a target
 */
export const univariateSelection = harmonizer({
  kind: 'univariate-selection',
  version: 1,
  learn(block, { most = 100 }: UnivariateSelectionOptions, target) {
    if (!target) {
      const expected = 'one of the subjects';
      throw new InputError({ where: 'univariateSelection', what: 'target', expected, got: 'none' });
    }
    const { features } = block.modality;
    const tests = univariateTests(block, target);
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

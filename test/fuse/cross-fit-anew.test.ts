import { describe, expect, it } from 'vitest';
import { early } from '../../src/fuse/early.ts';
import { trainExpert } from '../../src/fuse/modality-expert.ts';
import type { Step } from '../../src/harmonize/prepare.ts';
import { scoreClasses } from '../../src/score/score.ts';
import { stratifiedFolds } from '../../src/split/folds.ts';
import { checkFusion } from '../contract/check-fusion.ts';
import { world } from '../contract/cohorts.ts';

const steps: readonly Step[] = [
  { kind: 'impute' },
  { kind: 'standardize' },
  { kind: 'univariate-selection', options: { most: 10 } },
];

describe('a preparation that reads the target', () => {
  it('lets nothing of validation subjects into out-of-fold opinions: noise stays noise', async () => {
    const aurocs: number[] = [];
    for (const seed of [1, 2, 3, 4, 5]) {
      const { x, target } = world({ subjects: 60, features: [600], clinical: false, absent: 0, signal: 0, seed });
      const inner = stratifiedFolds(target.labels, { folds: 5, seed });
      const { outOfFold } = await trainExpert(x, target, 'assay1', { prepare: { assay1: steps } }, { seed, inner });
      aurocs.push(scoreClasses(outOfFold, target.labels).auroc as number);
    }
    // Selecting once on all 60 subjects would give more than .9 here.
    const mean = aurocs.reduce((a, b) => a + b) / aurocs.length;
    expect(mean).toBeGreaterThan(0.3);
    expect(mean).toBeLessThan(0.62);
  });

  it('finds what there is', async () => {
    const { x, target } = world({ subjects: 80, features: [300], clinical: false, absent: 0, signal: 1.5 });
    const inner = stratifiedFolds(target.labels, { folds: 5, seed: 1 });
    const { outOfFold } = await trainExpert(x, target, 'assay1', { prepare: { assay1: steps } }, { seed: 1, inner });
    expect(scoreClasses(outOfFold, target.labels).auroc).toBeGreaterThan(0.9);
  });
});

for (const kind of ['classes', 'survival', 'value'] as const) {
  checkFusion(`early on selected features, ${kind}`, () => early({ prepare: { assay1: steps } }), {
    kind,
    features: [40, 12],
  });
}

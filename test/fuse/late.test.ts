import { describe, expect, it } from 'vitest';
import { type Cohort, withOnly } from '../../src/describe/cohort.ts';
import { late } from '../../src/fuse/late.ts';
import type { Fusion } from '../../src/fuse/prediction.ts';
import { opinionIn } from '../../src/fuse/prediction.ts';
import { single } from '../../src/fuse/single.ts';
import { scoreClasses } from '../../src/score/score.ts';
import { stratifiedFolds } from '../../src/split/folds.ts';
import { type World, world } from '../contract/cohorts.ts';

const fitOn = ({ x, target }: World, fusion: Fusion) =>
  fusion.fit(x, target, { seed: 0, inner: stratifiedFolds(target.labels, { folds: 5, seed: 0 }) });

describe('late fusion', () => {
  it('of one modality is that modality alone', async () => {
    const data = world();
    const alone = await (await fitOn(data, single({ modality: 'assay2' }))).apply(data.x);
    for (const combine of ['mean', 'weighted'] as const) {
      const one = await (await fitOn(data, late({ combine, modalities: ['assay2'] }))).apply(data.x);
      expect([...opinionIn(one).data]).toEqual([...opinionIn(alone).data]);
    }
  });

  it('averages the probabilities of the experts that are there', async () => {
    const data = world({ absent: 0 });
    const experts = await Promise.all(['assay1', 'assay2'].map((modality) => fitOn(data, single({ modality }))));
    const fused = await fitOn(data, late({ modalities: ['assay1', 'assay2'] }));
    const [a, b] = await Promise.all(experts.map((expert) => expert.apply(data.x)));
    const both = await fused.apply(data.x);
    const onlyFirst = await fused.apply(withOnly(data.x, ['assay1']));
    opinionIn(both).data.forEach((p, at) => {
      expect(p).toBeCloseTo((opinionIn(a).data[at] + opinionIn(b).data[at]) / 2, 12);
      expect(opinionIn(onlyFirst).data[at]).toBeCloseTo(opinionIn(a).data[at], 12);
    });
  });

  it('gives weight to the modality that explains more out of fold', async () => {
    const strong = world({ features: [12, 12], clinical: false, subjects: 120, signal: 1.2 });
    const noise = world({ features: [12, 12], clinical: false, subjects: 120, signal: 0, seed: 5 });
    const x: Cohort = {
      subjects: strong.x.subjects,
      blocks: [
        strong.x.blocks[0],
        { ...noise.x.blocks[1], modality: { ...noise.x.blocks[1].modality, name: 'noise' } },
      ],
    };
    const fitted = await fitOn({ x, target: strong.target }, late({ combine: 'weighted' }));
    const { 'weight of assay1': strongest, 'weight of noise': weakest } = fitted.notes.figures;
    expect(strongest).toBeGreaterThan(0.8);
    expect(strongest + weakest).toBeCloseTo(1, 12);
  });

  it('works where a modality is absent from every test subject', async () => {
    const data = world({ subjects: 90 });
    for (const combine of ['mean', 'weighted', 'stacked'] as const) {
      const fitted = await fitOn(data, late({ combine }));
      const said = await fitted.apply(withOnly(data.x, ['assay2', 'clinical']));
      const { fromPrior } = said;
      expect(scoreClasses(opinionIn(said), data.target.labels).auroc).toBeGreaterThan(0.7);
      expect(fromPrior.filter((yes) => yes).length).toBeLessThan(10);
    }
  });

  it('works where nobody in training has one of the modalities, and says so', async () => {
    const data = world();
    const x = withOnly(data.x, ['assay1', 'clinical']);
    for (const combine of ['mean', 'weighted', 'stacked'] as const) {
      const fitted = await fitOn({ ...data, x }, late({ combine }));
      expect(fitted.notes.remarks.join('; ')).toContain('assay2: no training subject has it');
      const said = await fitted.apply(data.x); // assay2 is there at test: nothing was learned of it
      expect([...opinionIn(said).data]).toEqual([...opinionIn(await fitted.apply(x)).data]);
    }
  });

  it('refuses a combiner it does not know', () => {
    expect(() => late({ combine: 'median' as never })).toThrow(
      'late: combine: unknown combiner, expected one of mean, weighted, convex, stacked, product, vote, weighted-vote, evidential, got median',
    );
  });

  it('refuses a modality the cohort lacks', async () => {
    const data = world();
    await expect(fitOn(data, late({ modalities: ['assay1', 'mri'] }))).rejects.toThrow(
      'cohort: unknown modality "mri", expected one of assay1, assay2, clinical',
    );
  });
});

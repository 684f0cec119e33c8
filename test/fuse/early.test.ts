import { describe, expect, it } from 'vitest';
import { withOnly } from '../../src/describe/cohort.ts';
import { early } from '../../src/fuse/early.ts';
import { opinionIn } from '../../src/fuse/prediction.ts';
import { stratifiedFolds } from '../../src/split/folds.ts';
import { type World, world } from '../contract/cohorts.ts';

const fitOn = ({ x, target }: World) =>
  early().fit(x, target, { seed: 0, inner: stratifiedFolds(target.labels, { folds: 5, seed: 0 }) });

describe('early fusion', () => {
  it('says which share of its inputs it filled in', async () => {
    const data = world({ features: [5, 15], absent: 0, clinical: false });
    const fitted = await fitOn(data);
    expect([...(await fitted.apply(data.x)).filled]).toEqual(new Array(60).fill(0));
    for (const share of (await fitted.apply(withOnly(data.x, ['assay1']))).filled)
      expect(share).toBeCloseTo(15 / 20, 12);
  });

  it('notes for how many training subjects each modality was filled in', async () => {
    const data = world();
    const lacking = data.x.blocks[0].present.filter((there) => !there).length;
    expect((await fitOn(data)).notes.figures['training subjects with assay1 filled in']).toBe(lacking);
  });

  it('fills a missing modality with what is usual in training, whatever was masked', async () => {
    const data = world({ absent: 0 });
    const fitted = await fitOn(data);
    const masked = withOnly(data.x, ['assay2', 'clinical']);
    const garbage = {
      ...masked,
      blocks: masked.blocks.map((block, b) => (b === 0 ? { ...block, values: data.x.blocks[0].values } : block)),
    };
    expect([...opinionIn(await fitted.apply(garbage)).data]).toEqual([...opinionIn(await fitted.apply(masked)).data]);
  });
});

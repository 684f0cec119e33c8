import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareStudy } from '../../src/study/compare-study.node.ts';
import { fitStudy } from '../../src/study/fit-study.node.ts';
import { loadStudy } from '../../src/study/load.node.ts';
import { readModel, writeModel } from '../../src/study/model-file.ts';
import { predictStudy } from '../../src/study/predict-study.node.ts';
import { openFusion } from '../../src/study/registry.ts';
import { folderWith, smallFiles, study } from './small-study.ts';

const small = '{ epochs: 3, members: 1, width: 8, heads: 2 }';
const fileOf = (strategy: string) =>
  join(
    folderWith(smallFiles({ 'study.yaml': study({ more: `strategies: ['late:mean', ${strategy}]\n` }) })),
    'study.yaml',
  );

describe('a blend in a study', () => {
  it('is compared, and tells the weights of its members over folds', async () => {
    const file = fileOf(`{ kind: blend, intermediate: ${small} }`);
    const { comparison } = await compareStudy(file, { seed: 1, jobs: 1 });
    const found = comparison.strategies.find(({ name }) => name === 'blend:convex');
    expect(found?.role).toBe('fusion');
    for (const name of ['early', 'late', 'intermediate']) {
      expect(found?.notes.join('\n')).toMatch(new RegExp(`^weight of ${name}: `, 'm'));
    }
    expect(found?.metrics.auroc?.value).toBeGreaterThan(0.7);
  });

  it('is fitted, written, opened, and predicts and explains as before it was saved', async () => {
    const file = fileOf(`{ kind: blend, combine: stacked, intermediate: ${small} }`);
    const { model } = await fitStudy(file, { strategy: 'blend:stacked', seed: 3 });
    const opened = await readModel(await writeModel(model), 'blend.model');
    expect(opened.saved.kind).toBe('blend');
    const { cohort } = await loadStudy(file);
    const said = await openFusion(model.saved).apply(cohort, { explain: true });
    const { prediction } = await predictStudy(
      opened,
      ['rna.csv', 'clinical.csv'].map((name) => join(dirname(file), name)),
      { explain: true },
    );
    expect(prediction).toEqual(said);
    expect(prediction.contributions?.some((one) => one !== 0)).toBe(true);
  });
});

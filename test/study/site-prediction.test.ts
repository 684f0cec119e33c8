import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { opinionIn } from '../../src/fuse/prediction.ts';
import { fitStudy } from '../../src/study/fit-study.node.ts';
import { readModel, writeModel } from '../../src/study/model-file.ts';
import { predictStudy } from '../../src/study/predict-study.node.ts';
import { folderWith, smallFiles, study, subjects, table, write } from './small-study.ts';

const site = (i: number) => ['north', 'south'][(i >> 1) % 2];
const files = (prepare: string) =>
  smallFiles({
    'labels.csv': table('id,ill,site', (_, i) => `${i % 2},${site(i)}`),
    'study.yaml': study({
      target: '{ file: labels.csv, column: ill }',
      modalities: `  rna: { file: rna.csv, prepare: ${prepare} }`,
      more: 'site: site',
    }),
  });
const combat = '[{ kind: combat, options: { unseen: own } }, standardize]';

async function fitted(prepare: string) {
  const folder = folderWith(files(prepare));
  const { model } = await fitStudy(join(folder, 'study.yaml'), { strategy: 'single:rna', seed: 3 });
  return { folder, model: await readModel(await writeModel(model), 'a.model') };
}

describe('a model with a step that adjusts for sites', () => {
  it('knows where sites were told, and predicts subjects of the study as in it', async () => {
    const { folder, model } = await fitted(combat);
    expect(model.description.site).toEqual({ column: 'site', table: { files: ['labels.csv'] } });
    const { prediction } = await predictStudy(model, [folder]);
    write(folder, { 'where.csv': table('id,site', (_, i) => site(i)) });
    const again = await predictStudy(model, [`rna=${join(folder, 'rna.csv')}`, `site=${join(folder, 'where.csv')}`]);
    expect(opinionIn(again.prediction).data).toEqual(opinionIn(prediction).data);
    write(folder, { 'where.csv': table('id,site', (_, i) => site(i + 2)) });
    const other = await predictStudy(model, [`rna=${join(folder, 'rna.csv')}`, `site=${join(folder, 'where.csv')}`]);
    expect(opinionIn(other.prediction).data).not.toEqual(opinionIn(prediction).data);
  });

  it('refuses subjects of whom no site is told', async () => {
    const { folder, model } = await fitted(combat);
    const rna = `rna=${join(folder, 'rna.csv')}`;
    await expect(predictStudy(model, [rna])).rejects.toThrow(
      'combat: rna: the step adjusts for sites, and no site of the subjects is told, expected a site for every subject: the key "site" of a study, site=FILE where a model predicts, or the sites of cohort()',
    );
    write(folder, { 'where.csv': table('id,site', (_, i) => site(i), subjects.slice(1)) });
    await expect(predictStudy(model, [rna, `site=${join(folder, 'where.csv')}`])).rejects.toThrow(
      'where.csv: column "site": subject "s01" has no site, expected a site for every subject, got no row',
    );
  });

  it('refuses a site that was not in training, where the study did not say what to do', async () => {
    const { folder, model } = await fitted('[combat, standardize]');
    write(folder, { 'where.csv': table('id,site', (_, i) => (i < 9 ? 'west' : site(i))) });
    await expect(
      predictStudy(model, [`rna=${join(folder, 'rna.csv')}`, `site=${join(folder, 'where.csv')}`]),
    ).rejects.toThrow(
      'comBat: rna: site "west" was not in training, expected one of north, south, or the option unseen: pass-through, pooled or own',
    );
  });
});

it('a model without such a step asks for no site, though its study tells them', async () => {
  const { folder, model } = await fitted('[impute, standardize]');
  expect('site' in model.description).toBe(false);
  const { prediction } = await predictStudy(model, [`rna=${join(folder, 'rna.csv')}`]);
  expect(prediction.subjects).toHaveLength(40);
});

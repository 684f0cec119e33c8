import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareStudy } from '../../src/study/compare-study.node.ts';
import { loadStudy } from '../../src/study/load.node.ts';
import { siteSteps } from '../../src/study/site.ts';
import { type Files, folderWith, smallFiles, study, subjects, table } from './small-study.ts';

const loaded = (files: Files) => loadStudy(join(folderWith(smallFiles(files)), 'study.yaml'));

const within = '[impute, { kind: standardize, options: { within: site } }]';
const combat = '[{ kind: combat, options: { unseen: own } }, standardize]';

/** The small study at two sites, of which `ill` says how many of the 20 subjects of the second are ill. */
function atTwoSites({
  prepare = within,
  ill = 10,
  more = '',
  target = '{ file: labels.csv, column: ill }',
} = {}): Files {
  const sick = (i: number) => (i < 20 ? i < 20 - ill : i - 20 < ill);
  return {
    'labels.csv': table('id,ill,site', (_, i) => `${sick(i) ? 1 : 0},${i < 20 ? 'north' : 'south'}`),
    'study.yaml': study({
      target,
      modalities: `  rna: { file: rna.csv, prepare: ${prepare} }`,
      more: `site: site\n${more}`,
    }),
  };
}

describe('the sites of a study', () => {
  it('are those of a column of the target file, told to every block', async () => {
    const { sites, cohort } = await loaded(atTwoSites());
    expect(sites?.slice(19, 21)).toEqual(['north', 'south']);
    expect(cohort.blocks.map((block) => block.sites)).toEqual([sites]);
  });

  it('or those of a file of their own, by the ids', async () => {
    const turned = [...subjects].reverse();
    const { sites } = await loaded({
      'scanners.tsv': table('id,scanner', (id) => `x${Number(id.slice(1)) % 3}`, turned).replaceAll(',', '\t'),
      'study.yaml': study({ more: 'site: { file: scanners.tsv, column: scanner }' }),
    });
    expect(sites?.slice(0, 3)).toEqual(['x1', 'x2', 'x0']);
  });

  it('are no measurement where they stand in the file of one', async () => {
    const { cohort } = await loaded({
      'rna.csv': table('id,site,g1', (_, i) => `${i % 2 ? 'a' : 'b'},${i * 0.37}`),
      'study.yaml': study({ more: 'site: { file: rna.csv, column: site }' }),
    });
    expect(cohort.blocks[0].modality.features.map(({ name }) => name)).toEqual(['g1']);
  });

  it('change nothing by themselves', async () => {
    const { sites: _, ...plain } = (await loaded({})) as { sites?: unknown; cohort: { blocks: readonly object[] } };
    const told = await loaded({
      'scanners.csv': table('id,scanner', (_, i) => `x${i % 2}`),
      'study.yaml': study({ more: 'site: { file: scanners.csv, column: scanner }' }),
    });
    const blocks = told.cohort.blocks.map(({ sites: _, ...block }) => block);
    expect(blocks).toEqual(plain.cohort.blocks);
    expect(told.warnings).toEqual([]);
  });
});

describe('siteSteps', () => {
  it('are combat and standardize within site, and no other', () => {
    const prepare = (steps: unknown) => ({ modalities: { rna: { file: 'rna.csv', prepare: steps } } }) as never;
    expect(siteSteps(prepare(['standardize', { kind: 'standardize', options: {} }, 'rank-map']))).toEqual([]);
    expect(siteSteps(prepare(['combat', { kind: 'standardize', options: { within: 'site' } }]))).toEqual([
      { modality: 'rna', step: 'combat' },
      { modality: 'rna', step: 'standardize within site' },
    ]);
    expect(siteSteps({ modalities: { rna: 'rna.csv' } })).toEqual([]);
  });
});

describe('a step that adjusts for sites', () => {
  it.each([
    [within, 'standardize within site'],
    [combat, 'combat'],
  ])('is warned of where the sites go with the target: %s', async (prepare, step) => {
    const { warnings } = await loaded(atTwoSites({ prepare, ill: 16 }));
    expect(warnings).toEqual([
      {
        code: 'site-step-confounded',
        message: `rna: ${step} adjusts for sites that differ in ill (Cramér's V .60, p < .001): sites differ in their mix of classes, so that bringing them to one centre takes class signal out and shifts classes against each other; look at the same study without the step, and under subsample: balanced`,
      },
    ]);
  });

  it('is not warned of where they do not, or where no step asks for sites', async () => {
    expect((await loaded(atTwoSites({ ill: 10 }))).warnings).toEqual([]);
    expect((await loaded(atTwoSites({ ill: 16, prepare: '[impute, standardize]' }))).warnings).toEqual([]);
  });

  it('is not warned of on a balanced part of the same subjects', async () => {
    const { warnings } = await loaded(atTwoSites({ ill: 16, more: 'subsample: balanced' }));
    expect(warnings.map(({ code }) => code)).toEqual(['subsampled']);
  });

  it('runs through a comparison, and its warning stands in the results', async () => {
    const folder = folderWith(smallFiles(atTwoSites({ ill: 14, prepare: combat })));
    const { comparison } = await compareStudy(join(folder, 'study.yaml'), { jobs: 1 });
    expect(comparison.warnings.map(({ code }) => code)).toContain('site-step-confounded');
    expect(comparison.strategies[0].metrics.auroc?.value).toBeGreaterThan(0);
  });

  it('is told the sites in a worker, too', async () => {
    const folder = folderWith(smallFiles(atTwoSites({ prepare: combat })));
    const told = async (jobs: number) => (await compareStudy(join(folder, 'study.yaml'), { jobs })).predictions;
    expect(await told(2)).toEqual(await told(1));
  });
});

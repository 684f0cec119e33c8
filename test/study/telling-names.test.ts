import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareStudy } from '../../src/study/compare-study.node.ts';
import { fitStudy } from '../../src/study/fit-study.node.ts';
import { inspectStudy } from '../../src/study/inspect-study.node.ts';
import { loadStudy } from '../../src/study/load.node.ts';
import { tellingNames } from '../../src/study/telling-names.ts';
import { folderWith, smallFiles, study, table } from './small-study.ts';

const told = (list: readonly { readonly code: string; readonly message: string }[]) =>
  list.filter(({ code }) => code === 'telling-name').map(({ message }) => message);

describe('inputs that by their names were known after the outcome', () => {
  it('are warned of alike by a comparison, a fit and an inspection', async () => {
    const clinical = table(
      'id,age,survival_months_pfi,censorship_pfi',
      (_, i) => `${50 + (i % 7)},${i * 1.5},${i % 2 && i > 3 ? 1 : 0}`,
    );
    const folder = folderWith(
      smallFiles({ 'clinical.csv': clinical, 'study.yaml': study({ more: "strategies: ['single']" }) }),
    );
    const path = join(folder, 'study.yaml');
    const expected = [
      'clinical: survival_months_pfi is by its name told by the follow-up, as the outcome is; exclude it unless it was known before the outcome',
      'clinical: censorship_pfi is by its name told by the follow-up, as the outcome is; exclude it unless it was known before the outcome',
    ];
    const { comparison } = await compareStudy(path, { jobs: 1 });
    expect(told(comparison.warnings)).toEqual(expected);
    expect(told((await fitStudy(path, { strategy: 'single:rna' })).warnings)).toEqual(expected);
    expect(told((await inspectStudy(path)).warnings)).toEqual(expected);
  });

  it('are not looked for among the columns of an assay, but for one that names a site', async () => {
    const names = ['dead1', 'os', 'study', ...Array.from({ length: 20 }, (_, g) => `g${g}`)];
    const wide = table(`id,${names.join()}`, (_, i) => names.map((_, j) => (j === 2 ? i % 3 : i * j + 0.5)).join());
    const { cohort } = await loadStudy(join(folderWith(smallFiles({ 'rna.csv': wide })), 'study.yaml'));
    expect(told(tellingNames(cohort))).toEqual([
      'rna: study is by its name where or when it was measured: of use under "site" or "groups", not as an input; exclude it',
    ]);
  });
});

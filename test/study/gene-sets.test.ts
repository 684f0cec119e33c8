import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { planFolds } from '../../src/evaluate/protocol.ts';
import { compareStudy } from '../../src/study/compare-study.node.ts';
import { fitStudy } from '../../src/study/fit-study.node.ts';
import { foldKeys } from '../../src/study/fold-key.node.ts';
import { loadStudy } from '../../src/study/load.node.ts';
import { readModel, writeModel } from '../../src/study/model-file.ts';
import { predictStudy } from '../../src/study/predict-study.node.ts';
import { openFusion } from '../../src/study/registry.ts';
import { type Files, folderWith, smallFiles, study, subjects, table } from './small-study.ts';

const genes = ['TP53', 'MYC', 'EGFR', 'KRAS', 'BRAF', 'VEGFA'];
const rna = table(`id,${genes.join()}`, (_, i) =>
  genes.map((_, g) => (Math.sin(i * 7 + g * 3) + (g === 1 ? i % 2 : 0)).toFixed(3)).join(),
);
const sets = 'CYCLE\tna\tTP53\tMYC\tCDK1\nGROWTH\tna\tEGFR\tKRAS\tMYC\n';
const files = (entry: string, more: Files = {}): Files =>
  smallFiles({
    'rna.csv': rna,
    'sets.gmt': sets,
    'study.yaml': study({
      modalities: `  rna: { file: rna.csv, geneSets: ${entry} }\n  clinical: clinical.csv`,
      more: 'strategies: [{ kind: intermediate, name: pathways, epochs: 3, members: 1, width: 8, heads: 2 }]\n',
    }),
    ...more,
  });
const loaded = (entry: string, more: Files = {}) => loadStudy(join(folderWith(files(entry, more)), 'study.yaml'));
const small = '{ file: sets.gmt, least: 2 }';

describe('gene sets of a study', () => {
  it('become groups of the columns that are measured, with what is not told', async () => {
    const { cohort, warnings } = await loaded(small);
    expect(cohort.blocks[0].modality.groups).toEqual([
      { name: 'CYCLE', features: ['TP53', 'MYC'] },
      { name: 'GROWTH', features: ['EGFR', 'KRAS', 'MYC'] },
    ]);
    expect(cohort.blocks[1].modality.groups).toBeUndefined();
    expect(warnings).toEqual([
      {
        code: 'gene-set-coverage',
        message: 'sets.gmt: 4 of the 5 genes of its sets are columns of rna (80 %); others, such as CDK1, are not',
      },
    ]);
  });

  it('may be just a file, of which sets of 5 to 500 columns are used', async () => {
    const wide = `WIDE\tna\t${genes.slice(0, 5).join('\t')}\n${sets}`;
    const { cohort, warnings } = await loaded('sets.gmt', { 'sets.gmt': wide });
    expect(cohort.blocks[0].modality.groups?.map(({ name }) => name)).toEqual(['WIDE']);
    expect(warnings.at(-1)).toEqual({
      code: 'gene-sets-left-out',
      message: 'sets.gmt: 2 of 3 sets left out, with fewer than 5 or more than 500 columns of rna: CYCLE, GROWTH',
    });
  });

  it('may be gzipped', async () => {
    const { cohort } = await loaded('{ file: sets.gmt.gz, least: 2 }', { 'sets.gmt.gz': gzipSync(sets) });
    expect(cohort.blocks[0].modality.groups).toHaveLength(2);
  });

  it('count columns that are not left out only', async () => {
    const yaml = study({
      modalities: `  rna: { file: rna.csv, exclude: [MYC], geneSets: ${small} }\n  clinical: clinical.csv`,
    });
    const { cohort } = await loaded(small, { 'study.yaml': yaml });
    expect(cohort.blocks[0].modality.groups).toEqual([{ name: 'GROWTH', features: ['EGFR', 'KRAS'] }]);
  });

  it('are refused where none of their genes is a column, with names of both sides', async () => {
    await expect(loaded(small, { 'sets.gmt': 'A\tna\tENSG1\tENSG2\nB\tna\tENSG3\tENSG4\n' })).rejects.toThrow(
      'study.yaml: modalities.rna.geneSets: no gene of the 2 sets in sets.gmt is a column of rna, expected names such as TP53, MYC, EGFR, ..., got ENSG1, ENSG2, ENSG3, ...',
    );
  });

  it('are never matched in another case, but it is told', async () => {
    await expect(loaded(small, { 'sets.gmt': 'A\tna\tTp53\tMyc\tCdk1\n' })).rejects.toThrow(
      'no gene of the 1 set in sets.gmt is a column of rna, expected names such as TP53, MYC, EGFR, ..., got Tp53, Myc, Cdk1 (2 differ from a column in case only, such as Tp53 and TP53)',
    );
    const { warnings } = await loaded(small, { 'sets.gmt': 'A\tna\tTP53\tMYC\tEgfr\n' });
    expect(warnings[0].message).toBe(
      'sets.gmt: 2 of the 3 genes of its sets are columns of rna (66 %); others, such as Egfr, are not (1 differs from a column in case only, such as Egfr and EGFR)',
    );
  });

  it('are refused where none is of a size that can be used', async () => {
    await expect(loaded('sets.gmt')).rejects.toThrow(
      'study.yaml: modalities.rna.geneSets: no set in sets.gmt has 5 to 500 genes that are columns of rna, expected other bounds (least, most), or sets of such a size, got 2 of 2 to 3',
    );
    await expect(loaded('{ file: sets.gmt, least: 9, most: 8 }')).rejects.toThrow(
      'study.yaml: modalities.rna.geneSets.least: more than most, expected at most 8, got 9',
    );
  });

  it('are refused by file and line where the file is broken, and named where it is not there', async () => {
    const path = join(folderWith(files(small, { 'sets.gmt': 'A\tna\n' })), 'study.yaml');
    await expect(compareStudy(path)).rejects.toThrow(/^sets\.gmt: line 1: not a gene set/);
    await expect(loaded('set.gmt')).rejects.toThrow(
      /^study\.yaml: modalities\.rna\.geneSets: no such file, expected a file that is there, such as sets\.gmt/,
    );
  });
});

describe('a model of gene sets', () => {
  it('says of the same subjects what it said before it was saved', async () => {
    const folder = folderWith(files(small));
    const { model } = await fitStudy(join(folder, 'study.yaml'), { strategy: 'intermediate:pathways', seed: 3 });
    const opened = await readModel(await writeModel(model), 'model');
    const [saved] = (opened.saved.state as unknown as { ensemble: { state: { encoders: { groups: object }[] } } })
      .ensemble.state.encoders;
    expect(saved).toMatchObject({
      kind: 'grouped',
      groups: [
        { name: 'CYCLE', columns: [0, 1] },
        { name: 'GROWTH', columns: [1, 2, 3] },
      ],
    });
    expect(opened.description.modalities[0].modality.groups).toHaveLength(2);
    const { cohort } = await loadStudy(join(folder, 'study.yaml'));
    const said = await (await openFusion(model.saved)).apply(cohort);
    const predicted = await predictStudy(opened, [join(folder, 'rna.csv'), join(folder, 'clinical.csv')]);
    expect(predicted.prediction).toEqual(said);
  });

  it('with groups that are not what a model has there is refused', async () => {
    const { model } = await fitStudy(join(folderWith(files(small)), 'study.yaml'), {
      strategy: 'intermediate:pathways',
    });
    const [first, ...rest] = model.description.modalities;
    const groups = [{ name: 'CYCLE', features: 'TP53' }] as unknown as [];
    const modalities = [{ ...first, modality: { ...first.modality, groups } }, ...rest];
    const bytes = await writeModel({ ...model, description: { ...model.description, modalities } });
    await expect(readModel(bytes, 'm')).rejects.toThrow(
      'm: model.json: modalities.0.modality.groups.0.features: not what a model has there, expected a list, got "TP53"',
    );
  });
});

describe('the folds of a study with gene sets', () => {
  it('depend on the sets, and on nothing else in their file', async () => {
    const keysOf = async (text: string) => {
      const { cohort, target } = await loaded(small, { 'sets.gmt': text });
      const folds = planFolds(target, { kind: 'cross-validation', folds: 3, repeats: 1 }, { seed: 0, inner: 3 });
      return foldKeys({ cohort, target, strategies: [], grid: [] }, folds, 'code');
    };
    const keys = await keysOf(sets);
    expect(await keysOf(sets.replace('\tna\t', '\telsewhere\t'))).toEqual(keys);
    for (const key of await keysOf(sets.replace('TP53', 'BRAF'))) expect(keys).not.toContain(key);
  });
});

it('a comparison says the same in one thread and in workers, which are sent the groups', async () => {
  const yaml = study({
    modalities: `  rna: { file: rna.csv, geneSets: ${small} }\n  clinical: clinical.csv`,
    protocol: '{ folds: 2, repeats: 1, inner: 2 }',
    more: 'strategies: [{ kind: intermediate, epochs: 2, members: 1, width: 8, heads: 2 }]\n',
  });
  const path = join(folderWith(files(small, { 'study.yaml': yaml })), 'study.yaml');
  const told = async (jobs: number) => (await compareStudy(path, { jobs })).predictions;
  expect(await told(2)).toEqual(await told(1));
});

it('subjects without a single measured gene are no obstacle', async () => {
  const some = table('id,TP53,MYC,EGFR', (_, i) => `${i}.5,${i % 3}.25,${(i * 7) % 5}`, subjects.slice(4));
  const { cohort } = await loaded(small, { 'rna.csv': some });
  expect(cohort.blocks[0].present.subarray(0, 5)).toEqual(Uint8Array.of(0, 0, 0, 0, 1));
  expect(cohort.blocks[0].modality.groups).toEqual([
    { name: 'CYCLE', features: ['TP53', 'MYC'] },
    { name: 'GROWTH', features: ['EGFR', 'MYC'] },
  ]);
});

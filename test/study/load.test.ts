import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { asClasses } from '../../src/describe/target.ts';
import { loadStudy } from '../../src/study/load.node.ts';
import { type Files, folderWith, smallFiles, study, subjects, table } from './small-study.ts';

const loaded = (files: Files = {}, environment?: Record<string, string>) =>
  loadStudy(join(folderWith(smallFiles(files)), 'study.yaml'), environment);

const messages = ({ warnings }: Awaited<ReturnType<typeof loaded>>) => warnings.map(({ message }) => message);

describe('a loaded study', () => {
  it('has the labelled subjects, sorted by id, and their modalities', async () => {
    const { cohort, target, name, warnings } = await loaded();
    expect(name).toBe('study');
    expect(cohort.subjects).toEqual(subjects);
    expect(cohort.blocks.map(({ modality, values }) => [modality.name, ...values.shape])).toEqual([
      ['rna', 40, 3],
      ['clinical', 40, 3],
    ]);
    expect(target).toMatchObject({ kind: 'classes', name: 'ill', classes: ['0', '1'] });
    expect([...asClasses(target).labels].slice(0, 4)).toEqual([0, 1, 0, 1]);
    expect(warnings).toEqual([]);
  });

  it('is the same whatever the order of the rows', async () => {
    const turned = Object.fromEntries(
      Object.entries(smallFiles()).map(([name, text]) => {
        if (!name.endsWith('.csv')) return [name, text];
        const [header, ...rows] = (text as string).trim().split('\n');
        return [name, `${[header, ...rows.reverse()].join('\n')}\n`];
      }),
    );
    const { cohort, target } = await loaded(turned);
    const straight = await loaded();
    expect(cohort).toEqual(straight.cohort);
    expect(target).toEqual(straight.target);
  });

  it('marks who lacks a modality: no row, or a row without a value', async () => {
    const some = subjects.slice(2);
    const { cohort, warnings } = await loaded({ 'rna.csv': table('id,g1', (_, i) => (i === 0 ? '' : '1.5'), some) });
    const [rna] = cohort.blocks;
    expect([...rna.present].slice(0, 5)).toEqual([0, 0, 0, 1, 1]);
    expect([...rna.values.data].slice(0, 4)).toEqual([0, 0, 0, 1.5]);
    expect(warnings).toEqual([]);
  });

  it('leaves out and tells who has no target, and tells who has nothing but one', async () => {
    const some = await loaded({
      'labels.csv': table('id,ill', (_, i) => (i === 0 ? 'NA' : `${i % 2}`), [...subjects, 'z1']),
      'rna.csv': table('id,g1', (_, i) => `${i}.5`, [...subjects, 'y1', 'y2']),
    });
    expect(some.cohort.subjects).toHaveLength(40);
    expect(some.cohort.subjects).not.toContain('s01');
    expect(messages(some)).toEqual([
      'labels.csv: column "ill": 1 of 41 subjects has no value and is left out',
      'rna.csv: 2 of 42 subjects are not in labels.csv, have no target and are left out',
      '1 subject has a target but no modality: predicted by what is usual in training',
    ]);
  });

  it('keeps whole numbers that 32 bits would round', async () => {
    const { cohort } = await loaded({ 'rna.csv': table('id,reads', (_, i) => `${2 ** 24 + 1 + i}`) });
    expect(cohort.blocks[0].values.data).toBeInstanceOf(Float64Array);
    expect(cohort.blocks[0].values.data[0]).toBe(2 ** 24 + 1);
    expect(cohort.blocks[1].values.data).toBeInstanceOf(Float32Array);
  });

  it('is named by itself before its file', async () => {
    expect((await loaded({ 'study.yaml': study({ more: 'name: ours' }) })).name).toBe('ours');
  });
});

describe('the target', () => {
  const classes = async (values: readonly string[], options = '') => {
    const { target } = await loaded({
      'labels.csv': table('id,ill', (_, i) => values[i % values.length]),
      'study.yaml': study({ target: `{ file: labels.csv${options} }` }),
    });
    return asClasses(target).classes;
  };

  it('has the class without the event first: by number, by what names usually mean, as stated', async () => {
    expect(await classes(['1', '0'])).toEqual(['0', '1']);
    expect(await classes(['alive', 'dead'])).toEqual(['alive', 'dead']);
    expect(await classes(['case', 'control'])).toEqual(['control', 'case']);
    expect(await classes(['case', 'control'], ', event: control')).toEqual(['case', 'control']);
    expect(await classes(['no', 'yes'], ', classes: [yes, no]')).toEqual(['yes', 'no']);
  });

  it('orders more than two classes by name, numbers by size', async () => {
    expect(await classes(['LumA', 'Basal', 'Her2'])).toEqual(['Basal', 'Her2', 'LumA']);
    expect(await classes(['10', '9', '2'])).toEqual(['2', '9', '10']);
  });

  it('is never measured, however its file is spelled', async () => {
    const all = table('id,ill,age', (_, i) => `${i % 2},${40.5 + i}`);
    for (const file of ['labels.csv', './labels.csv', '${HERE}/labels.csv']) {
      const files = smallFiles({
        'labels.csv': all,
        'study.yaml': study({ target: '{ file: labels.csv, column: ill }', modalities: `  all: '${file}'` }),
      });
      const folder = folderWith(files);
      const { cohort } = await loadStudy(join(folder, 'study.yaml'), { HERE: folder });
      expect(cohort.blocks[0].modality.features.map(({ name }) => name)).toEqual(['age']);
    }
  });
});

describe('groups', () => {
  const labels = { 'labels.csv': table('id,ill,site,age', (_, i) => `${i % 2},${i % 5},${40.5 + i}`) };

  it('come from a column of the target file, which is then not measured', async () => {
    const { groups, cohort } = await loaded({
      ...labels,
      'study.yaml': study({
        target: '{ file: labels.csv, column: ill }',
        modalities: '  all: labels.csv\n  rna: rna.csv',
        more: 'groups: site',
      }),
    });
    expect(groups?.slice(0, 6)).toEqual(['0', '1', '2', '3', '4', '0']);
    expect(cohort.blocks[0].modality.features.map(({ name }) => name)).toEqual(['age']);
  });

  it('or from a file of their own, in any order', async () => {
    const { groups } = await loaded({
      'sites.csv': table('id,site', (id) => `site-${id}`, [...subjects].reverse()),
      'study.yaml': study({ more: 'groups: { file: sites.csv, column: site }' }),
    });
    expect(groups).toEqual(subjects.map((id) => `site-${id}`));
  });
});

describe('splits', () => {
  const rows = (at: ArrayLike<number> | undefined) => Array.from(at ?? []);

  it('come from the training and test files of the target', async () => {
    const { splits } = await loaded({
      'a.csv': table('id,ill', (_, i) => `${i % 2}`, subjects.slice(10)),
      'b.csv': table('id,ill', (_, i) => `${i % 2}`, subjects.slice(0, 10)),
      'study.yaml': study({ target: '{ file: { train: a.csv, test: b.csv } }' }),
    });
    expect(rows(splits?.[0].test)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(rows(splits?.[0].train)).toHaveLength(30);
  });

  it('or from those of a modality', async () => {
    const { splits } = await loaded({
      'a.csv': table('id,g1', (_, i) => `${i}.5`, subjects.slice(0, 30)),
      'b.csv': table('id,g1', (_, i) => `${i}.5`, subjects.slice(30)),
      'study.yaml': study({ modalities: '  rna: { file: { train: a.csv, test: b.csv } }' }),
    });
    expect(splits?.map(({ train, test }) => [train.length, test.length])).toEqual([[30, 10]]);
  });

  it('or from a table of roles, one for each fold', async () => {
    const lines = [1, 2].flatMap((fold) =>
      subjects.map((id, i) => `${id},${fold},${i % 4 === fold ? 'test' : i % 4 === 3 ? 'val' : 'train'}`),
    );
    const { splits, warnings } = await loaded({
      'split.csv': `id,fold,role\n${lines.join('\n')}\n`,
      'study.yaml': study({ more: 'split: { file: split.csv, fold: fold }' }),
    });
    expect(splits?.map(({ test }) => rows(test).slice(0, 3))).toEqual([
      [1, 5, 9],
      [2, 6, 10],
    ]);
    expect(splits?.map(({ train }) => train.length)).toEqual([30, 30]);
    expect(warnings).toEqual([]);
  });

  it('tell who is in none of them, and leave roles out that the study spells around', async () => {
    const split = await loaded({
      'split.csv': table('id,role', (_, i) => (i < 20 ? 'fit' : i < 30 ? 'eval' : 'unused')),
      'study.yaml': study({ more: 'split: { file: split.csv, train: [fit], test: [eval] }' }),
    });
    expect(split.splits?.map(({ train, test }) => [train.length, test.length])).toEqual([[20, 10]]);
    expect(messages(split)).toEqual([
      'split.csv: 10 of 40 subjects are in no split and are neither trained on nor tested',
    ]);
  });

  it('are none where only training files are named', async () => {
    const { splits } = await loaded({ 'study.yaml': study({ target: '{ file: { train: labels.csv } }' }) });
    expect(splits).toBeUndefined();
  });
});

describe('files', () => {
  it('are found through variables of the environment handed over', async () => {
    const elsewhere = folderWith({ 'rna.csv.gz': gzipSync(table('id,g1', (_, i) => `${i}.25`)) });
    const { cohort } = await loaded(
      { 'study.yaml': study({ modalities: "  rna: '${COHORT}/rna.csv.gz'" }) },
      { COHORT: elsewhere },
    );
    expect(cohort.blocks[0].values.data[1]).toBe(1.25);
  });

  it('are read as the study says', async () => {
    const genes = ['TP53', 'KRAS'].map((gene) =>
      [gene, ...subjects.map((_, i) => (i === 0 ? '-9' : `${i},5`))].join(';'),
    );
    const { cohort, warnings } = await loaded({
      'rna.txt': `gene;${subjects.join(';')}\n${genes.join('\n')}\n`,
      'study.yaml': study({
        modalities: "  rna: { file: rna.txt, orientation: features-by-subjects, separator: ';', missing: ['-9'] }",
      }),
    });
    expect([...cohort.blocks[0].values.data].slice(0, 4)).toEqual([0, 0, 1.5, 1.5]);
    expect([...cohort.blocks[0].present].slice(0, 2)).toEqual([0, 1]);
    expect(warnings.map(({ code }) => code)).toEqual(['decimal-comma', 'subjects-without-modality']);
  });

  it('that are target and modality say what was noticed once', async () => {
    const { warnings } = await loaded({
      'labels.csv': table('id,ill,age', (_, i) => `${i % 2},${i === 3 ? '?' : 40.5 + i}`),
      'study.yaml': study({
        target: "{ file: labels.csv, column: ill, missing: ['?'] }",
        modalities: '  rna: rna.csv\n  all: labels.csv',
      }),
    });
    expect(warnings.map(({ message }) => message)).toEqual(['labels.csv: 1 cells "?" read as missing (age)']);
  });
});

describe('columns to exclude everywhere', () => {
  it('are left out of every modality that has them, by pattern too', async () => {
    const { cohort } = await loaded({ 'study.yaml': study({ more: 'exclude: [marker, g2*]' }) });
    expect(cohort.blocks.map(({ modality }) => modality.features.map(({ name }) => name))).toEqual([
      ['g1', 'g3'],
      ['age', 'sex'],
    ]);
  });
});

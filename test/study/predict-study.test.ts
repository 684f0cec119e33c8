import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { CancelledError, InputError } from '../../src/errors.ts';
import type { Prediction } from '../../src/fuse/prediction.ts';
import { predictionColumns } from '../../src/report/prediction-columns.ts';
import { fitStudy } from '../../src/study/fit-study.node.ts';
import { loadStudy } from '../../src/study/load.node.ts';
import type { ModelFile } from '../../src/study/model-file.ts';
import { predictStudy } from '../../src/study/predict-study.node.ts';
import { openFusion } from '../../src/study/registry.ts';
import { fittedModel } from './fitted-model.ts';
import { folderWith, smallFiles, study, subjects, table, write } from './small-study.ts';

async function refusal(model: ModelFile, data: readonly string[]): Promise<string> {
  const error: unknown = await predictStudy(model, data).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

const cells = (prediction: Prediction, name: string) =>
  predictionColumns(prediction).find((column) => column.name === name)?.values;

const survival = table('id,days,dead', (_, i) => `${100 + ((i * 37) % 90) - 40 * (i % 2)},${i % 3 === 0 ? 0 : 1}`);
const studies = {
  classes: smallFiles(),
  survival: smallFiles({
    'labels.csv': survival,
    'study.yaml': study({
      target: '{ file: labels.csv, kind: survival, time: days, status: dead, event: 1 }',
      protocol: '{ inner: 3 }',
    }),
  }),
  value: smallFiles({
    'labels.csv': table('id,level', (_, i) => (i + (i % 2) * 20 + 0.5).toFixed(2)),
    'study.yaml': study({
      target: '{ file: labels.csv, kind: value, column: level, unit: mg }',
      protocol: '{ inner: 3 }',
    }),
  }),
};

describe('predictStudy', () => {
  it.each([
    ['classes', 'late:mean'],
    ['classes', 'late:stacked'],
    ['classes', 'late:evidential'],
    ['classes', 'early:logistic'],
    ['classes', 'single:rna'],
    ['classes', 'single:best'],
    ['survival', 'late:mean'],
    ['survival', 'early:cox'],
    ['survival', 'single:best'],
    ['value', 'late:weighted'],
    ['value', 'early'],
    ['value', 'single:clinical'],
  ] as const)('says of the training subjects what the fitted model says of them: %s, %s', async (kind, strategy) => {
    const files = studies[kind];
    const model = await fittedModel(strategy, 7, files);
    const folder = folderWith(files);
    const { cohort } = await loadStudy(join(folder, 'study.yaml'));
    const explain = strategy.startsWith('single') ? {} : { explain: true };
    const own = await openFusion(model.saved).apply(cohort, explain);
    const { prediction } = await predictStudy(model, [folder], explain);
    expect(prediction).toEqual(own);
    expect(prediction.kind).toBe(kind);
    const columns = predictionColumns(prediction);
    expect(columns.every(({ values }) => values.length === subjects.length)).toBe(true);
    for (const { name, values } of columns) {
      if (typeof values[0] === 'number')
        expect([name, values.every((value) => Number.isFinite(value))]).toEqual([name, true]);
    }
  });

  it('needs no target, and takes one new subject as it takes many', async () => {
    const model = await fittedModel('late:mean');
    const { prediction: all } = await predictStudy(model, [folderWith(studies.classes)]);
    const folder = folderWith({
      'rna.csv': (studies.classes['rna.csv'] as string).split('\n').slice(0, 2).join('\n'),
      'clinical.csv': (studies.classes['clinical.csv'] as string).split('\n').slice(0, 2).join('\n'),
    });
    const { prediction } = await predictStudy(model, [folder]);
    expect(prediction.subjects).toEqual(['s01']);
    expect(cells(prediction, 'p:1')?.[0]).toBe(cells(all, 'p:1')?.[0]);
  });

  it('finds tables by name in a folder, by name as files, by another ending, and as modality=file', async () => {
    const model = await fittedModel('late:mean');
    const { 'rna.csv': rna, 'clinical.csv': clinical } = studies.classes as Record<string, string>;
    const folder = folderWith({
      'a/rna.csv': rna,
      'a/clinical.csv': clinical,
      'b/other.tsv': clinical.replaceAll(',', '\t'),
    });
    mkdirSync(join(folder, 'c'));
    const rows = rna
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const columnData = rows[0].map((name, j) => ({
      name,
      data: rows.slice(1).map((row) => (j === 0 ? row[0] : Number(row[j]))),
    }));
    write(folder, { 'c/rna.parquet': new Uint8Array(parquetWriteBuffer({ columnData })), 'c/clinical.csv': clinical });
    const expected = (await predictStudy(model, [join(folder, 'a')])).prediction;
    for (const data of [
      [join(folder, 'a', 'rna.csv'), join(folder, 'a', 'clinical.csv')],
      [join(folder, 'a', 'rna.csv'), `clinical=${join(folder, 'b', 'other.tsv')}`],
      [join(folder, 'c')],
    ]) {
      expect((await predictStudy(model, data)).prediction).toEqual(expected);
    }
  });

  it('reads tables as the study did: orientation, key, spellings of missing values, several files', async () => {
    const { 'rna.csv': rna } = studies.classes as Record<string, string>;
    const [header, ...rows] = rna
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const turned = header
      .map((name, j) => [j === 0 ? 'gene' : name, ...rows.map((row) => row[j])].join('\t'))
      .join('\n');
    const odd = (part: string[][]) =>
      ['z,id,g3', ...part.map(([id, z, , g3], i) => `${i === 2 ? -9 : z},${id},${g3}`)].join('\n');
    const files = smallFiles({
      'turned.tsv': turned,
      'a.csv': odd(rows.slice(0, 20)),
      'b.csv': odd(rows.slice(20)),
      'study.yaml': study({
        modalities: `  turned: { file: turned.tsv, orientation: features-by-subjects }
  parts: { file: { train: a.csv, test: b.csv }, key: id, missing: ['-9'] }`,
        protocol: '{ kind: cross-validation, folds: 3, inner: 3 }',
      }),
    });
    const model = await fittedModel('late:mean', 7, files);
    const folder = folderWith(files);
    const { cohort } = await loadStudy(join(folder, 'study.yaml'));
    const { prediction } = await predictStudy(model, [folder]);
    expect(prediction).toEqual(await openFusion(model.saved).apply(cohort));
    const { prediction: some } = await predictStudy(model, [join(folder, 'b.csv')]);
    expect(some.subjects).toEqual(subjects.slice(20));
  });

  it('says which modalities each prediction rests on', async () => {
    const model = await fittedModel('late:mean');
    const folder = folderWith({
      'rna.csv': 'id,g1,g2,g3\nx,0.1,0.2,0.3\ny,,,\n',
      'clinical.csv': 'id,age,sex,marker\nx,50,male,1\nz,60,female,2\nw,,,\n',
    });
    const { prediction, warnings } = await predictStudy(model, [folder]);
    expect(prediction.subjects).toEqual(['w', 'x', 'y', 'z']);
    expect(cells(prediction, 'present')).toEqual(['', 'rna+clinical', '', 'clinical']);
    expect(cells(prediction, 'basis')).toEqual(['prior', 'modalities', 'prior', 'modalities']);
    expect(warnings.map(({ message }) => message)).toEqual([
      '2 subjects have no modality of the model: predicted by what is usual in training',
    ]);
  });

  it.each(['late:mean', 'late:stacked', 'early:logistic'])(
    'does without a modality, and says so: %s',
    async (strategy) => {
      const folder = folderWith({ 'rna.csv': 'id,g1,g2,g3\nx,0.1,0.2,0.3\n' });
      const { prediction, warnings } = await predictStudy(await fittedModel(strategy), [folder], { explain: true });
      expect(cells(prediction, 'present')).toEqual(['rna']);
      expect(cells(prediction, 'contribution:clinical')).toEqual([0]);
      expect(warnings).toEqual([{ code: 'absent-modality', message: 'no table of clinical: nobody has it' }]);
    },
  );

  it('takes a level never met as none of those met', async () => {
    const folder = folderWith({ 'clinical.csv': 'id,age,sex,marker\nx,50,unknown to us,1\n' });
    const { warnings } = await predictStudy(await fittedModel('single:clinical'), [folder]);
    expect(warnings.map(({ code }) => code)).toEqual(['unknown-level']);
  });
});

describe('predictStudy refuses', () => {
  it('a folder without any table of the model, and files of which it does not show what they hold', async () => {
    const model = await fittedModel('late:mean');
    const folder = folderWith({ 'notes.txt': '', 'genes.csv': 'id,x\na,1\n' });
    expect(await refusal(model, [folder])).toBe(
      'predict: no table of any modality of the model, expected some of rna.csv (rna), clinical.csv (clinical), got genes.csv, notes.txt',
    );
    const file = join(folder, 'genes.csv');
    expect(await refusal(model, [file])).toBe(
      `${file}: which modality this file holds does not show from its name, expected MODALITY=FILE, or one of rna.csv (rna), clinical.csv (clinical)`,
    );
    expect(await refusal(model, [`rno=${file}`])).toBe(
      `rno=${file}: the model has no modality "rno", did you mean "rna"?, expected one of rna, clinical`,
    );
    const gone = join(folder, 'rna.csv');
    expect(await refusal(model, [gone])).toBe(
      `${gone}: no such file or folder, expected a folder, files, or MODALITY=FILE`,
    );
    expect(await refusal(model, [`rna=${gone}`])).toMatch(/^rna: no such file, expected a file that is there/);
  });

  it('two files that could be the same table', async () => {
    const csv = 'id,g1,g2,g3\nx,1,2,3\n';
    const folder = folderWith({ 'rna.tsv': csv, 'rna.csv.gz': csv });
    expect(await refusal(await fittedModel('single:rna'), [folder])).toMatch(
      /^rna\.csv: two files that could be it, expected one, got .*rna\.csv\.gz, .*rna\.tsv$/,
    );
  });

  it('tables in which nobody has a modality of the model', async () => {
    const folder = folderWith({ 'rna.csv': 'id,g1,g2,g3\nx,,,\n' });
    expect(await refusal(await fittedModel('single:rna'), [folder])).toBe(
      'predict: nobody has any modality of the model, expected values of rna, got 1 subject without one',
    );
  });

  it('a table without a column of the model, naming those like it', async () => {
    const folder = folderWith({ 'rna.csv': 'id,g1,g3,gene2\nx,1,2,3\n' });
    expect(await refusal(await fittedModel('single:rna'), [folder])).toBe(
      'rna.csv: 1 of the 3 columns of rna is missing, expected g2, got 3 columns, such as gene2',
    );
  });

  it('a number that no matrix of features holds, with its subject', async () => {
    const folder = folderWith({ 'rna.csv': 'id,g1,g2,g3\nx,1,2,3\ny,1,-1e308,3\n' });
    expect(await refusal(await fittedModel('single:rna'), [folder])).toBe(
      'rna.csv: subject "y", column "g2": beyond what can be held, expected a number between -3.4e+38 and 3.4e+38 (or, if it stands for a missing value, its spelling under "missing"), got -1e+308',
    );
  });

  it('a model that opens to nothing it knows', async () => {
    const model = await fittedModel('single:rna');
    const strange = { ...model, saved: { ...model.saved, kind: 'oracle' } };
    expect(await refusal(strange, ['.'])).toMatch(/^registry: unknown kind "oracle"/);
    const empty = { ...model, saved: { ...model.saved, state: { ...model.saved.state, expert: {} } } };
    expect(await refusal(empty, ['.'])).toMatch(
      /^model: cannot be opened: .*expected a model that `consilience fit` wrote$/,
    );
  });
});

it('a study reads Parquet wherever it reads a table', async () => {
  const lines = (name: string) =>
    (studies.classes[name] as string)
      .trim()
      .split('\n')
      .map((line) => line.split(','));
  const parquet = (name: string) => {
    const [header, ...rows] = lines(name);
    const value = (cell: string) => (Number.isNaN(Number(cell)) ? cell : Number(cell));
    const columnData = header.map((column, j) => ({ name: column, data: rows.map((row) => value(row[j])) }));
    return new Uint8Array(parquetWriteBuffer({ columnData }));
  };
  const folder = folderWith({
    ...studies.classes,
    'parquet/labels.parquet': parquet('labels.csv'),
    'parquet/rna.parquet': parquet('rna.csv'),
    'parquet/clinical.parquet': parquet('clinical.csv'),
    'parquet/study.yaml': study({
      target: 'labels.parquet',
      modalities: '  rna: rna.parquet\n  clinical: clinical.parquet',
    }),
  });
  const text = await loadStudy(join(folder, 'study.yaml'));
  const read = await loadStudy(join(folder, 'parquet', 'study.yaml'));
  expect(read.cohort).toEqual(text.cohort);
  expect(read.target).toEqual(text.target);
  expect(
    readFileSync(join(folder, 'parquet', 'rna.parquet'))
      .subarray(0, 4)
      .toString(),
  ).toBe('PAR1');
  write(folder, {
    'parquet/study.yaml': study({
      target: 'labels.parquet',
      modalities: "  rna: { file: rna.parquet, separator: ';' }",
    }),
  });
  await expect(loadStudy(join(folder, 'parquet', 'study.yaml'))).rejects.toThrow(
    'study.yaml: modalities.rna.separator: means nothing to a Parquet file, got ;',
  );
});

it('a fit stops where it is told to, with nothing made', async () => {
  const folder = folderWith(studies.classes);
  const fit = fitStudy(join(folder, 'study.yaml'), { strategy: 'late:mean', signal: AbortSignal.abort() });
  await expect(fit).rejects.toBeInstanceOf(CancelledError);
});

it.each([
  [
    'one class',
    { 'labels.csv': table('id,ill', () => '1') },
    'target ill: one class only, nothing to tell apart, expected at least two classes among the subjects, got 1',
  ],
  [
    'no event among those who were followed',
    { ...studies.survival, 'labels.csv': table('id,days,dead', (_, i) => (i % 2 ? ',1' : `${i + 1},0`)) },
    'target dead: no event was seen, expected at least one event, got censored',
  ],
  [
    'one value',
    { ...studies.value, 'labels.csv': table('id,level', () => '2.5') },
    'target level: one value only, nothing to tell apart, expected values that differ',
  ],
])('a fit refuses a target with %s', async (_, files, message) => {
  const folder = folderWith(smallFiles(files));
  const strategy = 'single:rna';
  await expect(fitStudy(join(folder, 'study.yaml'), { strategy })).rejects.toThrow(message);
  await expect(fitStudy(join(folder, 'study.yaml'), { strategy })).rejects.toBeInstanceOf(InputError);
});

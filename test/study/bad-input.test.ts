import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { run } from '../../cli/program.ts';
import { type Files, folderWith, smallFiles, study, subjects, table } from './small-study.ts';

afterEach(() => vi.restoreAllMocks());

interface Refusal {
  readonly code: number;
  /** What stood on stderr, without the folder and without progress. */
  readonly said: string;
}

/** Compares the small study with some files replaced, and looks that nothing was printed or written. */
async function compared(files: Files): Promise<Refusal> {
  const folder = folderWith(smallFiles(files));
  const before = readdirSync(folder);
  let said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const code = await run(['compare', join(folder, 'study.yaml'), '-o', join(folder, 'out'), '--jobs', '1']);
  expect(stdout).not.toHaveBeenCalled();
  expect(readdirSync(folder)).toEqual(before);
  const found = said.replace(/^study: \d+ subjects, \d+ modalities\n/, ''); // told once the study is loaded
  return { code, said: found.replaceAll(`${folder}${sep}`, '').replaceAll(folder, '.') };
}

type Case = readonly [sentence: string, files: Files, message: string];

/** Each case a test: exit code 2, this one line on stderr, nothing on stdout, no file more than before. */
function refused(cases: readonly Case[]): void {
  it.each(cases)('%s', async (_, files, message) => {
    expect(await compared(files)).toEqual({ code: 2, said: `error: ${message}\n` });
  });
}

const rna = (options: string): Files => ({
  'study.yaml': study({ modalities: `  rna: { file: rna.csv, ${options} }` }),
});
const rnaOf = (row: (i: number) => string, ids = subjects): Files => ({
  'rna.csv': table('id,g1,g2', (_, i) => row(i), ids),
});
const target = (options: string): Files => ({ 'study.yaml': study({ target: `{ file: labels.csv, ${options} }` }) });
const labelsOf = (row: (i: number) => string, ids = subjects): Files => ({
  'labels.csv': table('id,ill', (_, i) => row(i), ids),
});
const roles = (role: (i: number) => string, options = '', ids = subjects): Files => ({
  'split.csv': table('id,role', (_, i) => role(i), ids),
  'study.yaml': study({ protocol: '{ inner: 3 }', more: `split: { file: split.csv${options} }` }),
});

describe('columns and keys', () => {
  refused([
    [
      'an unknown column to include is refused with those there are',
      rna('include: [g1, g9]'),
      'rna.csv: unknown column "g9", expected one of g1, g2, g3',
    ],
    [
      'an unknown column among many is refused with those that look like it',
      {
        ...rna('exclude: [gene17x]'),
        'rna.csv': table(`id,${Array.from({ length: 30 }, (_, g) => `gene${g}`).join()}`, (_, i) =>
          Array.from({ length: 30 }, (_, g) => i * g).join(),
        ),
      },
      'rna.csv: unknown column "gene17x", expected one of its 30 columns, such as gene17, gene1, gene7',
    ],
    [
      'the key is no column to describe',
      rna('columns: { id: { scale: nominal } }'),
      'rna.csv: unknown column "id" (it is the key), expected one of g1, g2, g3',
    ],
    [
      'a pattern that fits no column is refused, since it may be a typo that lets the outcome in',
      rna('exclude: [days_*]'),
      'rna.csv: no column fits "days_*", expected a pattern that fits one of its 3 columns',
    ],
    [
      'so is a name to exclude everywhere that no table has',
      { 'study.yaml': study({ more: 'exclude: [agee]' }) },
      'study.yaml: exclude: no table has a column "agee", expected a column of some table, such as age, g1, g2',
    ],
    [
      'an unknown target column is refused',
      target('column: il'),
      'labels.csv: target: unknown column "il", expected one of ill',
    ],
    [
      'a target file of several columns asks which one',
      { 'labels.csv': table('id,ill,site', (_, i) => `${i % 2},${i % 5}`) },
      'labels.csv: target: which column is the target is not said, expected target.column, or a file with one column beside the key, got ill, site',
    ],
    [
      'a key that one table lacks is refused with its columns',
      rna('key: patient'),
      'rna.csv: no key column "patient", expected one of "id", "g1", "g2", "g3"',
    ],
  ]);
});

describe('subjects', () => {
  refused([
    [
      'a duplicate subject is refused with both lines',
      rnaOf((i) => `${i},1`, ['s01', 's02', 's01']),
      'rna.csv: line 4: duplicate id "s01", expected each subject once, got it on line 2 and line 4',
    ],
    [
      'so is one in the target',
      labelsOf((i) => `${i % 2}`, ['s01', 's02', 's02']),
      'labels.csv: line 4: duplicate id "s02", expected each subject once, got it on line 3 and line 4',
    ],
    [
      'a row without an id is refused',
      rnaOf((i) => `${i},1`, ['s01', '', 's03']),
      'rna.csv: line 3: a row without an id, expected the name of a subject, got ""',
    ],
    [
      'tables without a subject in common are refused with ids of both',
      rnaOf((i) => `${i},1`, ['TCGA-1', 'TCGA-2', 'TCGA-3']),
      'rna.csv: no subject in common with labels.csv, expected ids such as "s01", "s02", got "TCGA-1", "TCGA-2"',
    ],
    [
      'a table with the subjects in its header is refused with the way to read it',
      {
        'rna.csv': `gene,${subjects.join()}\n${['TP53', 'KRAS'].map((g) => `${g},${subjects.map((_, i) => i).join()}`).join('\n')}\n`,
      },
      'rna.csv: no subject in common with labels.csv, but its columns are subjects, expected orientation: features-by-subjects, got subjects-by-features',
    ],
    [
      'fewer subjects than folds are refused',
      { 'study.yaml': study({ protocol: '{ folds: 50 }' }) },
      'protocol: folds: fewer subjects than folds, expected at least 50 subjects, got 40',
    ],
    [
      'a subject without a group is refused',
      {
        'labels.csv': table('id,ill,site', (_, i) => `${i % 2},${i === 3 ? '' : i % 5}`),
        'study.yaml': study({ target: '{ file: labels.csv, column: ill }', more: 'groups: site' }),
      },
      'labels.csv: column "site": subject "s04" has no group, expected a group for every subject, got an empty cell',
    ],
    [
      'so is one whom the file of groups lacks',
      {
        'sites.csv': table('id,site', (_, i) => `${i % 5}`, subjects.slice(1)),
        'study.yaml': study({ more: 'groups: { file: sites.csv, column: site }' }),
      },
      'sites.csv: column "site": subject "s01" has no group, expected a group for every subject, got no row',
    ],
    [
      'an unknown column of groups is refused',
      { 'study.yaml': study({ more: 'groups: site' }) },
      'labels.csv: groups: unknown column "site", expected one of ill',
    ],
    [
      'fewer groups than folds are refused',
      {
        'labels.csv': table('id,ill,site', (_, i) => `${i % 2},${i < 9 ? 'a' : 'b'}`),
        'study.yaml': study({ target: '{ file: labels.csv, column: ill }', more: 'groups: site' }),
      },
      'folds: fewer groups than folds, expected at least 3 groups, got 2',
    ],
  ]);
});

describe('measurements', () => {
  refused([
    [
      'a modality without any value is refused',
      rnaOf(() => 'NA,'),
      'rna.csv: every column of modality rna is empty, expected at least one measured value',
    ],
    [
      'text in a numeric column is refused with its line',
      rnaOf((i) => `${i === 4 ? 'high' : i},1`),
      'rna.csv: line 6, column "g1": text in a numeric column, expected a number (or, if it stands for a missing value, its spelling under "missing"; or "scale: nominal"), got "high"',
    ],
    [
      'an infinite value is refused',
      rnaOf((i) => `${i === 4 ? '-Inf' : i},1`),
      'rna.csv: line 6, column "g1": an infinite value, expected finite numbers, got "-Inf"',
    ],
    [
      'a negative value on the ratio scale is refused',
      { ...rna('scale: ratio'), ...rnaOf((i) => `${i - 3},1`) },
      'rna.csv: column "g1": declared on the ratio scale, expected no value below 0, got -3',
    ],
    [
      'a fraction in a declared count is refused',
      { ...rna('scale: count'), ...rnaOf((i) => `${i / 2},1`) },
      'rna.csv: column "g1": declared a count, expected whole numbers, got fractions',
    ],
    [
      'a level that the declared order lacks is refused',
      {
        'study.yaml': study({
          modalities: '  clinical: { file: clinical.csv, columns: { sex: { order: [female, other] } } }',
        }),
      },
      'clinical.csv: column "sex": value "male" is not among the declared levels, expected one of female, other',
    ],
    [
      'an ordinal column whose order does not show is refused',
      {
        'study.yaml': study({ modalities: '  clinical: { file: clinical.csv, columns: { sex: { scale: ordinal } } }' }),
      },
      'clinical.csv: column "sex": declared ordinal, but which level is lower does not show, expected columns.sex.order with female, male',
    ],
    [
      'a ragged row is refused with its line',
      { 'rna.csv': 'id,g1\ns01,1\ns02\n' },
      'rna.csv: line 3: ragged row, expected 2 cells as in the header, got 1',
    ],
  ]);

  it('a column without any value is left out with a warning', async () => {
    const folder = folderWith(smallFiles(rnaOf((i) => `${i},NA`)));
    const { loadStudy } = await import('../../src/study/load.node.ts');
    const { cohort, warnings } = await loadStudy(join(folder, 'study.yaml'));
    expect(cohort.blocks[0].modality.features.map(({ name }) => name)).toEqual(['g1']);
    expect(warnings.map(({ message }) => message)).toEqual(['rna.csv: 1 column without any value left out (g2)']);
  });
});

describe('files', () => {
  refused([
    [
      'an unknown file of a modality is refused with those named alike',
      { 'study.yaml': study({ modalities: '  rna: rnaa.csv' }) },
      'study.yaml: modalities.rna: no such file, expected a file that is there, such as rna.csv, clinical.csv, labels.csv, got rnaa.csv',
    ],
    [
      'a folder in the place of a file is refused',
      { 'study.yaml': study({ modalities: '  rna: .' }) },
      'study.yaml: modalities.rna: a folder, expected a file, got .',
    ],
    [
      'an unset variable in a path is refused by name',
      { 'study.yaml': study({ modalities: "  rna: '${CONSILIENCE_UNSET_IN_TESTS}/rna.csv'" }) },
      'study.yaml: modalities.rna: the path uses ${CONSILIENCE_UNSET_IN_TESTS}, which is not set, expected an environment variable CONSILIENCE_UNSET_IN_TESTS, got ${CONSILIENCE_UNSET_IN_TESTS}/rna.csv',
    ],
    ['an empty file is refused', { 'rna.csv': '' }, 'rna.csv: empty file, expected a header and rows, got 0 bytes'],
    [
      'so is an empty gzip file',
      { 'rna.csv.gz': '', 'study.yaml': study({ modalities: '  rna: rna.csv.gz' }) },
      'rna.csv.gz: empty file, expected a header and rows, got 0 bytes',
    ],
    [
      'a truncated gzip file is refused',
      {
        'rna.csv.gz': gzipSync(table('id,g1', (_, i) => `${i * i}`)).subarray(0, 100),
        'study.yaml': study({ modalities: '  rna: rna.csv.gz' }),
      },
      'rna.csv.gz: broken gzip file, expected a whole one, got one that ends too early, after 100 bytes',
    ],
    ['a header without rows is refused', { 'rna.csv': 'id,g1\n' }, 'rna.csv: no rows, expected rows below the header'],
  ]);
});

describe('targets', () => {
  refused([
    [
      'one class only is refused',
      labelsOf(() => '1'),
      'target ill: one class only, nothing to tell apart, expected at least two classes among the subjects, got 1',
    ],
    [
      'a class with a single subject is refused',
      labelsOf((i) => (i === 0 ? '2' : `${i % 2}`)),
      'target ill: class "2" has a single subject, so it cannot be trained on and tested, expected at least 2, got 1',
    ],
    [
      'a NaN target is refused: it is a computation gone wrong, not an unlabelled subject',
      labelsOf((i) => (i === 4 ? 'NaN' : `${i % 2}`)),
      'labels.csv: column "ill": subject "s05": neither a class nor a finite number, expected a class, or an empty cell for an unlabelled subject, got "NaN"',
    ],
    [
      'an infinite target is refused',
      labelsOf((i) => (i === 4 ? 'Inf' : `${i % 2}`)),
      'labels.csv: line 6, column "ill": an infinite value, expected finite numbers, got "Inf"',
    ],
    [
      'also among classes that are words',
      labelsOf((i) => (i === 4 ? '-inf' : i % 2 ? 'ill' : 'well')),
      'labels.csv: column "ill": subject "s05": neither a class nor a finite number, expected a class, or an empty cell for an unlabelled subject, got "-inf"',
    ],
    [
      'an empty target is refused',
      labelsOf(() => ''),
      'labels.csv: column "ill": the target is empty, expected a class for each subject',
    ],
    [
      'a measurement is no class',
      labelsOf((i) => `${i * 1.5}`),
      'labels.csv: column "ill": 40 different values in 40 subjects, which are no classes, expected at most 50 classes that subjects share (or target.kind: value for a measurement, target.time and target.status for survival), got 0, 1.5, 3, ...',
    ],
    [
      'a value that is no declared class is refused with its subject',
      target('classes: [0, 2]'),
      'labels.csv: column "ill": subject "s02": not a declared class, expected one of 0, 2, got "1"',
    ],
    [
      'a declared class without a subject is refused',
      target('classes: [0, 1, 2]'),
      'labels.csv: column "ill": no subject of the declared class "2", expected subjects of every class, got 0, 1',
    ],
    [
      'an event that is no class is refused',
      target('event: dead'),
      'labels.csv: column "ill": the event is not a class, expected one of 0, 1, got "dead"',
    ],
  ]);
});

describe('splits', () => {
  const halves = (role: 'labels' | 'rna', at: number): Files => ({
    [`${role}-train.csv`]: table('id,value', (_, i) => `${i % 2}`, subjects.slice(0, at)),
    [`${role}-test.csv`]: table('id,value', (_, i) => `${i % 2}`, subjects.slice(at)),
  });
  refused([
    [
      'an unknown role is refused',
      roles((i) => (i < 20 ? 'train' : i < 39 ? 'test' : 'tset')),
      'split.csv: column "role": unknown role "tset", expected train, val, test (name others under split.train or split.test)',
    ],
    [
      'a named role that no row has is refused',
      roles((i) => (i < 20 ? 'fit' : 'eval'), ', train: [fit], test: [evl]'),
      'split.csv: column "role": no row has the role "evl", expected one of eval, fit',
    ],
    [
      'a role on both sides is refused',
      roles((i) => (i < 20 ? 'train' : 'val'), ', train: [train, val], test: [val]'),
      'split.csv: column "role": role "val" is trained on and tested, expected one of them',
    ],
    [
      'a row without a role is refused',
      roles((i) => (i < 20 ? 'train' : i < 39 ? 'test' : '')),
      'split.csv: column "role": subject "s40" has none, expected a role in every row',
    ],
    [
      'a table without the column of roles is refused',
      { ...roles(() => ''), 'split.csv': table('id,part', () => 'train') },
      'split.csv: unknown column "role", expected one of part',
    ],
    [
      'a subject in training and in test is refused',
      roles((i) => (i < 20 ? 'train' : 'test'), '', [...subjects, 's01']),
      'split.csv: subject "s01" is in training and in test, expected one of them',
    ],
    [
      'so is one that two files of a modality share',
      {
        ...halves('rna', 20),
        'rna-test.csv': table('id,value', (_, i) => `${i}`, subjects.slice(18)),
        'study.yaml': study({ modalities: '  rna: { file: { train: rna-train.csv, test: rna-test.csv } }' }),
      },
      'rna-train.csv and rna-test.csv: 2 subjects in both parts, expected every subject in one, got "s19", "s20"',
    ],
    [
      'so is one that the target has in test and a modality in training',
      {
        ...halves('labels', 20),
        ...halves('rna', 21),
        'study.yaml': study({
          target: '{ file: { train: labels-train.csv, test: labels-test.csv } }',
          modalities: '  rna: { file: { train: rna-train.csv, test: rna-test.csv } }',
        }),
      },
      'rna-train.csv: subject "s21" is in the training part, expected every subject in one part, got it in the test part labels-test.csv',
    ],
    [
      'a split without test subjects is refused',
      roles(() => 'train'),
      'split.csv: no test subjects, expected subjects with a target in training and in test, got the roles train',
    ],
    [
      'a table of other subjects is refused',
      roles((i) => (i ? 'train' : 'test'), '', ['x1', 'x2']),
      'split.csv: no subject in common with the target, expected ids such as "s01", "s02", got "x1", "x2"',
    ],
    [
      'a training part of one class is refused',
      roles((i) => (i % 2 ? 'train' : 'test')),
      'target ill: the training part of the split has one class only, expected at least two classes, got 1',
    ],
    [
      'a given split that is not there is refused',
      { 'study.yaml': study({ protocol: '{ kind: given }' }) },
      'protocol.kind: "given", but the study has no split, expected train and test files, or a split table',
    ],
    [
      'a number that the protocol has no use for is refused',
      { 'study.yaml': study({ protocol: '{ testShare: 0.3 }' }) },
      'protocol.testShare: means nothing to kind "cross-validation", expected kind: holdout with it, got no kind, which here means "cross-validation"',
    ],
    [
      'so are folds beside a given split',
      { ...roles((i) => (i < 20 ? 'train' : 'test')), 'study.yaml': study({ more: 'split: { file: split.csv }' }) },
      'protocol.folds: means nothing to the split that the data came with, expected kind: cross-validation with it, got no kind, which here means "given"',
    ],
  ]);
});

describe('the study file', () => {
  refused([
    [
      'a typo in the YAML is refused with its line',
      { 'study.yaml': 'target: labels.csv\nmodalities: [rna: rna.csv\nseed: 3\n' },
      'study.yaml:3:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'an unknown option is refused with its line and the one that was meant',
      { 'study.yaml': study({ protocol: '{ fold: 3 }' }) },
      'study.yaml:5:13: protocol.fold: unknown option, did you mean "folds"?, expected one of kind, folds, repeats, testShare, inner, metric, margin, got "fold"',
    ],
    [
      'a study from a newer version is refused',
      { 'study.yaml': study({ more: 'version: 2' }) },
      'study.yaml:6:1: version: the study was written for a newer consilience, expected at most 1, got 2',
    ],
  ]);

  it('that is not there is refused', async () => {
    const folder = folderWith({});
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(await run(['compare', join(folder, 'nowhere', 'study.yaml')])).toBe(2);
    const path = join(folder, 'nowhere', 'study.yaml');
    const message = `error: study: no such file, expected a file in a folder that is there, got ${path}\n`;
    expect(said.mock.calls).toEqual([[message]]);
  });
});

it('what a worker refuses is told as if it had not been one', async () => {
  const folder = folderWith(
    smallFiles(rna('prepare: [{ kind: log1p, options: { scales: [interval], when: always } }]')),
  );
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const code = await run(['compare', join(folder, 'study.yaml'), '-o', join(folder, 'out'), '--jobs', '2']);
  expect(code).toBe(2);
  expect(String(said.mock.lastCall?.[0])).toMatch(
    /^error: log1p: rna: g\d: a negative value on the interval scale, got -/,
  );
  expect(readdirSync(folder)).not.toContain('out');
});

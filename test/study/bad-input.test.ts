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
  const found = said.replace(/^study: \d+ subjects, \d+ modalit(?:y|ies)\n/, ''); // told once the study is loaded
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
      'study.yaml: protocol: folds: fewer subjects than folds, expected at least 50 subjects, got 40',
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
      'study.yaml: folds: fewer groups than folds, expected at least 3 groups, got 2',
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
      'a value that no matrix of features holds is refused with its subject',
      rnaOf((i) => `${i === 4 ? 1e308 : i},1`),
      'rna.csv: subject "s05", column "g1": beyond what can be held, expected a number between -3.4e+38 and 3.4e+38 (or, if it stands for a missing value, its spelling under "missing"), got 1e+308',
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
      'study.yaml: target ill: one class only, nothing to tell apart, expected at least two classes among the subjects, got 1',
    ],
    [
      'a class with a single subject is refused',
      labelsOf((i) => (i === 0 ? '2' : `${i % 2}`)),
      'study.yaml: target ill: class "2" has a single subject, so it cannot be trained on and tested, expected at least 2, got 1',
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

describe('survival targets', () => {
  const base = 'time: months, timeUnit: months, status: state';
  /** A file of times and states, and a target of both. */
  const watched = (
    row: (i: number) => readonly [time: string | number, state: string | number],
    { target: options = base, ...rest }: Parameters<typeof study>[0] = {},
  ): Files => ({
    'labels.csv': table('id,months,state', (_, i) => row(i).join()),
    'study.yaml': study({ target: `{ file: labels.csv, ${options} }`, ...rest }),
  });
  const seen = (i: number) => i % 2;
  const time = (i: number) => i + 0.5;
  const fine = (i: number) => [time(i), seen(i)] as const;
  /** The time of the fifth subject replaced. */
  const timed = (odd: string): Files => watched((i) => [i === 4 ? odd : time(i), seen(i)]);

  refused([
    [
      'a negative time is refused with its subject',
      timed('-3'),
      'labels.csv: column "months": subject "s05": not a survival time, expected a number of months above 0 (leave the cell empty to leave the subject out), got -3',
    ],
    [
      'times of 0 are refused where they are many: they were rounded down',
      watched((i) => [i < 3 ? 0 : time(i), seen(i)]),
      'labels.csv: "months", "state": 3 of 40 times are 0, expected times above 0: not rounded down to whole months, and empty cells for who was not followed, got 0 for "s01"',
    ],
    [
      'a time of NaN is refused: it is a computation gone wrong',
      timed('NaN'),
      'labels.csv: column "months": subject "s05": not a number, expected a time in months, got "NaN"',
    ],
    [
      'so is an infinite one',
      timed('inf'),
      'labels.csv: line 6, column "months": an infinite value, expected finite numbers, got "inf"',
    ],
    [
      'text in the place of a time is refused, also where it begins like a number',
      timed('12 months'),
      'labels.csv: column "months": subject "s05": not a number, expected a time in months, got "12 months"',
    ],
    [
      'a status of unknown word asks which means the event',
      watched((i) => [time(i), i === 4 ? 'moved' : seen(i) ? 'dead' : 'alive']),
      'labels.csv: column "state": which status means the event is not said, expected target.event, or 1 and 0, dead and alive, event and censored, got "moved"',
    ],
    [
      'a status of NaN is refused, also where the event is stated',
      watched((i) => [time(i), i === 4 ? 'NaN' : seen(i)], { target: `${base}, event: 1` }),
      'labels.csv: column "state": subject "s05": not a status, expected a status, or an empty cell to leave the subject out, got "NaN"',
    ],
    [
      'an event that nobody had is refused with the statuses there are',
      watched(fine, { target: `${base}, event: dead` }),
      'labels.csv: column "state": target.event: no subject has this status, expected one of 0, 1, got "dead"',
    ],
    [
      'so is one of several',
      watched(fine, { target: `${base}, event: [1, 2]` }),
      'labels.csv: column "state": target.event: no subject has this status, expected one of 0, 1, got "2"',
    ],
    [
      'a column named for censoring asks what its 1 means',
      {
        ...watched(fine, { target: 'time: months, timeUnit: months, status: censored' }),
        'labels.csv': table('id,months,censored', (_, i) => fine(i).join()),
      },
      'labels.csv: column "censored": whether its 1 means censored or the event is not said, expected target.event, the status of those who had it (0 where 1 means censored), got 0, 1',
    ],
    [
      'nobody with the event is refused',
      watched((i) => [time(i), 0]),
      'study.yaml: target state: nobody had the event, all are censored, expected at least 3 events, got 0 of 40',
    ],
    [
      'fewer events than folds are refused',
      watched((i) => [time(i), i < 2 ? 1 : 0]),
      'study.yaml: target state: too few had the event, expected at least 3 events, got 2 of 40',
    ],
    [
      'no subject with both is refused',
      watched((i) => (i % 2 ? [time(i), ''] : ['', 1])),
      'labels.csv: "months", "state": no subject has a time and a status, expected both for each subject',
    ],
    [
      'a time without a status is refused',
      watched(fine, { target: 'time: months' }),
      'study.yaml: target.status: survival needs it, expected target.time and target.status, the columns of both',
    ],
    [
      'a status without a time is refused',
      watched(fine, { target: 'status: state' }),
      'study.yaml: target.time: survival needs it, expected target.time and target.status, the columns of both',
    ],
    [
      'so is survival by name alone',
      watched(fine, { target: 'kind: survival' }),
      'study.yaml: target.time: survival needs it, expected target.time and target.status, the columns of both',
    ],
    [
      'one column as both is refused',
      watched(fine, { target: 'time: state, status: state' }),
      'labels.csv: column "state": is named as time and as status, expected a column for each',
    ],
    [
      'an unknown column of times is refused',
      watched(fine, { target: 'time: [months, weeks], status: state' }),
      'labels.csv: target.time: unknown column "weeks", expected one of months, state',
    ],
    [
      'an unknown column of the status is refused',
      watched(fine, { target: 'time: months, status: event' }),
      'labels.csv: target.status: unknown column "event", expected one of months, state',
    ],
    [
      'an option of another kind is refused',
      watched(fine, { target: `${base}, column: state` }),
      'study.yaml: target.column: means nothing to kind "survival", expected kind: classes or value with it, got no kind, which here means "survival"',
    ],
    [
      'so are names of classes',
      watched(fine, { target: `${base}, kind: survival, names: { 0: alive }` }),
      'study.yaml: target.names: means nothing to kind "survival", expected kind: classes with it, got kind: survival',
    ],
    [
      'times beside classes are refused',
      watched(fine, { target: 'kind: classes, column: state, time: months' }),
      'study.yaml: target.time: means nothing to kind "classes", expected kind: survival with it, got kind: classes',
    ],
    [
      'an unknown unit of time is refused',
      watched(fine, { target: 'time: months, status: state, timeUnit: month' }),
      'study.yaml:1:58: target.timeUnit: unknown value "month", did you mean "months"?, expected one of days, weeks, months, years',
    ],
    [
      'a metric of classes is refused',
      watched(fine, { protocol: '{ folds: 3, metric: auroc }' }),
      'study.yaml: metric: a metric that does not fit the target state (survival), expected one of harrellC, unoC, timeDependentAuroc, integratedBrier, got auroc',
    ],
    [
      'a training part in which nobody had the event is refused',
      {
        ...watched((i) => [time(i), i < 20 ? 0 : 1], { protocol: '{ inner: 3 }', more: 'split: { file: split.csv }' }),
        'split.csv': table('id,role', (_, i) => (i < 20 ? 'train' : 'test')),
      },
      'study.yaml: target state: nobody in the training part of the split had the event, expected at least one event, got all censored',
    ],
    [
      'a combiner of class probabilities is refused',
      watched(fine, { more: "strategies: ['late:product']" }),
      'study.yaml: strategies: late:product: a combiner that is defined for classes only, expected one of mean, weighted, convex, stacked, got product',
    ],
    [
      'so are early fusion by another expert',
      watched(fine, { more: "strategies: ['early:logistic']" }),
      'study.yaml: strategies: early:logistic: not for a target of kind survival, expected early:cox (or early, which is what fits)',
    ],
    [
      'and options of another expert',
      watched(fine, { more: 'logistic: { penalties: [1] }' }),
      'study.yaml: logistic: options of logistic models mean nothing to a target of kind survival, expected cox, got logistic',
    ],
    [
      'the status as an input from another file is refused',
      {
        ...watched(fine),
        'clinical.csv': table('id,age,state', (_, i) => `${40 + (i % 13)},${seen(i)}`),
      },
      'study.yaml: modality clinical: column "state" is the target itself, expected a modality without it (exclude: [state])',
    ],
  ]);
});

describe('targets of values', () => {
  const valued = (
    row: (i: number) => string,
    options = 'kind: value',
    rest: Parameters<typeof study>[0] = {},
  ): Files => ({
    ...labelsOf(row),
    'study.yaml': study({ target: `{ file: labels.csv, ${options} }`, ...rest }),
  });
  const value = (i: number) => `${(i * i) % 37}.5`;
  refused([
    [
      'one value throughout is refused',
      valued(() => '4.5'),
      'study.yaml: target ill: the same value throughout, nothing to tell, expected values that differ',
    ],
    [
      'text is refused with its subject',
      valued((i) => (i === 4 ? 'high' : value(i))),
      'labels.csv: column "ill": subject "s05": not a number, expected a number, or an empty cell for a subject without one, got "high"',
    ],
    [
      'so are words throughout',
      valued((i) => (i % 2 ? 'ill' : 'well')),
      'labels.csv: column "ill": subject "s01": not a number, expected a number, or an empty cell for a subject without one, got "well"',
    ],
    [
      'NaN is refused: it is a computation gone wrong, not a missing value',
      valued((i) => (i === 4 ? 'NaN' : value(i))),
      'labels.csv: column "ill": subject "s05": not a number, expected a number, or an empty cell for a subject without one, got "NaN"',
    ],
    [
      'an infinite value is refused',
      valued((i) => (i === 4 ? '-Inf' : value(i))),
      'labels.csv: line 6, column "ill": an infinite value, expected finite numbers, got "-Inf"',
    ],
    [
      'an empty column is refused',
      valued(() => 'NA'),
      'labels.csv: column "ill": the target is empty, expected a value for each subject',
    ],
    [
      'an event is refused',
      valued(value, 'kind: value, event: 1'),
      'study.yaml: target.event: means nothing to kind "value", expected kind: classes or survival with it, got kind: value',
    ],
    [
      'a unit without the kind is refused',
      valued(value, 'unit: mmol/L'),
      'study.yaml: target.unit: means nothing to kind "classes", expected kind: value with it, got no kind, which here means "classes"',
    ],
    [
      'a metric of survival is refused',
      valued(value, 'kind: value', { protocol: '{ folds: 3, metric: harrellC }' }),
      'study.yaml: metric: a metric that does not fit the target ill (value), expected one of rSquared, meanAbsoluteError, rootMeanSquaredError, got harrellC',
    ],
    [
      'options of another expert are refused',
      valued(value, 'kind: value', { more: 'cox: { penalties: [1] }' }),
      'study.yaml: cox: options of cox models mean nothing to a target of kind value, expected ridge, got cox',
    ],
    [
      'the values as an input from another file are refused',
      {
        ...valued(value),
        'clinical.csv': table('id,age,ill', (_, i) => `${40 + (i % 13)},${value(i)}`),
      },
      'study.yaml: modality clinical: column "ill" is the target itself, expected a modality without it (exclude: [ill])',
    ],
  ]);
});

describe('targets of classes', () => {
  refused([
    [
      'several events are refused',
      target('event: [0, 1]'),
      'study.yaml: target.event: several values, expected one class of two',
    ],
    [
      'options of another expert are refused',
      { 'study.yaml': study({ more: 'ridge: { penalties: [1] }' }) },
      'study.yaml: ridge: options of ridge models mean nothing to a target of kind classes, expected logistic, got ridge',
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
      'study.yaml: target ill: the training part of the split has one class only, expected at least two classes, got 1',
    ],
    [
      'a given split that is not there is refused',
      { 'study.yaml': study({ protocol: '{ kind: given }' }) },
      'study.yaml: protocol.kind: "given", but the study has no split, expected train and test files, or a split table',
    ],
    [
      'a number that the protocol has no use for is refused',
      { 'study.yaml': study({ protocol: '{ testShare: 0.3 }' }) },
      'study.yaml: protocol.testShare: means nothing to kind "cross-validation", expected kind: holdout with it, got no kind, which here means "cross-validation"',
    ],
    [
      'so are folds beside a given split',
      { ...roles((i) => (i < 20 ? 'train' : 'test')), 'study.yaml': study({ more: 'split: { file: split.csv }' }) },
      'study.yaml: protocol.folds: means nothing to the split that the data came with, expected kind: cross-validation with it, got no kind, which here means "given"',
    ],
  ]);
});

/** The small study with a column of sites, and steps for its rna. */
const atSites = (site: (i: number) => string, prepare: string, more = ''): Files => ({
  'labels.csv': table('id,ill,site', (_, i) => `${i % 2},${site(i)}`),
  'study.yaml': study({
    target: '{ file: labels.csv, column: ill }',
    modalities: `  rna: { file: rna.csv, prepare: ${prepare} }`,
    more: `site: site\n${more}`,
  }),
});
const withinSite = '[{ kind: standardize, options: { within: site } }]';

describe('sites', () => {
  refused([
    [
      'a step that adjusts for sites is refused where the study tells none',
      rna('prepare: [combat, standardize]'),
      'study.yaml: modalities.rna.prepare: combat asks for sites, and the study tells none, expected the key "site": a column of the target file, or { file, column }',
    ],
    [
      'so is a balanced subsample',
      { 'study.yaml': study({ more: 'subsample: balanced' }) },
      'study.yaml: subsample: "balanced" asks for sites, and the study tells none, expected the key "site": a column of the target file, or { file, column }',
    ],
    [
      'one site only is refused by combat',
      atSites(() => 'north', '[combat]'),
      'study.yaml: site: one site only, so that combat has nothing to adjust, expected two or more sites, got only "north"',
    ],
    [
      'and by standardize within site',
      atSites(() => 'north', withinSite),
      'study.yaml: site: one site only, so that standardize within site has nothing to adjust, expected two or more sites, got only "north"',
    ],
    [
      'one site only in the training subjects of a fold is refused by combat',
      {
        ...atSites((i) => (i < 20 ? 'north' : 'south'), '[combat]'),
        ...{ 'split.csv': table('id,role', (_, i) => (i < 20 ? 'train' : 'test')) },
        'study.yaml': study({
          target: '{ file: labels.csv, column: ill }',
          modalities: '  rna: { file: rna.csv, prepare: [combat] }',
          protocol: '{ inner: 3 }',
          more: 'site: site\nsplit: { file: split.csv }',
        }),
      },
      'study.yaml: comBat: nothing to harmonize, expected two or more sites, got only "north"',
    ],
    [
      'so is a group to leave out without which one site is left',
      {
        ...atSites((i) => (i < 20 ? 'north' : 'south'), '[combat]'),
        'study.yaml': study({
          target: '{ file: labels.csv, column: ill }',
          modalities: '  rna: { file: rna.csv, prepare: [combat] }',
          protocol: '{ kind: leave-one-group-out, inner: 2 }',
          more: 'site: site\ngroups: site',
        }),
      },
      'study.yaml: modalities.rna.prepare: the fold that tests the group "north" leaves one site only to train on, so that combat has nothing to adjust, expected two or more sites in every training part (three sites, or another protocol), got only "south"',
    ],
    [
      'a site that was not in training is refused by combat unless the study says what to do',
      {
        ...atSites((i) => ['north', 'south', 'west'][i >> 4], '[combat]'),
        'study.yaml': study({
          target: '{ file: labels.csv, column: ill }',
          modalities: '  rna: { file: rna.csv, prepare: [combat] }',
          protocol: '{ kind: leave-one-group-out, inner: 2 }',
          more: 'site: site\ngroups: site',
        }),
      },
      'study.yaml: comBat: rna: site "north" was not in training, expected one of south, west, or the option unseen: pass-through, pooled or own',
    ],
    [
      'a site of one training subject is refused',
      atSites((i) => (i === 0 ? 'lone' : i % 3 ? 'north' : 'south'), withinSite),
      'study.yaml: standardize within site: site lone: its spread cannot be told, expected two or more subjects of the site who have the modality, got 1',
    ],
    [
      'a subject without a site is refused',
      atSites((i) => (i === 6 ? '' : i % 3 ? 'north' : 'south'), withinSite),
      'labels.csv: column "site": subject "s07" has no site, expected a site for every subject, got an empty cell',
    ],
    [
      'an unknown column of sites is refused',
      { 'study.yaml': study({ more: 'site: scanner' }) },
      'labels.csv: site: unknown column "scanner", expected one of ill',
    ],
    [
      'a covariate that the modality has not is refused',
      atSites((i) => (i % 3 ? 'north' : 'south'), '[{ kind: combat, options: { covariates: [age] } }]'),
      'study.yaml: combat: rna: covariates: unknown column "age", expected a column of numbers of this modality, such as g1, g2, g3',
    ],
    [
      'a site without some class cannot be balanced',
      atSites((i) => (i % 2 && i < 20 ? 'north' : 'south'), '[standardize]', 'subsample: balanced'),
      'study.yaml: subsample: site "north" has no subject whose ill is 0, so that nothing is left in balance, expected subjects of every class in every site',
    ],
    [
      'values cannot be balanced',
      {
        'labels.csv': table('id,dose,site', (_, i) => `${i * 1.5},${i % 3 ? 'north' : 'south'}`),
        'study.yaml': study({
          target: '{ file: labels.csv, column: dose, kind: value }',
          more: 'site: site\nsubsample: balanced',
        }),
      },
      'study.yaml: subsample: values have no classes to balance, expected a target of classes or of survival, got values',
    ],
  ]);
});

describe('counts', () => {
  refused([
    [
      'a step for counts that finds none is refused, since it would do nothing',
      rna('prepare: [size-factors, standardize]'),
      'study.yaml: modalities.rna.prepare: size-factors acts on counts, and rna has none, so that it would do nothing, expected scale: count, or noise: negative-binomial for expected counts with fractions (scale: ratio), got 3 columns on the scale interval',
    ],
    [
      'so is a second one',
      { ...rna('scale: count, prepare: [cpm, clr]'), ...rnaOf((i) => `${i + 1},${i * 2 + 1}`) },
      'study.yaml: modalities.rna.prepare: clr after cpm, which leaves no counts, expected one step for counts',
    ],
    [
      'text in a column of counts is refused with its line',
      { ...rna('scale: count'), ...rnaOf((i) => `${i === 4 ? 'many' : i},${i * 2}`) },
      'rna.csv: line 6, column "g1": text in a numeric column, expected a number (or, if it stands for a missing value, its spelling under "missing"; or "scale: nominal"), got "many"',
    ],
    [
      'negative counts are refused',
      { ...rna('scale: count, prepare: [cpm, standardize]'), ...rnaOf((i) => `${i === 4 ? -3 : i},${i * 2 + 1}`) },
      'rna.csv: column "g1": declared on the count scale, expected no value below 0, got -3',
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
    /^error: study\.yaml: log1p: rna: g\d: a negative value on the interval scale, got -/,
  );
  expect(readdirSync(folder)).not.toContain('out');
});

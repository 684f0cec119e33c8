import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import { draftStudy } from '../../src/study/draft.node.ts';
import { type LoadedStudy, loadStudy } from '../../src/study/load.node.ts';
import { parseStudy } from '../../src/study/parse.ts';
import type { StudyFile } from '../../src/study/schema.ts';
import { type Files, folderWith, subjects, table } from './small-study.ts';

interface Drafted {
  readonly text: string;
  readonly study: StudyFile;
  readonly loaded: LoadedStudy;
  readonly undecided: readonly string[];
  readonly found: readonly string[];
}

/** Drafts, and loads what was drafted: a draft that the product refuses is none. */
async function drafted(folder: string, target?: string): Promise<Drafted> {
  const draft = await draftStudy(folder, target === undefined ? {} : { target });
  writeFileSync(join(folder, 'study.yaml'), draft.text);
  return { ...draft, study: parseStudy(draft.text, 'study.yaml'), loaded: await loadStudy(join(folder, 'study.yaml')) };
}

function entry(study: StudyFile, name: string): Record<string, unknown> {
  return study.modalities[name] as Record<string, unknown>;
}

const features = ({ cohort }: LoadedStudy, name: string) =>
  cohort.blocks.find(({ modality }) => modality.name === name)?.modality.features.map((feature) => feature.name);

/** Comments as they were before they were folded into lines. */
const unfolded = (text: string) => text.replace(/\n *# (?=[a-z])/g, ' ');

const draw = random(11);
const normal = Array.from({ length: 400 }, () => draw.normal().toFixed(3));
const z = (i: number, j = 0) => normal[(7 * i + 53 * j) % normal.length];

const labels = table('id,outcome', (_, i) => `${i % 2}`);
const rna = table('id,g1,g2', (_, i) => `${z(i)},${z(i, 1)}`);

describe('a draft from the shipped cohort', () => {
  const shipped = fileURLToPath(new URL('../../data/tcga-acc', import.meta.url));
  const copy = () => {
    const folder = folderWith({});
    cpSync(shipped, folder, { recursive: true });
    rmSync(join(folder, 'study.yaml'));
    return folder;
  };

  it('leaves out every column that its README lists as leaking', async () => {
    const readme = readFileSync(join(shipped, 'README.md'), 'utf8');
    const listed = /must not be inputs([\s\S]*?)## /.exec(readme)?.[1] ?? '';
    const leaking = [...listed.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    expect(leaking.length).toBeGreaterThan(10);
    for (const target of [undefined, 'vital_status']) {
      const { loaded } = await drafted(copy(), target);
      expect(loaded.target).toMatchObject({ kind: target ? 'classes' : 'survival', name: 'vital_status' });
      expect(features(loaded, 'clinical')?.filter((name) => leaking.includes(name))).toEqual([]);
    }
  });

  it('finds times, event, scales and what measurement is there of whom', async () => {
    const { study, text, loaded, found, undecided } = await drafted(copy());
    expect(study.target).toEqual({
      file: 'clinical.csv',
      time: ['days_to_death', 'days_to_last_followup'],
      timeUnit: 'days',
      status: 'vital_status',
      event: 1,
    });
    expect(text).toContain(`target:
  file: clinical.csv
  time: [ days_to_death, days_to_last_followup ] # no column has it for everyone: of each subject the first that does
  timeUnit: days # by the name
  status: vital_status
  event: 1 # all others are censored
`);
    expect(Object.keys(study.modalities)).toHaveLength(6);
    expect(study.modalities.RPPAArray).toEqual({ file: 'RPPAArray.csv', scale: 'interval' });
    expect(study.modalities.gistict).toEqual({ file: 'gistict.csv', scale: 'ordinal' });
    expect(text).toContain(
      '  # 46 subjects x 33 columns (interval), -2.37306 to 3.41861, nothing missing\n  RPPAArray:',
    );
    expect(text).toContain('- ADS # known only of those who have RNASeq2GeneNorm: perhaps computed from it');
    expect(unfolded(text)).toContain(
      '# Survival, since clinical has the times: as classes, vital_status would count who was followed for a short while as free of the event.',
    );
    expect(found[0]).toBe(
      'target: clinical.csv: days_to_death, days_to_last_followup with vital_status, 33 with the event, 58 censored, followed for up to 4673 days',
    );
    expect(undecided).toEqual([
      'clinical.csv: "days_to_death", "days_to_last_followup", "vital_status": 1 of 92 subjects has a time of 0, with nothing to foretell, and is left out',
      'target: clinical.csv: vital_status, 0 (58), 1 (34) is possible too (--target vital_status)',
    ]);
    expect(loaded.cohort.subjects).toHaveLength(91);
  });

  it('takes the state as classes where it is named, and says what that leaves aside', async () => {
    const { study, text, loaded } = await drafted(copy(), 'vital_status');
    expect(study.target).toEqual({ file: 'clinical.csv', column: 'vital_status', event: 1 });
    expect(study.protocol?.metric).toBe('auroc');
    expect(unfolded(text)).toContain(
      '# Told is whether the event was seen at all, and who was followed for a short while counts as without it. With days_to_death, days_to_last_followup in the table, survival is likelier to be meant: --target days_to_death.',
    );
    expect(loaded.cohort.subjects).toHaveLength(92);
  });

  it('takes a named measurement as a value', async () => {
    const { study, text, loaded, found } = await drafted(copy(), 'years_to_birth');
    expect(study.target).toEqual({ file: 'clinical.csv', kind: 'value', column: 'years_to_birth' });
    expect(study.protocol).toMatchObject({ kind: 'cross-validation', folds: 5, metric: 'rSquared' });
    expect(text).toContain('The verdict rests on R²;');
    expect(found[0]).toBe('target: clinical.csv: years_to_birth, 92 values from 14 to 83');
    expect(features(loaded, 'clinical')).not.toContain('years_to_birth');
  });
});

describe('files', () => {
  it('named train and test become the parts of one modality, and the split', async () => {
    const rows = (name: string, from: number, to: number) =>
      table(`id,${name}`, (_, i) => z(i), subjects.slice(from, to));
    const { study, loaded } = await drafted(
      folderWith({
        'labels_train.csv': table('id,ill', (_, i) => `${i % 2}`, subjects.slice(0, 30)),
        'labels_test.csv': table('id,ill', (_, i) => `${i % 2}`, subjects.slice(30)),
        'rna-train.csv.gz': gzipSync(rows('g1', 0, 30)),
        'rna-test.csv': rows('g1', 30, 40),
        'protein_train.csv': rows('p1', 0, 30),
      }),
    );
    expect(study.target).toMatchObject({ file: { train: 'labels_train.csv', test: 'labels_test.csv' }, column: 'ill' });
    expect(entry(study, 'rna').file).toEqual({ train: 'rna-train.csv.gz', test: 'rna-test.csv' });
    expect(entry(study, 'protein').file).toEqual({ train: 'protein_train.csv' });
    expect(study.protocol?.kind).toBe('given');
    expect(loaded.splits?.map(({ train, test }) => [train.length, test.length])).toEqual([[30, 10]]);
  });

  it('named test without a training file are just named so', async () => {
    const { study } = await drafted(folderWith({ 'labels.csv': labels, 'stress_test.csv': rna }));
    expect(Object.keys(study.modalities)).toEqual(['stress_test']);
    expect(study.protocol?.kind).toBe('cross-validation');
  });

  it('with subjects in the header are turned', async () => {
    const genes = ['TP53', 'KRAS', 'MYC'].map((g, j) => `${g}\t${subjects.map((_, i) => z(i, j)).join('\t')}`);
    const turned = `gene\t${subjects.join('\t')}\n${genes.join('\n')}\n`;
    const { study, loaded } = await drafted(
      folderWith({ 'labels.csv': labels, 'rna.tsv': turned, 'cnv.tsv': turned.replaceAll('-', '') }),
    );
    expect(entry(study, 'rna').orientation).toBe('features-by-subjects');
    expect(features(loaded, 'cnv')).toEqual(['TP53', 'KRAS', 'MYC']);
    expect(loaded.cohort.blocks[0].present).toEqual(new Uint8Array(40).fill(1));
  });

  it('are joined by the column that they share, wherever it stands', async () => {
    const visits = `age,patient\n${subjects.map((id, i) => `${40 + (i % 17)},${id}`).join('\n')}\n`;
    const { study, loaded } = await drafted(folderWith({ 'labels.csv': labels, 'rna.csv': rna, 'visits.csv': visits }));
    expect(entry(study, 'visits').key).toBe('patient');
    expect(entry(study, 'rna').key).toBeUndefined();
    expect(features(loaded, 'visits')).toEqual(['age']);
  });

  it('that cannot be used are told with the reason', async () => {
    const { study, undecided } = await drafted(
      folderWith({
        'labels.csv': labels,
        'rna.csv': rna,
        'broken.csv': 'id,a\ns01,1\ns02\n',
        'mice.csv': table('id,weight', (_, i) => `${i}`, ['m1', 'm2', 'm3']),
        'glucose.csv': table('id,mg', (_, i) => `${i}`, [...subjects, ...subjects]),
        'README.txt': 'Not a table.',
      }),
    );
    expect(Object.keys(study.modalities)).toEqual(['rna']);
    expect(undecided).toEqual([
      'glucose.csv: several rows a subject, which is not read yet; left out',
      'mice.csv: shares no subject with the other tables; left out',
      'broken.csv: line 3: ragged row, expected 2 cells as in the header, got 1; left out',
    ]);
  });

  it('of splits become the split; without a role of test the validation part is tested', async () => {
    const rows = [0, 1].flatMap((fold) =>
      subjects.map((id, i) => `${fold},${id},${i % 2 === fold || i < 4 ? 'train' : 'val'}`),
    );
    const { study, loaded, text } = await drafted(
      folderWith({
        'labels.csv': table('id,outcome', (_, i) => `${i % 3 === 0 ? 1 : 0}`),
        'rna.csv': rna,
        'splits.csv': `fold,case_id,role\n${rows.join('\n')}\n`,
      }),
    );
    const split = { file: 'splits.csv', key: 'case_id', fold: 'fold', role: 'role', train: ['train'], test: ['val'] };
    expect(study.split).toEqual(split);
    expect(loaded.splits?.map(({ train, test }) => [train.length, test.length])).toEqual([
      [22, 18],
      [22, 18],
    ]);
    expect(unfolded(text)).toContain('No role says test; if models were chosen on these, figures flatter.');
  });

  it('of splits with a test role are trained on training and validation', async () => {
    const role = (i: number) => (i < 20 ? 'train' : i < 30 ? 'val' : 'test');
    const { study } = await drafted(
      folderWith({ 'labels.csv': labels, 'rna.csv': rna, 'split.csv': table('id,set', (_, i) => role(i)) }),
    );
    expect(study.split).toMatchObject({ role: 'set', train: ['train', 'val'], test: ['test'] });
  });
});

describe('the target', () => {
  const clinical = table('id,sex,status,diagnosis,age', (_, i) =>
    [i % 3 ? 'm' : 'f', i % 2, ['a', 'b', 'c'][i % 3], 40 + (i % 11)].join(),
  );

  it('is the likeliest column; the others are told', async () => {
    const { study, text, undecided } = await drafted(folderWith({ 'clinical.csv': clinical, 'rna.csv': rna }));
    expect(study.target).toMatchObject({ column: 'status', event: 1 });
    expect(text).toContain('# Also possible: diagnosis (clinical.csv).');
    expect(undecided).toContain(
      'target: clinical.csv: diagnosis, a (14), b (13), c (13) is possible too (--target diagnosis)',
    );
  });

  it('is the column that is named', async () => {
    const { study } = await drafted(folderWith({ 'clinical.csv': clinical, 'rna.csv': rna }), 'sex');
    expect(study.target).toEqual({ file: 'clinical.csv', column: 'sex', event: 'm' });
    expect(study.protocol?.metric).toBe('auroc');
  });

  it('of more than two classes has no event, and the balanced error rate', async () => {
    const { study } = await drafted(folderWith({ 'clinical.csv': clinical, 'rna.csv': rna }), 'diagnosis');
    expect(study.target).toEqual({ file: 'clinical.csv', column: 'diagnosis' });
    expect(study.protocol?.metric).toBe('balancedErrorRate');
  });

  it('named for censoring, without times, tells the event by 0', async () => {
    const record = table('id,age,censorship', (_, i) => `${50 + (i % 9)},${i % 4 ? 1 : 0}`);
    const { study, text, loaded } = await drafted(folderWith({ 'clinical.csv': record, 'rna.csv': rna }));
    expect(study.target).toMatchObject({ column: 'censorship', event: 0 });
    expect(loaded.target).toMatchObject({ classes: ['1', '0'] });
    expect(text).toContain('event: 0 # the class whose probability is told; by its name, 1 means censored');
  });

  it('that is the only, many-valued column of a file of labels is a value', async () => {
    const values = table('id,hba1c', (_, i) => (5 + (i % 29) / 10).toFixed(1));
    const { study } = await drafted(folderWith({ 'labels.csv': values, 'rna.csv': rna }));
    expect(study.target).toEqual({ file: 'labels.csv', kind: 'value', column: 'hba1c' });
  });

  it('has no more folds than subjects in its smallest class', async () => {
    const { study } = await drafted(
      folderWith({ 'labels.csv': table('id,ill', (_, i) => `${i < 3 ? 1 : 0}`), 'rna.csv': rna }),
    );
    expect(study.protocol).toMatchObject({ folds: 3, repeats: 5 });
  });
});

describe('survival', () => {
  const record = (header: string, row: (i: number) => string) => ({
    'clinical.csv': table(`id,age,${header}`, (_, i) => `${50 + (i % 7)},${row(i)}`),
    'rna.csv': rna,
  });
  const survivalOf = async (header: string, row: (i: number) => string, target?: string) => {
    const result = await drafted(folderWith(record(header, row)), target);
    const { file: _, ...entry } = result.study.target as { file: string; event: unknown };
    return { ...result, entry, features: features(result.loaded, 'clinical') };
  };
  const time = (i: number) => 12.5 + 1.5 * i;

  it.each<readonly [string, string, (i: number) => string, object]>([
    [
      'months and a column of 1 for censored',
      'survival_months,censorship',
      (i) => `${time(i)},${i % 4 ? 1 : 0}`,
      { time: 'survival_months', timeUnit: 'months', status: 'censorship', event: 0 },
    ],
    [
      'the abbreviations of the TCGA clinical resource, whose unit is guessed from the longest',
      'OS.time,OS',
      (i) => `${37 * i + 5},${i % 3 ? 0 : 1}`,
      { time: 'OS.time', timeUnit: 'days', status: 'OS', event: 1 },
    ],
    [
      'the words of cBioPortal',
      'OS_MONTHS,OS_STATUS',
      (i) => `${time(i)},${i % 3 ? '0:LIVING' : '1:DECEASED'}`,
      { time: 'OS_MONTHS', timeUnit: 'months', status: 'OS_STATUS', event: '1:DECEASED' },
    ],
    [
      'time and event',
      'time,event',
      (i) => `${i / 4 + 0.25},${i % 3 ? 0 : 1}`,
      { time: 'time', timeUnit: 'years', status: 'event', event: 1 },
    ],
    [
      'the codes of R',
      'futime,fustat',
      (i) => `${20 * i + 3},${i % 3 ? 1 : 2}`,
      { time: 'futime', timeUnit: 'days', status: 'fustat', event: 2 },
    ],
    [
      'relapse, with the last visit of those who had none',
      'days_to_relapse,days_to_last_followup,relapse',
      (i) => `${i % 3 ? '' : 90 + i},${i % 3 ? 400 + i : ''},${i % 3 ? 'no' : 'yes'}`,
      { time: ['days_to_relapse', 'days_to_last_followup'], timeUnit: 'days', status: 'relapse', event: 'yes' },
    ],
  ])('is drafted from %s', async (_, header, row, expected) => {
    const { entry, study, loaded, features } = await survivalOf(header, row);
    expect(entry).toEqual(expected);
    expect(loaded.target.kind).toBe('survival');
    expect(study.protocol?.metric).toBe('harrellC');
    expect(features).toEqual(['age']);
  });

  it('says why the unit and the event were taken', async () => {
    const { text } = await survivalOf('futime,fustat', (i) => `${20 * i + 3},${i % 3 ? 1 : 2}`);
    expect(text).toContain('timeUnit: days # guessed: no name says it, and the longest is 783');
    expect(text).toContain('event: 2 # guessed: R codes 1 for censored, 2 for the event');
  });

  it('of several end points is that of death of any cause; the others are told, and none is measured', async () => {
    const header = 'PFI.time,PFI,OS.time,OS,er_status';
    const row = (i: number) =>
      `${300 + 9 * i},${i % 2},${400 + 11 * i},${i % 3 ? 0 : 1},${(i >> 1) % 3 ? 'pos' : 'neg'}`;
    const { entry, undecided, features, text } = await survivalOf(header, row);
    expect(entry).toMatchObject({ time: 'OS.time', status: 'OS' });
    expect(features).toEqual(['age', 'er_status']);
    expect(undecided).toContain(
      'target: clinical.csv: PFI.time with PFI, 20 with the event, 20 censored, followed for up to 651 days is possible too (--target PFI.time)',
    );
    expect(text).toContain('- PFI.time # told by the follow-up, as the outcome is');
    expect((await survivalOf(header, row, 'PFI.time')).entry).toMatchObject({ time: 'PFI.time', status: 'PFI' });
  });

  it('in another table than the labels is told as possible, and its columns are not measured', async () => {
    const watched = table('id,bmi,time,event', (_, i) => `${20 + (i % 7)},${5 + 3 * i},${i % 3 ? 0 : 1}`);
    const { study, loaded, undecided } = await drafted(
      folderWith({ 'labels.csv': labels, 'followed.csv': watched, 'rna.csv': rna }),
    );
    expect(study.target).toMatchObject({ column: 'outcome' });
    expect(features(loaded, 'followed')).toEqual(['bmi']);
    expect(undecided.join()).toContain('time with event, 14 with the event, 26 censored');
  });

  it('that the product would refuse is not drafted, and the reason is told', async () => {
    const { entry, undecided } = await survivalOf('time,event', (i) => `${3 * i - 7},${i % 3 ? 0 : 1}`);
    expect(entry).toMatchObject({ column: 'event' });
    expect(undecided).toContain(
      'no survival by time and event: clinical.csv: column "time": subject "s01": not a survival time, expected a number of months above 0 (leave the cell empty to leave the subject out), got -7',
    );
  });

  it('has no more folds than events', async () => {
    const { study } = await survivalOf('time,event', (i) => `${3 * i + 1},${i < 3 ? 1 : 0}`);
    expect(study.protocol).toMatchObject({ folds: 3 });
  });

  it('leaves out a copy of the time under another name', async () => {
    const { features } = await survivalOf(
      'time,event,weeks_seen',
      (i) => `${30 * i + 1},${i % 3 ? 0 : 1},${(30 * i + 1) / 7}`,
    );
    expect(features).toEqual(['age']);
  });
});

describe('a clinical record', () => {
  const record = (header: string, row: (i: number) => string): Files => ({
    'labels.csv': labels,
    'rna.csv': rna,
    'clinical.csv': table(`id,age,note,${header}`, (_, i) => `${40 + (i % 23)},${i % 5 ? 'x' : 'y'},${row(i)}`),
  });
  const reasons = async (files: Files) => {
    const { text, loaded } = await drafted(folderWith(files));
    expect(features(loaded, 'clinical')).toEqual(['age', 'note']);
    return [...text.matchAll(/^ {6}- (.*)$/gm)].map(([, item]) => item);
  };

  it('is used without columns that follow-up, assays or treatment told', async () => {
    const names = 'days_to_death,OS_time,last_followup,pfs.event,date_of_visit,mRNA_cluster,PAM50,chemotherapy';
    const found = await reasons(
      record(names, (i) =>
        names
          .split(',')
          .map((_, j) => z(i, j))
          .join(),
      ),
    );
    expect(found).toEqual([
      'days_to_death # told by the follow-up, as the outcome is',
      'OS_time # told by the follow-up, as the outcome is',
      'last_followup # told by the follow-up, as the outcome is',
      'pfs.event # told by the follow-up, as the outcome is',
      'date_of_visit # calendar time, which goes with the length of follow-up',
      'mRNA_cluster # a published result of the assays, which may have seen the outcome',
      'PAM50 # a published result of the assays, which may have seen the outcome',
      'chemotherapy # treatment, which comes after the measurements or answers to them',
    ]);
  });

  it('is used without a column that alone tells the target', async () => {
    const found = await reasons(
      record('score,code,biopsy', (i) => `${(i % 2) * 9 + Number(z(i))},${i % 2 ? 'q' : 'r'},${i % 2 ? 10 + i : ''}`),
    );
    expect(found).toEqual([
      'score # alone it tells the target (AUROC 1.000)',
      "code # 'its values tell the target, one by one'".replaceAll("'", ''),
      'biopsy # whether it is empty tells the target',
    ]);
  });

  it('is used without names and columns that say the same of all', async () => {
    const found = await reasons(record('surname,sample_no,organ,blank', (i) => `Person-${i},${100 + i},liver,`));
    expect(found).toEqual([
      'surname # a name, different for every subject',
      'sample_no # a name, different for every subject',
      'organ # the same for everyone',
      'blank # empty',
    ]);
  });

  it('keeps what is known before the outcome', async () => {
    const header = 'days_to_birth,er_status,tumor_site,weight.kg.';
    const { loaded } = await drafted(
      folderWith(
        record(
          header,
          (i) => `${-9000 - 31 * (i % 13)},${i % 3 ? 'pos' : 'neg'},${i % 4 ? 'left' : 'right'},${60 + (i % 7)}`,
        ),
      ),
    );
    expect(features(loaded, 'clinical')).toEqual(['age', 'note', ...header.split(',')]);
  });

  it('does not measure the target under the same name in another table', async () => {
    const files = record('outcome', (i) => `${i % 2}`);
    expect(await reasons(files)).toEqual(['outcome # its values tell the target, one by one']);
  });
});

describe('a column that says where subjects were measured', () => {
  const genes = Array.from({ length: 70 }, (_, g) => `g${g}`);
  const row = (i: number) => genes.map((_, j) => Math.exp(Number(z(i, j))).toFixed(4)).join();
  const type = (i: number) => ['hESC', 'hiPSC', 'Fibroblast'][(5 * i) % 3];

  it('is no input, and proposed as site, in the table of the target', async () => {
    const wide = table(`id,study,celltype,${genes.join()}`, (_, i) => `${1 + (i % 4)},${type(i)},${row(i)}`);
    const { text, study, loaded, found } = await drafted(folderWith({ 'cells.csv': wide }));
    expect(found[0]).toBe('target: cells.csv: celltype, Fibroblast (13), hESC (14), hiPSC (13)');
    expect(features(loaded, 'cells')).toEqual(genes);
    expect(entry(study, 'cells').exclude).toEqual(['study']);
    expect(text).toContain('study # where or when it was measured: of use under "site" or "groups", not as an input');
    expect(text).toContain('\n# site: study\n');
  });

  it.each(['site', 'study', 'batch', 'center', 'hospital', 'plate', 'scanner'])(
    'nor is it under the name %s in another table, nor is a site proposed that the study could not read',
    async (name) => {
      const wide = table(`id,${name},${genes.join()}`, (_, i) => `${1 + (i % 4)},${row(i)}`);
      const { text, loaded } = await drafted(folderWith({ 'labels.csv': labels, 'rna.csv': wide }));
      expect(features(loaded, 'rna')).toEqual(genes);
      const [, site] = /^# (site: .*)$/m.exec(text) ?? [];
      expect(site).toBe(`site: { file: rna.csv, column: ${name} }`);
      const folder = folderWith({ 'labels.csv': labels, 'rna.csv': wide, 'study.yaml': `${text}${site}\n` });
      expect((await loadStudy(join(folder, 'study.yaml'))).sites?.slice(0, 5)).toEqual(['1', '2', '3', '4', '1']);
    },
  );

  it('is not one of many values, which is a measurement', async () => {
    const wide = table(`id,plate,${genes.join()}`, (_, i) => `${z(i, 3)},${row(i)}`);
    const { text, loaded } = await drafted(folderWith({ 'labels.csv': labels, 'rna.csv': wide }));
    expect(features(loaded, 'rna')).toEqual(['plate', ...genes]);
    expect(text).not.toContain('site:');
  });
});

it('without a name that speaks, the only column of words is the target; of two, none is', async () => {
  const wide = (more: string, words: (i: number) => string) =>
    folderWith({ 'cells.csv': table(`id,${more},g1,g2`, (_, i) => `${words(i)},${z(i)},${z(i, 1)}`) });
  const word = (i: number) => (i % 3 ? 'red' : 'blue');
  expect((await drafted(wide('colour', word))).loaded.target.name).toBe('colour');
  await expect(draftStudy(wide('colour,shade', (i) => `${word(i)},${i % 2 ? 'dark' : 'light'}`))).rejects.toThrow(
    'no column looks like a target',
  );
});

it('what goes with a value is told as such, since a value has no classes', async () => {
  const files = {
    'labels.csv': table('id,outcome', (_, i) => `${i * i}.5`),
    'clinical.csv': table('id,age,rank', (_, i) => `${50 + Number(z(i))},${i + 6 * Math.sin(i * 40)}`),
  };
  const { text } = await drafted(folderWith(files));
  expect(text).not.toContain('tells the target (AUROC');
  expect(text).toContain('alone it tells whether the target is above its median (AUROC 0.985)');
});

it('of an assay a column that tells the target is named, not left out: it may be a marker', async () => {
  const marker = table('id,g1,g2', (_, i) => `${(i % 2) * 9 + Number(z(i))},${z(i, 1)}`);
  const { undecided, loaded } = await drafted(folderWith({ 'labels.csv': labels, 'rna.csv': marker }));
  expect(undecided).toEqual([
    'rna.csv: g1 alone tells the target almost perfectly: measured, or the outcome in disguise?',
  ]);
  expect(features(loaded, 'rna')).toEqual(['g1', 'g2']);
});

it('tables of the same columns are told, since they may be two preparations of one measurement', async () => {
  const wide = (seed: number) => table('id,g1,g2,g3', (_, i) => `${z(i, seed)},${z(i, seed + 1)},${z(i, seed + 2)}`);
  const { undecided } = await drafted(folderWith({ 'labels.csv': labels, 'old.csv': wide(0), 'new.csv': wide(3) }));
  expect(undecided).toEqual(['new and old share 3 columns: keep one if they are the same measurement']);
});

it('units are those that names spell', async () => {
  const names = ['BUN.mg.dL.', 'ALT.IU.L.', 'weight (kg)', 'age_years', 'dose mg/kg', 'miR.L', 'T.g'];
  const { study } = await drafted(
    folderWith({
      'labels.csv': labels,
      'blood.csv': table(`id,${names.join()}`, (_, i) => names.map((_, j) => 1.5 + i + j).join()),
    }),
  );
  const columns = entry(study, 'blood').columns as Record<string, { unit?: string }>;
  expect(names.map((name) => columns[name].unit)).toEqual([
    'mg/dL',
    'IU/L',
    'kg',
    'years',
    'mg/kg',
    undefined,
    undefined,
  ]);
});

it('a table with text among numbers is drafted as it is, and the draft says what is to be mended', async () => {
  const folder = folderWith({ 'labels.csv': labels, 'rna.csv': rna.replace(/^(s05,)[^,]*/m, '$1high') });
  const { text, undecided } = await draftStudy(folder);
  expect(parseStudy(text, 'study.yaml').modalities.rna).toEqual({ file: 'rna.csv' });
  expect(undecided).toHaveLength(1);
  expect(undecided[0]).toMatch(/^rna\.csv: line 6, column "g1": text in a numeric column/);
  expect(unfolded(text)).toContain('# To be mended before use: rna.csv: line 6, column "g1": text in a numeric column');
});

describe('a folder is refused', () => {
  const refusal = async (files: Files, target?: string) => {
    const folder = folderWith(files);
    const error = await draftStudy(folder, target === undefined ? {} : { target }).catch((thrown: Error) => thrown);
    return error instanceof Error ? error.message.replaceAll(folder + sep, '').replaceAll(folder, 'DIR') : error;
  };

  it('that is not there', async () => {
    const folder = join(folderWith({}), 'nowhere');
    await expect(draftStudy(folder)).rejects.toThrow(
      `init: no such folder, expected a folder with CSV or TSV files, got ${folder}`,
    );
  });

  it.each<readonly [string, Files, string | undefined, string]>([
    [
      'without a table',
      { 'a.xlsx': '' },
      undefined,
      'DIR: no table to read, expected CSV or TSV files, got no such file',
    ],
    [
      'whose only table cannot be read',
      { 'a.csv': '' },
      undefined,
      'DIR: no table to read, expected CSV or TSV files, got a.csv: empty file, expected a header and rows, got 0 bytes',
    ],
    [
      'whose only table has several rows a subject',
      { 'a.csv': table('id,x', (_, i) => `${i % 2}`, [...subjects, ...subjects, ...subjects]) },
      undefined,
      'DIR: no table to use, expected CSV or TSV files with a row or a column for each subject, got a.csv: no column names one subject a row; left out',
    ],
    [
      'without anything that looks like a target',
      { 'clinical.csv': table('id,sex,age', (_, i) => `${i % 2 ? 'm' : 'f'},${i * 1.5}`), 'rna.csv': rna },
      undefined,
      'DIR: no column looks like a target, expected --target COLUMN, got columns of few values: sex',
    ],
    [
      'without the target that is named',
      { 'labels.csv': labels, 'rna.csv': rna },
      'outcom',
      '--target: no table has a column "outcom", expected a column such as outcome, g1, g2',
    ],
    [
      'where the named target is neither classes nor numbers',
      { 'labels.csv': labels, 'rna.csv': rna, 'notes.csv': table('id,note,age', (id, i) => `note ${id},${i}`) },
      'note',
      'notes.csv: column "note": 40 different values in 40 subjects, which are no classes, expected at most 50 classes that subjects share (or target.kind: value for a measurement, target.time and target.status for survival), got note s01, note s02, note s03, ...',
    ],
    [
      'without measurements beside the target',
      { 'labels.csv': labels },
      undefined,
      'DIR: nothing to tell the target from, expected measurements beside labels.csv: outcome',
    ],
  ])('%s', async (_, files, target, message) => {
    expect(await refusal(files, target)).toEqual(message);
  });
});

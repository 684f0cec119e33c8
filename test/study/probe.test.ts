import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { it } from 'vitest';
import { compareStudy } from '../../src/study/compare-study.node.ts';
import { type Files, folderWith, smallFiles, study, subjects, table } from './small-study.ts';

const cases: Record<string, Files> = {
  'unknown include': { 'study.yaml': study({ modalities: '  rna: { file: rna.csv, include: [g1, g9] }' }) },
  'unknown target column': { 'study.yaml': study({ target: '{ file: labels.csv, column: il }' }) },
  'unknown key': { 'study.yaml': study({ modalities: '  rna: { file: rna.csv, key: patient }' }) },
  'unknown columns': { 'study.yaml': study({ modalities: '  rna: { file: rna.csv, columns: { g7: { scale: ratio } } }' }) },
  'key column in columns': { 'study.yaml': study({ modalities: '  rna: { file: rna.csv, exclude: [id] }' }) },
  'dup subject': { 'rna.csv': table('id,g1', (_, i) => `${i}`, ['s01', 's02', 's01']) },
  'dup label': { 'labels.csv': table('id,ill', (_, i) => `${i % 2}`, ['s01', 's02', 's01']) },
  'empty column': { 'rna.csv': table('id,g1,g2', (_, i) => `${i},`) },
  'empty modality': { 'rna.csv': table('id,g1,g2', () => 'NA,') },
  'one class': { 'labels.csv': table('id,ill', () => '1') },
  'few subjects': { 'study.yaml': study({ protocol: '{ folds: 50 }' }) },
  'few inner': { 'study.yaml': study({ protocol: '{ folds: 3, repeats: 1, inner: 50 }' }) },
  'nan target': { 'labels.csv': table('id,ill', (_, i) => (i === 4 ? 'NaN' : `${i % 2}`)) },
  'inf target': { 'labels.csv': table('id,ill', (_, i) => (i === 4 ? 'Inf' : `${i % 2}`)) },
  'inf text target': { 'labels.csv': table('id,ill', (_, i) => (i === 4 ? '-inf' : i % 2 ? 'yes' : 'no')) },
  '1e999 target': { 'labels.csv': table('id,ill', (_, i) => (i === 4 ? '1e999' : `${i % 2}`)) },
  'text num': { 'rna.csv': table('id,g1', (_, i) => (i === 4 ? 'high' : `${i}`)) },
  'text num few': { 'rna.csv': table('id,g1', (_, i) => (i > 4 ? 'high' : `${i}`)) },
  'all text declared': { 'study.yaml': study({ modalities: '  clinical: { file: clinical.csv, scale: ratio }' }) },
  'inf value': { 'rna.csv': table('id,g1', (_, i) => (i === 4 ? 'inf' : `${i}`)) },
  '0 byte': { 'rna.csv': '' },
  '0 byte gz': { 'rna.csv.gz': '', 'study.yaml': study({ modalities: '  rna: rna.csv.gz' }) },
  'trunc gz': { 'rna.csv.gz': gzipSync(table('id,g1', (_, i) => `${i}`)).subarray(0, -20), 'study.yaml': study({ modalities: '  rna: rna.csv.gz' }) },
  'text as gz': { 'rna.csv.gz': table('id,g1', (_, i) => `${i}`), 'study.yaml': study({ modalities: '  rna: rna.csv.gz' }) },
  'unknown opt': { 'study.yaml': study({ more: 'protocl: 3' }) },
  'unknown opt2': { 'study.yaml': study({ protocol: '{ fold: 3 }' }) },
  'unknown opt3': { 'study.yaml': study({ modalities: '  rna: { file: rna.csv, scal: ratio }' }) },
  'unknown opt4': { 'study.yaml': study({ target: '{ file: labels.csv, colum: ill }' }) },
  'unknown opt5': { 'study.yaml': study({ modalities: '  rna: { file: rna.csv, prepare: [{ kind: impute, option: {} }] }' }) },
  'unknown opt6': { 'study.yaml': study({ modalities: '  rna: { file: rna.csv, prepare: [{ kind: impute, options: { with: median } }] }' }) },
  'unknown step': { 'study.yaml': study({ modalities: '  rna: { file: rna.csv, prepare: [imput] }' }) },
  'unknown step2': { 'study.yaml': study({ modalities: '  rna: { file: rna.csv, prepare: [{ kind: imput }] }' }) },
  'unknown columns opt': { 'study.yaml': study({ modalities: '  rna: { file: rna.csv, columns: { g1: { scal: ratio } } }' }) },
  'unknown scale': { 'study.yaml': study({ modalities: '  rna: { file: rna.csv, scale: real }' }) },
  'unknown strategy': { 'study.yaml': study({ more: 'strategies: [late:means]' }) },
  'wrong type': { 'study.yaml': study({ protocol: '{ folds: three }' }) },
  'wrong type2': { 'study.yaml': study({ protocol: '{ folds: 1 }' }) },
  'wrong type3': { 'study.yaml': study({ modalities: '  rna: 3' }) },
  'wrong type4': { 'study.yaml': study({ modalities: '  rna: [rna.csv]' }) },
  'no file': { 'study.yaml': study({ modalities: '  rna: { scale: ratio }' }) },
  'no target': { 'study.yaml': 'modalities:\n  rna: rna.csv\n' },
  'no modalities': { 'study.yaml': 'target: labels.csv\n' },
  'empty modalities': { 'study.yaml': 'target: labels.csv\nmodalities: {}\n' },
  'null modalities': { 'study.yaml': 'target: labels.csv\nmodalities:\n' },
  'yaml typo': { 'study.yaml': 'target: labels.csv\nmodalities: [rna: rna.csv\nseed: 3\n' },
  'yaml typo2': { 'study.yaml': 'target: labels.csv\n  modalities:\n    rna: rna.csv\n' },
  'yaml tab': { 'study.yaml': 'target: labels.csv\nmodalities:\n\trna: rna.csv\n' },
  'yaml dup': { 'study.yaml': 'target: labels.csv\ntarget: labels.csv\nmodalities:\n  rna: rna.csv\n' },
  'yaml colon': { 'study.yaml': 'target: labels.csv\nmodalities:\n  rna rna.csv\n' },
  'yaml empty': { 'study.yaml': '' },
  'yaml list': { 'study.yaml': '- a\n- b\n' },
  'yaml two docs': { 'study.yaml': `${study()}---\nseed: 3\n` },
  'newer': { 'study.yaml': study({ more: 'version: 2' }) },
  'other kind': { 'study.yaml': study({ more: 'kind: comparison' }) },
  'unknown file': { 'study.yaml': study({ modalities: '  rna: rnaa.csv' }) },
  'dir as file': { 'study.yaml': study({ modalities: '  rna: .' }) },
  'unset name': { 'study.yaml': study({ modalities: "  rna: '${COHORT_FOLDER}/rna.csv'" }) },
  'both parts': {
    'a.csv': table('id,g1', (_, i) => `${i}`, subjects.slice(0, 20)),
    'b.csv': table('id,g1', (_, i) => `${i}`, subjects.slice(18, 40)),
    'study.yaml': study({ modalities: '  rna: { file: { train: a.csv, test: b.csv } }' }),
  },
  'no common': { 'rna.csv': table('id,g1', (_, i) => `${i}`, ['x1', 'x2', 'x3']) },
  'no common transposed': { 'rna.csv': `gene,${subjects.join()}\nTP53,${subjects.map((_, i) => i).join()}\nKRAS,${subjects.map((_, i) => i * 2).join()}\n` },
  'role unknown': { 'split.csv': table('id,role', (_, i) => (i < 20 ? 'train' : i < 39 ? 'test' : 'tset')), 'study.yaml': study({ more: 'split: { file: split.csv }', protocol: '{ inner: 3 }' }) },
  'role unknown all': { 'split.csv': table('id,role', (_, i) => (i < 20 ? 'fit' : 'eval')), 'study.yaml': study({ more: 'split: { file: split.csv }', protocol: '{ inner: 3 }' }) },
  'role both': { 'split.csv': table('id,role', (_, i) => (i < 20 ? 'train' : 'test')) + 's01,test\n', 'study.yaml': study({ more: 'split: { file: split.csv }', protocol: '{ inner: 3 }' }) },
  'role missing': { 'split.csv': table('id,role', (_, i) => (i < 20 ? 'train' : i < 39 ? 'test' : '')), 'study.yaml': study({ more: 'split: { file: split.csv }', protocol: '{ inner: 3 }' }) },
  'no role column': { 'split.csv': table('id,part', (_, i) => (i < 20 ? 'train' : 'test')), 'study.yaml': study({ more: 'split: { file: split.csv }', protocol: '{ inner: 3 }' }) },
  'split no common': { 'split.csv': table('id,role', (_, i) => (i < 1 ? 'train' : 'test'), ['x', 'y']), 'study.yaml': study({ more: 'split: { file: split.csv }', protocol: '{ inner: 3 }' }) },
  'single': { 'labels.csv': table('id,ill', (_, i) => (i === 0 ? '2' : `${i % 2}`)) },
  'class < folds': { 'labels.csv': table('id,ill', (_, i) => (i < 2 ? '1' : '0')) },
  'not declared': { 'study.yaml': study({ target: '{ file: labels.csv, classes: [well, ill] }' }) },
  'event': { 'study.yaml': study({ target: '{ file: labels.csv, event: dead }' }) },
  'class without subjects': { 'study.yaml': study({ target: '{ file: labels.csv, classes: [0, 1, 2] }' }) },
  'group missing': { 'labels.csv': table('id,ill,site', (_, i) => `${i % 2},${i === 3 ? '' : i % 5}`), 'study.yaml': study({ target: '{ file: labels.csv, column: ill }', more: 'groups: site' }) },
  'group column missing': { 'study.yaml': study({ more: 'groups: site' }) },
  'few groups': { 'labels.csv': table('id,ill,site', (_, i) => `${i % 2},${i % 2}`), 'study.yaml': study({ target: '{ file: labels.csv, column: ill }', more: 'groups: site' }) },
  'given without split': { 'study.yaml': study({ protocol: '{ kind: given }' }) },
  'target many columns': { 'labels.csv': table('id,ill,site', (_, i) => `${i % 2},${i % 5}`) },
  'target continuous': { 'labels.csv': table('id,ill', (_, i) => `${i * 1.5}`) },
  'target empty': { 'labels.csv': table('id,ill', () => '') },
  'labels only train': { 'study.yaml': study({ target: '{ file: { train: labels.csv } }', protocol: '{ inner: 3 }' }) },
  'ragged': { 'rna.csv': 'id,g1\ns01,1\ns02\n' },
  'metric': { 'study.yaml': study({ protocol: '{ metric: auc }' }) },
  'auroc multiclass': { 'labels.csv': table('id,ill', (_, i) => `${i % 3}`), 'study.yaml': study({ protocol: '{ metric: f1, folds: 3, repeats: 1 }' }) },
};

it('probe', async () => {
  for (const [name, files] of Object.entries(cases)) {
    const folder = folderWith(smallFiles(files));
    try {
      const { comparison } = await compareStudy(join(folder, 'study.yaml'), { jobs: 1 });
      console.log(`${name} => RAN ${comparison.warnings.map((w) => w.message).join(' | ')}`);
    } catch (error) {
      console.log(`${name} => ${(error as Error).name}: ${(error as Error).name === 'InputError' ? (error as Error).message : (error as Error).stack}`);
    }
  }
}, 200000);

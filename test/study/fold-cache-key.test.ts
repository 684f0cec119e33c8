import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultMetric } from '../../src/evaluate/compare.ts';
import { modalitySubsets } from '../../src/evaluate/grid.ts';
import { planFolds } from '../../src/evaluate/protocol.ts';
import { codeHash, foldKeys } from '../../src/study/fold-key.node.ts';
import { loadStudy } from '../../src/study/load.node.ts';
import { protocolOf } from '../../src/study/protocol.ts';
import { strategiesOf } from '../../src/study/strategies.ts';
import { type Files, folderWith, smallFiles, study } from './small-study.ts';

/** Keys of the study's folds, as `compareStudy` has them made. */
async function keysOf(files: Files = {}, { seed = 0, code = codeHash() } = {}): Promise<string[]> {
  const loaded = await loadStudy(join(folderWith(smallFiles(files)), 'study.yaml'));
  const { cohort, target } = loaded;
  const names = cohort.blocks.map(({ modality }) => modality.name);
  const inner = loaded.study.protocol?.inner ?? 5;
  const folds = planFolds(target, protocolOf(loaded.study.protocol, target, loaded.splits), { seed, inner });
  const strategies = strategiesOf(loaded.study, names, loaded.study.protocol?.metric ?? defaultMetric(target));
  return foldKeys({ cohort, target, strategies, grid: modalitySubsets(names) }, folds, code);
}

const cell = (file: string, from: RegExp, to: string): Files => {
  const text = smallFiles()[file] as string;
  expect(text).toMatch(from);
  return { [file]: text.replace(from, to) };
};

describe('the key of a fold', () => {
  it('is a SHA-256 of its own for each fold', async () => {
    const keys = await keysOf();
    expect(keys).toHaveLength(3);
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(keys).size).toBe(3);
  });

  it.each<[string, Files]>([
    ['a study read again from another folder', {}],
    ['a comment and another title', { 'study.yaml': `# of March\n${study({ more: 'title: Another\n' })}` }],
    ['another order of rows', { 'rna.csv': reversed(smallFiles()['rna.csv'] as string) }],
    ['another margin', { 'study.yaml': study({ protocol: '{ folds: 3, repeats: 1, inner: 3, margin: 0.1 }' }) }],
  ])('does not depend on %s', async (_, files) => {
    expect(await keysOf(files)).toEqual(await keysOf());
  });

  it.each<[string, Files]>([
    ['one cell', cell('rna.csv', /^(s07,)[^,]*/m, '$10.125')],
    ['a cell that is missing', cell('rna.csv', /^(s07,)[^,]*/m, '$1')],
    ['the last digit of a cell', cell('clinical.csv', /0$/m, '1')],
    ['the name of a feature', cell('rna.csv', /g2/, 'g4')],
    ['the id of a subject', cell('rna.csv', /^s40/m, 's41')],
    ['the name of a class', { 'study.yaml': study({ target: '{ file: labels.csv, names: { 0: no } }' }) }],
    [
      'a scale',
      {
        'study.yaml': study({
          modalities: '  rna: rna.csv\n  clinical: { file: clinical.csv, columns: { age: { scale: interval } } }',
        }),
      },
    ],
    [
      'an option of a step',
      {
        'study.yaml': study({
          modalities: '  rna: { file: rna.csv, prepare: [impute, robust-scale] }\n  clinical: clinical.csv',
        }),
      },
    ],
    ['an option of a model', { 'study.yaml': study({ more: 'logistic: { classWeight: balanced }\n' }) }],
    [
      'the metric that chooses the best modality',
      { 'study.yaml': study({ protocol: '{ folds: 3, repeats: 1, inner: 3, metric: brier }' }) },
    ],
    ['the inner folds', { 'study.yaml': study({ protocol: '{ folds: 3, repeats: 1, inner: 4 }' }) }],
    ['the strategies', { 'study.yaml': study({ more: 'strategies: [single, "late:mean"]\n' }) }],
  ])('changes with %s', async (_, files) => {
    const known = new Set(await keysOf());
    expect((await keysOf(files)).filter((key) => known.has(key))).toEqual([]);
  });

  it('changes with the seed and with the code', async () => {
    const known = new Set(await keysOf());
    expect((await keysOf({}, { seed: 1 })).filter((key) => known.has(key))).toEqual([]);
    expect((await keysOf({}, { code: 'other' })).filter((key) => known.has(key))).toEqual([]);
  });
});

function reversed(text: string): string {
  const [header, ...rows] = text.trimEnd().split('\n');
  return `${[header, ...rows.reverse()].join('\n')}\n`;
}

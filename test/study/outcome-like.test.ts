import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadStudy } from '../../src/study/load.node.ts';
import { folderWith, smallFiles, study, table } from './small-study.ts';

const load = (clinical: string) =>
  loadStudy(
    join(
      folderWith({
        ...smallFiles(),
        'clinical.csv': clinical,
        'study.yaml': study({ modalities: '  clinical: clinical.csv', target: '{ file: labels.csv, column: ill }' }),
      }),
      'study.yaml',
    ),
  );

describe('a column that tells the outcome one to one', () => {
  it('is warned of under any name, in any spelling of the classes', async () => {
    const { warnings } = await load(table('id,age,died', (_, i) => `${50 + (i % 7)},${i % 2 ? 'yes' : 'no'}`));
    expect(warnings.map(({ code }) => code)).toEqual(['outcome-like-column']);
    expect(warnings[0].message).toBe(
      'clinical: died tells ill one to one; if it was derived from the outcome, exclude it',
    );
  });

  it('is refused under the name of the target', async () => {
    await expect(load(table('id,age,ill', (_, i) => `${50 + (i % 7)},${i % 2}`))).rejects.toThrow(
      'modality clinical: column "ill" is the target itself, expected a modality without it (exclude: [ill])',
    );
  });

  it('is not one that agrees with it nearly always', async () => {
    const { warnings } = await load(table('id,age,died', (_, i) => `${50 + (i % 7)},${i === 0 ? 1 : i % 2}`));
    expect(warnings).toEqual([]);
  });
});

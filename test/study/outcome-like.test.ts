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

const time = (i: number) => 30 + ((i * 61) % 997);
const watched = (clinical: string, target = 'time: time, status: state') =>
  loadStudy(
    join(
      folderWith({
        ...smallFiles(),
        'labels.csv': table('id,time,state', (_, i) => `${time(i)},${i % 3 ? 0 : 1}`),
        'clinical.csv': clinical,
        'study.yaml': study({ modalities: '  clinical: clinical.csv', target: `{ file: labels.csv, ${target} }` }),
      }),
      'study.yaml',
    ),
  );

describe('a column that goes with the survival time or the value', () => {
  it.each<readonly [string, (i: number) => string]>([
    ['in another unit', (i) => (time(i) / 30.4375).toFixed(6)],
    ['rounded to whole months', (i) => (time(i) / 30.4375).toFixed(0)],
    ['turned round', (i) => `${5000 - time(i)}`],
    ['as its logarithm', (i) => Math.log(time(i)).toFixed(4)],
    ['of those alone who had the event', (i) => (i % 3 ? '' : `${time(i)}`)],
  ])('is warned of: %s', async (_, cell) => {
    const { warnings } = await watched(table('id,age,x', (_, i) => `${50 + (i % 7)},${cell(i)}`));
    expect(warnings).toEqual([
      {
        code: 'outcome-like-column',
        message:
          'clinical: x goes with the time of state as a copy in another unit or on another scale does; if it was derived from the outcome, exclude it',
      },
    ]);
  });

  it('is warned of beside a value as well', async () => {
    const { warnings } = await watched(
      table('id,age,x', (_, i) => `${50 + (i % 7)},${time(i) / 7}`),
      'column: time, kind: value',
    );
    expect(warnings).toEqual([
      {
        code: 'outcome-like-column',
        message:
          'clinical: x goes with time as a copy in another unit or on another scale does; if it was derived from the outcome, exclude it',
      },
    ]);
  });

  it('is told beside others of its kind, apart from columns that tell who had the event', async () => {
    const { warnings } = await watched(
      table(
        'id,age,x,y,died',
        (_, i) => `${50 + (i % 7)},${time(i) / 7},${Math.sqrt(time(i))},${i % 3 ? 'no' : 'yes'}`,
      ),
    );
    expect(warnings.map(({ message }) => message)).toEqual([
      'clinical: x, y go with the time of state as a copy in another unit or on another scale does; if they were derived from the outcome, exclude them',
      'clinical: died tells state one to one; if it was derived from the outcome, exclude it',
    ]);
  });

  it('is told by what it tells where it only says which half of the values a subject is in', async () => {
    const middle = Array.from({ length: 40 }, (_, i) => time(i)).sort((a, b) => a - b)[20];
    const { warnings } = await watched(
      table('id,age,high', (_, i) => `${50 + (i % 7)},${time(i) >= middle ? 'yes' : 'no'}`),
      'column: time, kind: value',
    );
    expect(warnings.map(({ message }) => message)).toEqual([
      'clinical: high tells whether time is above its median one to one; if it was derived from the outcome, exclude it',
    ]);
  });

  it('is not one that is only strongly correlated with it', async () => {
    const noisy = table('id,age,x', (_, i) => `${50 + (i % 7)},${time(i) + 25 * Math.sin(17 * i)}`);
    expect((await watched(noisy)).warnings).toEqual([]);
  });

  it('is refused under the name of one of the columns of the target', async () => {
    await expect(watched(table('id,age,time', (_, i) => `${50 + (i % 7)},${time(i) / 7}`))).rejects.toThrow(
      'modality clinical: column "time" is the target itself, expected a modality without it (exclude: [time])',
    );
  });
});

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

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectStudy } from '../../src/study/inspect-study.node.ts';
import { folderWith, smallFiles, study, table } from '../study/small-study.ts';

const inspected = (clinical: string) => {
  const files = smallFiles({
    'labels.csv': table('id,time,state', (_, i) => `${30 + ((i * 61) % 997)},${i % 3 ? 0 : 1}`),
    'clinical.csv': clinical,
    'study.yaml': study({ target: '{ file: labels.csv, time: time, status: state }' }),
  });
  return inspectStudy(join(folderWith(files), 'study.yaml'));
};

describe('an inspection of a survival target', () => {
  it('counts events and censored, and says what that leaves aside', async () => {
    const { study: of, warnings } = await inspected(table('id,age', (_, i) => `${50 + (i % 7)}`));
    expect(of.target).toEqual({ name: 'state', classes: ['censored', 'event'], classCounts: [26, 14] });
    expect(warnings.map(({ code }) => code)).toContain('target-as-classes');
  });

  it('tells columns that hold the time, and those that by their names come from the follow-up', async () => {
    const leaking = table(
      'id,age,x,PFI.time',
      (_, i) => `${50 + (i % 7)},${(30 + ((i * 61) % 997)) / 7},${(i * 7) % 31}`,
    );
    const said = (await inspected(leaking)).warnings.filter(({ code }) => /like|telling/.test(code));
    expect(said.map(({ code, message }) => `${code}: ${message.split(' ')[1]}`)).toEqual([
      'outcome-like-column: x',
      'telling-name: PFI.time',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { alignSubjects } from '../../src/align/subjects.ts';

describe('aligned subjects', () => {
  const labels = { name: 'labels.csv', ids: ['s3', 's1', 's2'] };

  it('are those of the target, sorted, whatever the order of files', () => {
    const { subjects, rows } = alignSubjects(labels, [{ name: 'rna.csv', ids: ['s2', 's3', 's1'] }]);
    expect(subjects).toEqual(['s1', 's2', 's3']);
    expect(rows.map((row) => [...row])).toEqual([[2, 0, 1]]);
  });

  it('have row -1 in a table that lacks them', () => {
    const { rows } = alignSubjects(labels, [{ name: 'rna.csv', ids: ['s2'] }]);
    expect([...rows[0]]).toEqual([-1, 0, -1]);
  });

  it('leave aside those without a target, by table', () => {
    const tables = [
      { name: 'rna.csv', ids: ['s1', 'x', 'y'] },
      { name: 'ct.csv', ids: ['s2'] },
    ];
    expect(alignSubjects(labels, tables).unmatched).toEqual([['x', 'y'], []]);
  });

  it('are compared to the letter: an id is a name, not a number', () => {
    const { unmatched } = alignSubjects({ name: 'labels.csv', ids: ['1', '02'] }, [
      { name: 'rna.csv', ids: ['01', '02'] },
    ]);
    expect(unmatched).toEqual([['01']]);
  });

  it('do not change the ids that were handed over', () => {
    const ids = Object.freeze(['b', 'a']);
    alignSubjects({ name: 'labels.csv', ids }, []);
    expect(ids).toEqual(['b', 'a']);
  });

  it('refuse a table without any of them', () => {
    expect(() => alignSubjects(labels, [{ name: 'rna.csv', ids: ['TCGA-1', 'TCGA-2', 'TCGA-3'] }])).toThrow(
      'rna.csv: no subject in common with labels.csv, expected ids such as "s1", "s2", got "TCGA-1", "TCGA-2"',
    );
  });

  it('refuse a table that has them in its header, with the way to read it', () => {
    const turned = { name: 'rna.csv', ids: ['TP53', 'KRAS'], columns: [{ name: 's1' }, { name: 's9' }] };
    expect(() => alignSubjects(labels, [turned])).toThrow(
      'rna.csv: no subject in common with labels.csv, but its columns are subjects, expected orientation: features-by-subjects, got subjects-by-features',
    );
  });
});

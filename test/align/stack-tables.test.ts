import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stackTables } from '../../src/align/stack-tables.ts';
import { textOf } from '../../src/describe/describe-table.ts';
import { tableOf } from '../describe/table-of.ts';

const stacked = async (first: string, second: string) =>
  stackTables(await tableOf(first, { name: 'train.csv' }), await tableOf(second, { name: 'test.csv' }));

const columnsOf = ({ columns, ids }: Awaited<ReturnType<typeof stacked>>) =>
  Object.fromEntries(columns.map((column) => [column.name, ids.map((_, row) => textOf(column, row))]));

describe('stacked tables', () => {
  it('have the subjects of both, one under the other', async () => {
    const both = await stacked('id,x,y\na,1,2\nb,3,\n', 'id,x,y\nc,5,6\n');
    expect(both.name).toBe('train.csv and test.csv');
    expect(both.ids).toEqual(['a', 'b', 'c']);
    expect(columnsOf(both)).toEqual({ x: ['1', '3', '5'], y: ['2', undefined, '6'] });
    expect(both.columns[0]).toMatchObject({ kind: 'number', whole: true, min: 1, max: 5 });
    expect(both.warnings).toEqual([]);
  });

  it('match columns by name, not by place', async () => {
    const both = await stacked('id,x,y\na,1,2\n', 'id,y,x\nb,4,3\n');
    expect(columnsOf(both)).toEqual({ x: ['1', '3'], y: ['2', '4'] });
  });

  it('know a fraction in either part', async () => {
    const both = await stacked('id,x\na,1\n', 'id,x\nb,2.5\n');
    expect(both.columns[0]).toMatchObject({ whole: false, min: 1, max: 2.5 });
  });

  it('take no extent from a part without values', async () => {
    const both = await stacked('id,x\na,\n', 'id,x\nb,7\n');
    expect(both.columns[0]).toMatchObject({ min: 7, max: 7 });
  });

  it('merge levels, also where one part looks like numbers', async () => {
    const both = await stacked('id,grade\na,1\nb,2\n', 'id,grade\nc,high\nd,2\n');
    expect(both.columns[0]).toMatchObject({ kind: 'text', levels: ['1', '2', 'high'], numeric: 3 });
    expect(columnsOf(both)).toEqual({ grade: ['1', '2', 'high', '2'] });
  });

  it('say which columns one part lacks, where they are missing', async () => {
    const both = await stacked('id,x,old\na,1,2\n', 'id,x,new\nb,3,4\n');
    expect(columnsOf(both)).toEqual({ x: ['1', '3'], old: ['2', undefined], new: [undefined, '4'] });
    expect(both.warnings).toEqual([
      { code: 'column-in-one-part', message: '1 column of train.csv not in test.csv, missing there: old' },
      { code: 'column-in-one-part', message: '1 column of test.csv not in train.csv, missing there: new' },
    ]);
  });

  it('refuse a subject who stands in both', async () => {
    await expect(stacked('id,x\na,1\nb,2\n', 'id,x\nb,3\na,4\nc,5\n')).rejects.toThrow(
      'train.csv and test.csv: 2 subjects in both parts, expected every subject in one, got "b", "a"',
    );
  });

  it('are what the whole file would have been, wherever it is cut', async () => {
    const cell = fc.oneof(fc.integer({ min: -99, max: 99 }).map(String), fc.constantFrom('low', 'high', ''));
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 2, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(rows, fc.nat(), async (cells, cut) => {
        const lines = cells.map(([x, y], i) => `s${i},${x},${y}`);
        const at = 1 + (cut % (lines.length - 1));
        const csv = (some: readonly string[]) => `id,x,y\n${some.join('\n')}\n`;
        const whole = await tableOf(csv(lines));
        const both = await stacked(csv(lines.slice(0, at)), csv(lines.slice(at)));
        expect(both.ids).toEqual(whole.ids);
        expect(columnsOf(both)).toEqual(columnsOf(whole));
        const shape = (columns: typeof whole.columns) =>
          columns.map((column) =>
            column.kind === 'text' ? [...column.levels, column.numeric] : [column.min, column.max],
          );
        expect(shape(both.columns)).toEqual(shape(whole.columns));
      }),
      { numRuns: 60 },
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { SubjectPrediction } from '../../src/evaluate/comparison.ts';
import { readParquet } from '../../src/read/parquet/parquet.ts';
import type { Column } from '../../src/read/table/table.ts';
import { predictionsParquet } from '../../src/report/parquet.ts';
import { predictionsCsv } from '../../src/report/predictions.ts';

const row = (subject: string, more: Partial<SubjectPrediction>): SubjectPrediction => ({
  repeat: 1,
  fold: 2,
  subject,
  strategy: 'late:mean',
  truth: 'ill',
  present: ['rna', 'clinical'],
  basis: 'modalities',
  ...more,
});

const cell = (column: Column, i: number): string | number =>
  column.kind === 'number' ? column.values[i] : column.observed[i] ? column.levels[column.codes[i]] : '';

/** Through the reader of Parquet, whose rows need a key: the subject. */
async function cells(bytes: Uint8Array): Promise<{ readonly names: string[]; readonly rows: (string | number)[][] }> {
  const { ids, columns } = await readParquet(bytes, { name: 'p', key: 'subject', repeatedIds: 'allow' });
  return {
    names: columns.map(({ name }) => name),
    rows: ids.map((id, i) => [id, ...columns.map((column) => cell(column, i))]),
  };
}

describe('predictionsParquet', () => {
  it.each([
    ['classes', [{ probability: [0.25, 0.75] }, { probability: [1 / 3, 2 / 3], present: [], basis: 'prior' as const }]],
    [
      'survival',
      [
        { truth: '120', event: true, risk: 1.25 },
        { truth: '33.5', event: false, risk: -1 / 3 },
      ],
    ],
    [
      'values',
      [
        { truth: '2.5', value: 2.25 },
        { truth: '1', value: 1 / 3 },
      ],
    ],
  ])('has the columns and figures of predictions.csv: %s', async (_, said) => {
    const rows = said.map((one, i) => row(`s${i}`, one));
    const classes = ['well', 'ill'];
    const [header, ...lines] = predictionsCsv(rows, classes)
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const { names, rows: read } = await cells(await predictionsParquet(rows, classes));
    expect(names).toEqual(header.filter((name) => name !== 'subject'));
    lines.forEach((line, i) => {
      const [, ...values] = read[i];
      const inOrder = header.map((name) => (name === 'subject' ? read[i][0] : values[names.indexOf(name)]));
      expect(
        inOrder.map((value) => (typeof value === 'number' ? String(Number(value.toPrecision(7))) : value)),
      ).toEqual(line);
    });
  });
});

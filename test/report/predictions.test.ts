import Papa from 'papaparse';
import { expect, it } from 'vitest';
import { predictionsCsv } from '../../src/report/predictions.ts';
import { syntheticComparison, syntheticPredictions } from './comparison.fixture.ts';

const comparison = syntheticComparison({ modalities: ['rna', 'notes'], classes: ['alive, well', 'dead'] });
const rows = syntheticPredictions(comparison);
const text = predictionsCsv(rows, comparison.study.target.classes);
const read = Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true });

it('predictions.csv has a row for each subject, fold and strategy, a probability for each class', () => {
  expect(read.errors).toEqual([]);
  expect(read.meta.fields).toEqual([
    'repeat',
    'fold',
    'subject',
    'strategy',
    'truth',
    'predicted',
    'p:alive, well',
    'p:dead',
    'present',
    'basis',
  ]);
  expect(read.data).toHaveLength(rows.length);
});

it('predictions.csv gives back what was written', () => {
  for (const [at, row] of read.data.entries()) {
    expect(Number(row['p:dead'])).toBeCloseTo(rows[at].probability[1], 6);
    expect(row.present).toBe(rows[at].present.join('+'));
    expect(row.predicted).toBe(rows[at].probability[0] >= rows[at].probability[1] ? 'alive, well' : 'dead');
    expect([row.strategy, row.subject, row.basis]).toEqual([rows[at].strategy, rows[at].subject, rows[at].basis]);
  }
});

it('predictions.csv ends its lines with LF, also the last', () => {
  expect(text).not.toContain('\r');
  expect(text.endsWith('\n')).toBe(true);
});

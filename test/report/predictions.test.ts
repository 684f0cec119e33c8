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
    const { probability = [] } = rows[at];
    expect(Number(row['p:dead'])).toBeCloseTo(probability[1], 6);
    expect(row.present).toBe(rows[at].present.join('+'));
    expect(row.predicted).toBe(probability[0] >= probability[1] ? 'alive, well' : 'dead');
    expect([row.strategy, row.subject, row.basis]).toEqual([rows[at].strategy, rows[at].subject, rows[at].basis]);
  }
});

it('predictions.csv ends its lines with LF, also the last', () => {
  expect(text).not.toContain('\r');
  expect(text.endsWith('\n')).toBe(true);
});

it('predictions.csv of survival tells event and risk, of values the value', () => {
  const [row] = rows;
  const { probability: _, ...shared } = row;
  const survival = predictionsCsv([{ ...shared, truth: '120', event: true, risk: 0.25 }], ['censored', 'event']);
  expect(survival.split('\n')[0]).toBe('repeat,fold,subject,strategy,truth,event,risk,present,basis');
  expect(survival.split('\n')[1]).toContain(',120,1,0.25,');
  const value = predictionsCsv([{ ...shared, truth: '61.5', value: 60.125 }], []);
  expect(value.split('\n')[0]).toBe('repeat,fold,subject,strategy,truth,predicted,present,basis');
  expect(value.split('\n')[1]).toContain(',61.5,60.125,');
});

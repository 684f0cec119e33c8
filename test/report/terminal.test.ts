import { expect, it } from 'vitest';
import { renderTable, wrap } from '../../src/report/terminal.ts';
import { syntheticComparison } from './comparison.fixture.ts';

const comparison = syntheticComparison({ finding: 'helps', modalities: ['clinical', 'rna'] });

it('the table is aligned text: a line for each strategy, then the verdict', async () => {
  await expect(renderTable(comparison, { color: false, width: 100 })).toMatchFileSnapshot('fixtures/table.txt');
});

it('a narrow terminal keeps the strategy and its metric, and no line of the table is too long', async () => {
  const narrow = renderTable(comparison, { color: false, width: 60 });
  expect(Math.max(...narrow.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  await expect(narrow).toMatchFileSnapshot('fixtures/table-narrow.txt');
});

it('without colour there is no escape sequence, with colour there is', () => {
  const start = String.fromCharCode(27);
  expect(renderTable(comparison, { color: false, width: 100 })).not.toContain(start);
  expect(renderTable(comparison, { color: true, width: 100 })).toContain(start);
});

it('undefined figures are dashes', () => {
  const text = renderTable(syntheticComparison({ undefinedFigures: true }), { color: false, width: 100 });
  expect(text).not.toMatch(/NaN|null|undefined/);
  expect(text).toContain('late:mean');
});

it('warnings are told', () => {
  expect(renderTable(comparison, { color: false, width: 100 })).toContain('! Some classes have fewer than 50 subjects');
});

it('text is broken between words, and a long word stands alone', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('a incomprehensibilities b', 5)).toEqual(['a', 'incomprehensibilities', 'b']);
});

it('errors of values carry their unit, and their long names do not widen the table', () => {
  const ofValues = syntheticComparison({ kind: 'value', metric: 'meanAbsoluteError' });
  const [head, ...lines] = renderTable(ofValues, { color: false, width: 100 }).split('\n');
  expect(head).toMatch(/^strategy +MAE \(years\) +95 % interval/);
  expect(lines.join(' ')).toContain('Differences: mean absolute error in years against');
});

it.each(['survival', 'value'] as const)('the table of a target of %s fits a narrow terminal too', (kind) => {
  const narrow = renderTable(syntheticComparison({ kind }), { color: false, width: 60 });
  expect(Math.max(...narrow.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  expect(narrow).toContain({ survival: "Harrell's C", value: 'R²' }[kind]);
  expect(narrow).not.toMatch(/NaN|null|undefined/);
});

import { expect, it } from 'vitest';
import { bySize, informative, joined, rangeOf } from '../../src/report/subsets.ts';
import { setOf, shortened } from '../../src/report/words.ts';
import { syntheticComparison } from './comparison.fixture.ts';

function gridOf(count: number) {
  const names = Array.from({ length: count }, (_, at) => `m${at}`);
  const { strategies } = syntheticComparison({ modalities: names });
  const fusions = strategies.filter(({ role }) => role === 'fusion');
  return {
    names,
    fusions,
    rows: bySize(
      joined(fusions, names, ({ missing }) => missing),
      names,
    ),
  };
}

it('the grid has a row for every subset, the largest first, with a figure of every strategy', () => {
  const { names, fusions, rows } = gridOf(4);
  expect(rows).toHaveLength(15);
  expect(rows[0].present).toEqual(names);
  expect(rows.map(({ present }) => present.length)).toEqual([4, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1]);
  expect(rows.at(-1)?.present).toEqual(['m3']);
  for (const { metrics } of rows) expect(metrics.filter((estimates) => estimates?.auroc)).toHaveLength(fusions.length);
});

it('a strategy that lacks a subset leaves its cell undefined, and the others keep their columns', () => {
  const { names, fusions } = gridOf(2);
  const [first, second] = fusions;
  const rows = joined([{ ...first, missing: first.missing.slice(1) }, second], names, ({ missing }) => missing);
  expect(rows.find(({ present }) => present.join() === 'm0')?.metrics[0]).toBeUndefined();
  expect(rows.find(({ present }) => present.join() === 'm0')?.metrics[1]).toBe(second.missing[0].metrics);
});

it('up to 64 subsets are all drawn; of more, the full set, those that lack one modality, and single ones', () => {
  expect(informative(gridOf(6).rows, 6)).toHaveLength(63);
  const eight = gridOf(8);
  expect(eight.rows).toHaveLength(255);
  expect(informative(eight.rows, 8).map(({ present }) => present.length)).toEqual([
    8,
    ...Array(8).fill(7),
    ...Array(8).fill(1),
  ]);
});

it('the range of colours runs from the lowest to the highest figure', () => {
  const { rows } = gridOf(3);
  const values = rows.flatMap(({ metrics }) => metrics.map((estimates) => estimates?.auroc?.value as number));
  expect(rangeOf(rows, 'auroc')).toEqual([Math.min(...values), Math.max(...values)]);
});

it('a set of modalities is put in words', () => {
  const all = ['a', 'b', 'c', 'd', 'e'];
  expect(setOf(all, all)).toBe('all 5');
  expect(setOf(['a', 'b', 'c'], all)).toBe('all but d and e');
  expect(setOf(['a', 'b'], all)).toBe('a + b');
  expect(setOf([], all)).toBe('none');
  expect(setOf(['a'], ['a'])).toBe('a');
});

it('a long name loses its middle, so that names that differ at either end still differ', () => {
  expect(shortened('methylation-450k-batch-2', 12)).toBe('methyl…tch-2');
  expect(shortened('rna', 12)).toBe('rna');
  expect([...shortened('𝔸𝔹ℂ𝔻𝔼𝔽', 4)]).toHaveLength(4);
});

import { describe, expect, it } from 'vitest';
import { inferScales, ordinalOrder } from '../../src/describe/infer.ts';
import type { NumberColumn } from '../../src/read/table/table.ts';
import { tableWith } from './table-of.ts';

const numbers = async (columns: Record<string, readonly (string | number)[]>) =>
  (await tableWith(columns)).columns as readonly NumberColumn[];

describe('the scale of a single number column', () => {
  it.each([
    ['fractions from 0 on are a ratio', [0.5, 2, 7.25], 'ratio'],
    ['fractions below 0 are an interval', [-0.5, 2, 7.25], 'interval'],
    ['0 and 1 are names', [0, 1, 1], 'nominal'],
    ['whole numbers from 0 on are a count', [0, 3, 12], 'count'],
    ['whole numbers from 1 on are a ratio, such as an age', [41, 63, 58], 'ratio'],
    ['few whole steps about 0 are ordinal, such as gains and losses', [-2, 0, 1], 'ordinal'],
    ['many whole steps about 0 are an interval', [-40, 0, 12], 'interval'],
  ])('%s', async (_, values, scale) => {
    expect(inferScales(await numbers({ x: values })).get('x')).toBe(scale);
  });
});

describe('many number columns side by side', () => {
  const assay = (value: (j: number) => readonly (string | number)[]) =>
    numbers(Object.fromEntries(Array.from({ length: 20 }, (_, j) => [`x${j}`, value(j)])));

  it.each([
    ['are counts together, though some lack a 0', (j: number) => [j, j + 4, 90], 'count'],
    ['are an interval together where any goes below 0', (j: number) => [j, j + 0.5, j === 7 ? -1 : 3], 'interval'],
    ['are ordinal together where none goes beyond 5', (j: number) => [0, 2, (j % 5) + 1], 'ordinal'],
    ['are names together where all are 0 or 1', (j: number) => [0, j % 2, 1], 'nominal'],
    ['are judged without those that are empty', (j: number) => (j < 3 ? ['', '', ''] : [0.5, 1.5, j]), 'ratio'],
  ])('%s', async (_, value, scale) => {
    const columns = await assay(value);
    const wide = [...columns, ...(await assay(value)).map((column) => ({ ...column, name: `y${column.name}` }))];
    expect(new Set(inferScales(wide).values())).toEqual(new Set([scale]));
  });

  it('may be more than a function takes arguments', async () => {
    const [column] = await numbers({ x: [0.5, 1.5] });
    const probes = Array.from({ length: 300_000 }, (_, j) => ({ ...column, name: `cg${j}` }));
    expect(inferScales(probes).get('cg299999')).toBe('ratio');
  });
});

describe('the order of levels', () => {
  it.each([
    [
      'of Roman stages',
      'pathologic_stage',
      ['stage iv', 'stage i', 'stage iii', 'stage ii'],
      ['stage i', 'stage ii', 'stage iii', 'stage iv'],
    ],
    ['of substages', 'stage', ['IIB', 'IIA', 'I', 'III'], ['I', 'IIA', 'IIB', 'III']],
    ['of T categories', 'pathology_T', ['T3', 'T1', 'T2'], ['T1', 'T2', 'T3']],
    ['of grades', 'histology', ['G2', 'G1', 'G3'], ['G1', 'G2', 'G3']],
    ['of numbers under a name that ranks', 'ECOG score', ['2', '0', '1'], ['0', '1', '2']],
  ])('%s shows', (_, name, levels, order) => {
    expect(ordinalOrder(name, levels)).toEqual(order);
  });

  it.each([
    ['of numbers under a name that ranks nothing', 'cluster', ['1', '2', '3']],
    ['of names', 'sex', ['female', 'male']],
    ['of mixed categories', 'tn', ['T1', 'N0']],
    ['of a single level', 'stage', ['stage i']],
    ['of levels of equal rank', 'stage', ['stage 1', 'stage i']],
    ['where one level does not fit', 'pathologic_stage', ['stage i', 'stage ii', 'stage x']],
  ])('%s does not show', (_, name, levels) => {
    expect(ordinalOrder(name, levels)).toBeUndefined();
  });
});

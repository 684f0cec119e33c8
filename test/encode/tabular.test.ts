import { describe, expect, it } from 'vitest';
import { hasHoles } from '../../src/encode/measured.ts';
import { tabularEncoder } from '../../src/encode/tabular.ts';
import { compile } from '../../src/engine/compile/compile.ts';
import { block, blockOfColumns, tokensOf, without } from './run-encoder.ts';

describe('a table of few columns', () => {
  const encoder = tabularEncoder({ name: 'a', columns: 2, width: 3, tokens: 4 });

  it('gives a token a column, x w + b', async () => {
    const { shape, data, values } = await tokensOf(encoder, block(2));
    expect(shape).toEqual([3, 2, 3]);
    for (let at = 0; at < 18; at++) {
      const x = Math.sin(Math.floor(at / 3) + 1);
      expect(data[at]).toBeCloseTo(x * values['a/slope'][at % 6] + values['a/bias'][at % 6], 5);
    }
  });

  it('gives a learned vector where a cell is missing, whatever stands in it', async () => {
    const { data, values } = await tokensOf(encoder, block(2, [3], 99));
    expect(data.slice(9, 12)).toEqual([...values['a/missing'].slice(3, 6)]);
    expect(data).toEqual((await tokensOf(encoder, block(2, [3], -7))).data);
  });
});

describe('a table of features that several columns tell of', () => {
  // Columns 0 and 2 are levels of one nominal feature, column 1 is a number, column 3 an ordinal one.
  const features = ['grade = a', 'age', 'grade = b', 'stage'].map((name) => ({ name, scale: 'interval' as const }));
  const thermometer = { kind: 'thermometer' as const, edges: [0, 1], means: [0.5, 0.25], sds: [0.5, 0.25] };
  const encoder = tabularEncoder({
    name: 'a',
    columns: 4,
    width: 3,
    tokens: 4,
    sources: ['grade', 'age', 'grade', 'stage'],
    codes: [null, null, null, thermometer],
  });
  const of = blockOfColumns(features, [
    [1.5, 2, -0.5, 0.5],
    [-0.5, -1, 1.5, 2],
  ]);

  it('gives a token a feature, named by it', async () => {
    expect(encoder.names).toEqual(['grade', 'age', 'stage']);
    expect((await tokensOf(encoder, of)).shape).toEqual([2, 3, 3]);
  });

  it('adds up the vectors of its columns, as many of them as there are shrinking each', async () => {
    const { data, values } = await tokensOf(encoder, of);
    const slope = (number: number, k: number) => values['a/slope'][number * 3 + k];
    for (let k = 0; k < 3; k++) {
      const grade = (1.5 * slope(0, k) - 0.5 * slope(2, k)) / Math.SQRT2 + values['a/bias'][k];
      expect(data[k]).toBeCloseTo(grade, 5);
      expect(data[3 + k]).toBeCloseTo(2 * slope(1, k) + values['a/bias'][3 + k], 5);
      // 0.5 is above the first edge only: codes (1 - 0.5) / 0.5 and (0 - 0.25) / 0.25.
      expect(data[6 + k]).toBeCloseTo((slope(3, k) - slope(4, k)) / Math.SQRT2 + values['a/bias'][6 + k], 5);
    }
  });

  it('gives the learned vector of the feature where one of its columns is missing', async () => {
    const { data, values } = await tokensOf(encoder, without(of, 1, 2, 99));
    expect(data.slice(9, 12)).toEqual([...values['a/missing'].slice(0, 3)]);
    expect(data.slice(12)).toEqual((await tokensOf(encoder, of)).data.slice(12));
  });

  it('has tokens of its own for so many features, however many columns tell of them', () => {
    const sources = Array.from({ length: 30 }, (_, j) => `f${j % 10}`);
    const given = { name: 'a', columns: 30, width: 2, tokens: 4 };
    expect(tabularEncoder({ ...given, sources }).tokens).toBe(10);
    expect(tabularEncoder({ ...given, sources, columnTokens: 9 }).names).toEqual(['1', '2', '3', '4']);
    expect(tabularEncoder(given).tokens).toBe(4);
  });
});

describe('a table of many columns', () => {
  const given = { name: 'a', columns: 20, width: 3, tokens: 2 };

  it('gives so many tokens, each a projection of all columns over the root of their number', async () => {
    const of = block(20);
    const { shape, data, values } = await tokensOf(tabularEncoder(given), of);
    expect(shape).toEqual([3, 2, 3]);
    for (let at = 0; at < 18; at++) {
      const [i, to] = [Math.floor(at / 6), at % 6];
      let sum = 0;
      for (let j = 0; j < 20; j++) sum += of.values.data[i * 20 + j] * values['a/weight'][j * 6 + to];
      expect(data[at]).toBeCloseTo(sum / Math.sqrt(20) + values['a/bias'][to], 4);
    }
  });

  it('adds a learned vector for a missing cell, whatever stands in it', async () => {
    const encoder = tabularEncoder(given);
    const { data, values } = await tokensOf(encoder, block(20, [25], 99));
    const measured = block(20).values.data;
    for (let to = 0; to < 6; to++) {
      let sum = values['a/missing'][5 * 6 + to];
      for (let j = 0; j < 20; j++) if (j !== 5) sum += measured[20 + j] * values['a/weight'][j * 6 + to];
      expect(data[6 + to]).toBeCloseTo(sum / Math.sqrt(20) + values['a/bias'][to], 4);
    }
    expect(data).toEqual((await tokensOf(encoder, block(20, [25], -7))).data);
  });

  it('has no parameters for missing cells where none was missing in training', () => {
    const names = (holes: boolean) =>
      compile({ tokens: tabularEncoder({ ...given, holes }).encode() }).parameters.map(({ name }) => name);
    expect(names(true)).toContain('a/missing');
    expect(names(false)).not.toContain('a/missing');
  });
});

it('what an encoder is can be written as JSON and built anew', () => {
  const { spec } = tabularEncoder({ name: 'a', columns: 20, width: 3, tokens: 2 });
  const { kind, ...options } = JSON.parse(JSON.stringify(spec));
  expect(kind).toBe('tabular');
  expect(tabularEncoder(options).spec).toEqual(spec);
});

it('an encoder saved before features had names opens to the same graph, tokens called by number', async () => {
  const saved = { name: 'a', columns: 2, width: 3, tokens: 4, columnTokens: 16, holes: false };
  const encoder = tabularEncoder(saved);
  expect(encoder.names).toEqual(['1', '2']);
  const { values } = await tokensOf(encoder, block(2));
  const sizes = Object.entries(values).map(([name, { length }]) => [name, length]);
  expect(Object.fromEntries(sizes)).toEqual({ 'a/slope': 6, 'a/bias': 6, 'a/missing': 6 });
});

it('a missing cell counts as a hole only of who has the modality', () => {
  expect(hasHoles(block(2))).toBe(false);
  expect(hasHoles(block(2, [0]))).toBe(true);
  expect(hasHoles({ ...block(2, [0, 1]), present: Uint8Array.of(0, 1, 1) })).toBe(false);
});

it('other columns than in training are refused', () => {
  const encoder = tabularEncoder({ name: 'a', columns: 2, width: 3, tokens: 4 });
  expect(() => encoder.inputs(block(3))).toThrow(
    'tabular a: other columns than in training, expected 2 columns, got 3',
  );
  expect(() => tabularEncoder({ name: 'a', columns: 0, width: 3, tokens: 4 })).toThrow(
    'tabular a: columns, expected a positive whole number, got 0',
  );
  expect(() => tabularEncoder({ name: 'a', columns: 2, width: 3, tokens: 4, sources: ['x'] })).toThrow(
    'tabular a: sources, expected one a column, 2, got 1',
  );
});

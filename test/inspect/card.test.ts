import { describe, expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import { modalityCard } from '../../src/inspect/card.ts';
import { negativeBinomial } from '../harmonize/negative-binomial.ts';
import { blockOf } from './worlds.ts';

const draw = random(5);
const normals = (n: number) => Array.from({ length: n }, () => draw.normal());

describe('a modality card', () => {
  it('counts absent subjects apart from missing cells, zeros and columns without variation', () => {
    const card = modalityCard(
      blockOf('lab', { a: [0, 2, null, 4], b: [1, null, null, 5], c: [7, 7, null, 7] }, 'ratio'),
    );
    expect(card).toMatchObject({ subjects: 3, features: 3, scales: { ratio: 3 }, absentShare: 0.25, zeroShare: 1 / 8 });
    expect(card.missingShare).toBeCloseTo(1 / 9, 12);
    expect(card.constant).toEqual({ count: 1, shown: ['c'] });
  });

  it('gives the skewness g1 of numeric columns, and none of nominal ones', () => {
    expect(modalityCard(blockOf('x', { a: [0, 0, 0, 1] })).skewness?.median).toBeCloseTo(2 / Math.sqrt(3), 12);
    expect(modalityCard(blockOf('x', { a: [0, 0, 0, 1] }, 'nominal')).skewness).toBeNull();
  });

  it('names nearly constant columns', () => {
    const one = (rare: number) => Array.from({ length: 200 }, (_, i) => (i < rare ? i + 1 : 0));
    const { nearConstant, constant } = modalityCard(blockOf('x', { flat: one(0), near: one(2), far: one(3) }));
    expect(nearConstant).toEqual({ count: 1, shown: ['near'] });
    expect(constant.shown).toEqual(['flat']);
  });

  it('finds columns that repeat an earlier one, gaps included, and no other', () => {
    const a = normals(30);
    const gap = a.map((value, i) => (i === 3 ? null : value));
    const { duplicates } = modalityCard(blockOf('x', { a, b: normals(30), copy: a, gap, gapCopy: gap }));
    expect(duplicates).toEqual({
      count: 2,
      shown: [
        ['copy', 'a'],
        ['gapCopy', 'gap'],
      ],
    });
  });

  it('knows a composition by its constant row sums', () => {
    const shares = Array.from({ length: 20 }, () => [draw.uniform(), draw.uniform(), draw.uniform()]).map((row) => {
      const sum = row[0] + row[1] + row[2];
      return row.map((value) => Math.round((1e4 * 100 * value) / sum) / 1e4);
    });
    const of = (k: number) => shares.map((row) => row[k]);
    expect(modalityCard(blockOf('x', { a: of(0), b: of(1), c: of(2) }, 'ratio')).rowSum).toBeCloseTo(100, 2);
    expect(modalityCard(blockOf('x', { a: of(0), b: of(1), c: of(0) }, 'ratio')).rowSum).toBeNull();
  });
});

describe('how counts scatter', () => {
  const counts = (columns: number, dispersion: number, depth: () => number) => {
    const depths = Array.from({ length: 60 }, depth);
    const made = Array.from({ length: columns }, (_, j) => {
      const mean = 3 + (j % 40);
      return [`g${j}`, depths.map((d) => negativeBinomial(mean * d, dispersion, draw))] as const;
    });
    return modalityCard(blockOf('rna', Object.fromEntries(made), 'count')).counts;
  };

  it('is told from Poisson at the level: 5 % of 200 columns of uneven depth, within binomial error', () => {
    const found = counts(200, 0, () => 0.5 + 2 * draw.uniform());
    expect(found).toMatchObject({ tested: 200, expected: 'depth' });
    expect(found?.overdispersed).toBeLessThan(200 * 0.05 + 3 * Math.sqrt(200 * 0.05 * 0.95));
    expect(found?.overdispersed).toBeGreaterThan(1);
    expect(found?.slope).toBeGreaterThan(0.8);
    expect(found?.slope).toBeLessThan(1.2);
  });

  it('is noticed where it is there, with its dispersion', () => {
    const found = counts(60, 0.4, () => 1);
    expect(found?.overdispersed).toBeGreaterThan(55);
    expect(Math.abs((found?.medianDispersion ?? 0) / 0.4 - 1)).toBeLessThan(0.2);
  });

  it('is taken about the mean where few columns make no total', () => {
    expect(counts(3, 0, () => 1)?.expected).toBe('mean');
  });
});

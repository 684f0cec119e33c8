import { describe, expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import type { Block } from '../../src/describe/cohort.ts';
import { pearsonResiduals } from '../../src/harmonize/pearson-residuals.ts';
import { meanAndSd } from '../../src/harmonize/z-score-map.ts';
import { negativeBinomial } from './negative-binomial.ts';
import { blockOf, rowsOf, through } from './small-blocks.ts';

/** 200 subjects of unequal depth, 60 features from rare to common, one dispersion. */
function simulated(dispersion: number): Block {
  const draw = random(8);
  return blockOf(
    'count',
    Array.from({ length: 200 }, () => {
      const depth = Math.exp(0.7 * draw.normal());
      return Array.from({ length: 60 }, (_, j) => negativeBinomial(depth * 2 ** (j / 7), dispersion, draw));
    }),
  );
}

const column = (block: Block, j: number) => Float64Array.from(rowsOf(block), (row) => row[j]);

describe('pearsonResiduals', () => {
  it.each([0, 0.3])('have mean 0 and variance 1 from rare features to common ones, at dispersion %f', async (alpha) => {
    const out = await through(pearsonResiduals({ clip: 1e9 }), simulated(alpha));
    for (let group = 0; group < 60; group += 20) {
      const stats = Array.from({ length: 20 }, (_, k) => meanAndSd(column(out, group + k)));
      const average = (of: (one: (typeof stats)[0]) => number) => stats.reduce((sum, one) => sum + of(one) / 20, 0);
      expect(Math.abs(average(({ mean }) => mean))).toBeLessThan(0.05);
      expect(Math.abs(average(({ sd }) => sd ** 2) - 1)).toBeLessThan(0.15);
    }
  });

  it('are not told by depth, which raw counts are', async () => {
    const given = simulated(0.3);
    const depth = Float64Array.from(rowsOf(given), (row) => row.reduce((a, b) => a + b));
    const out = await through(pearsonResiduals(), given);
    const average = (block: Block) =>
      Array.from({ length: 60 }, (_, j) => Math.abs(correlation(depth, column(block, j)))).reduce((a, b) => a + b) / 60;
    expect(average(given)).toBeGreaterThan(0.5);
    expect(average(out)).toBeLessThan(0.12);
  });

  it('keep their sign at any depth and grow by between 1 and √depth', async () => {
    const fitted = await pearsonResiduals({ clip: 1e9 }).fit(simulated(0.3), undefined, { seed: 0 });
    const draw = random(2);
    const row = Array.from({ length: 60 }, (_, j) => negativeBinomial(2 ** (j / 7), 0.3, draw));
    const [once] = rowsOf(await fitted.apply(blockOf('count', [row])));
    for (const factor of [1.5, 4, 100]) {
      const [deep] = rowsOf(await fitted.apply(blockOf('count', [row.map((count) => count * factor)])));
      deep.forEach((value, j) => {
        const growth = value / once[j];
        expect(growth).toBeGreaterThanOrEqual(1 - 1e-9);
        expect(growth).toBeLessThanOrEqual(Math.sqrt(factor) * (1 + 1e-9));
      });
      expect(deep[59] / once[59]).toBeLessThan(1.03); // α μ is about 100 there
    }
  });

  it('stay the same from some depth on, to 1e-3', async () => {
    const fitted = await pearsonResiduals({ clip: 1e9 }).fit(simulated(0.3), undefined, { seed: 0 });
    const row = Array.from({ length: 60 }, (_, j) => 1e6 * (j + 1));
    const [once] = rowsOf(await fitted.apply(blockOf('count', [row])));
    const [twice] = rowsOf(await fitted.apply(blockOf('count', [row.map((count) => 2 * count)])));
    twice.forEach((value, j) => {
      expect(Math.abs(value - once[j])).toBeLessThan(1e-3);
    });
  });

  it('are held between ± the root of the number of training subjects', async () => {
    const training = simulated(0);
    const wild = blockOf('count', [Array.from({ length: 60 }, (_, j) => (j === 0 ? 1e6 : 1))]);
    const [row] = rowsOf(await through(pearsonResiduals(), training, wild));
    expect(row[0]).toBeCloseTo(Math.sqrt(200), 12);
    expect(Math.min(...row)).toBeGreaterThanOrEqual(-Math.sqrt(200));
  });

  it('are 0 where training counted nothing, and finite where it counted in one subject only', async () => {
    const training = blockOf('count', [
      [0, 4, 9],
      [0, 3, 0],
      [0, 5, 0],
    ]);
    const out = await through(pearsonResiduals(), training, blockOf('count', [[7, 4, 1]]));
    expect(out.values.data[0]).toBe(0);
    expect(out.values.data.every(Number.isFinite)).toBe(true);
  });

  it('count a hole neither for nor against the depth of its subject', async () => {
    const fitted = await pearsonResiduals().fit(simulated(0.3), undefined, { seed: 0 });
    const even = Array.from({ length: 60 }, (_, j) => 10 * 2 ** (j / 7));
    const [whole] = rowsOf(await fitted.apply(blockOf('count', [even])));
    const [holed] = rowsOf(await fitted.apply(blockOf('count', [even.map((count, j) => (j === 59 ? null : count))])));
    for (let j = 0; j < 59; j++) expect(Math.abs(holed[j] - whole[j])).toBeLessThan(0.05);
  });
});

function correlation(a: Float64Array, b: Float64Array): number {
  const [x, y] = [meanAndSd(a), meanAndSd(b)];
  return a.reduce((sum, value, i) => sum + (value - x.mean) * (b[i] - y.mean), 0) / (a.length * x.sd * y.sd || 1);
}

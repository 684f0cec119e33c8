import { describe, expect, it } from 'vitest';
import { deriveSeed, permutation, random } from '../../src/array/random.ts';

describe('seeded randomness', () => {
  it('draws the same for the same seed, and otherwise not', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, random(seed).uniform);
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('stays as it is from version to version: figures rest on it', () => {
    const generator = random(1);
    expect([generator.integer(1000), generator.integer(1000), generator.integer(1000)]).toMatchInlineSnapshot(`
      [
        148,
        13,
        91,
      ]
    `);
    expect(deriveSeed(0, 'repeat', 1, 'fold', 2)).toMatchInlineSnapshot(`1054431986`);
  });

  it('is uniform and normal in its first moments', () => {
    const generator = random(3);
    const uniform = Array.from({ length: 20_000 }, generator.uniform);
    const normal = Array.from({ length: 20_000 }, generator.normal);
    const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
    expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan(0.01);
    expect(Math.abs(mean(uniform.map((u) => u * u)) - 1 / 3)).toBeLessThan(0.01);
    expect(Math.abs(mean(normal))).toBeLessThan(0.03);
    expect(Math.abs(mean(normal.map((z) => z * z)) - 1)).toBeLessThan(0.05);
    expect(Math.abs(mean(normal.map((z) => z ** 4)) - 3)).toBeLessThan(0.3);
  });

  it('permutes: everyone once', () => {
    expect([...permutation(50, random(2))].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  it('derives other seeds for other places', () => {
    const seeds = new Set<number>();
    for (let repeat = 0; repeat < 50; repeat++)
      for (let fold = 0; fold < 50; fold++) seeds.add(deriveSeed(0, repeat, fold));
    expect(seeds.size).toBe(2500);
  });
});

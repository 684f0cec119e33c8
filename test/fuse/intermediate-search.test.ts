import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '../../src/engine/session/runtime.node.ts';
import type { Runtime } from '../../src/engine/session/runtime.ts';
import { intermediate } from '../../src/fuse/intermediate/intermediate.ts';
import { networkOptions } from '../../src/fuse/intermediate/options.ts';
import { candidates } from '../../src/fuse/intermediate/search.ts';
import { world } from '../contract/cohorts.ts';

describe('the search for a network', () => {
  it('tries the given one first, then others that differ from it and from each other, by the seed', () => {
    const own = networkOptions({ trials: 12 });
    const tried = candidates(own, { trials: 12 }, 3);
    expect(tried).toHaveLength(12);
    expect(tried[0]).toEqual(own);
    expect(new Set(tried.map((one) => JSON.stringify(one))).size).toBe(12);
    expect(candidates(own, { trials: 12 }, 3)).toEqual(tried);
    expect(candidates(own, { trials: 12 }, 4)).not.toEqual(tried);
  });

  it('leaves alone what the options name, and ends where nothing is left to vary', () => {
    const named = { trials: 9, width: 16, layers: 1, learningRate: 0.01, weightDecay: 1 };
    const tried = candidates(networkOptions(named), named, 1);
    expect(tried.map(({ dropout }) => dropout).sort()).toEqual([0.1, 0.3, 0.5]);
    for (const { width, learningRate } of tried) expect([width, learningRate]).toEqual([16, 0.01]);
  });

  it('varies layers and heeds heads only of variants that have them', () => {
    const named = { trials: 1000, variant: 'gated', heads: 7 } as const;
    const tried = candidates(networkOptions(named), named, 1);
    expect(new Set(tried.map(({ layers }) => layers))).toEqual(new Set([1]));
    expect(tried).toHaveLength(3 ** 4);
  });

  it('draws only widths that the heads divide', () => {
    const named = { trials: 1000, heads: 32 };
    for (const { width } of candidates(networkOptions(named), named, 1)) expect([32, 64]).toContain(width);
  });

  it('keeps the one with the smallest loss over the inner folds, and leaves no session open', async () => {
    const { x, target } = world({ subjects: 40 });
    const base = { heads: 2, epochs: 2, patience: 1, members: 1, batchSize: 32, layers: 1, width: 8 };
    const count = { open: 0 };
    const runtime = async (): Promise<Runtime> => {
      const node = await nodeRuntime();
      return {
        name: node.name,
        async open(onnx, options) {
          const session = await node.open(onnx, options);
          count.open++;
          return {
            run: session.run,
            close: async () => {
              count.open--;
              await session.close();
            },
          };
        },
      };
    };
    const named = { ...base, dropout: 0.1, weightDecay: 1 };
    const figuresOf = async (options: Parameters<typeof intermediate>[0]) =>
      (await intermediate(options, { runtime }).fit(x, target, { seed: 1 })).notes.figures;
    const each = await Promise.all([0.001, 0.002, 0.004].map((learningRate) => figuresOf({ ...named, learningRate })));
    const searched = await figuresOf({ ...named, trials: 3 });
    const losses = each.map((figures) => figures['loss over inner folds']);
    expect(searched['loss over inner folds']).toBe(Math.min(...losses));
    expect(searched['learning rate']).toBe([0.001, 0.002, 0.004][losses.indexOf(Math.min(...losses))]);
    expect(count.open).toBe(0);
  });
});

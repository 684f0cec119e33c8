/** Whether what is made of counts pays, judged on inner folds of training subjects; the numbers stand in docs/fuse.md. */
import { expect, test } from 'vitest';
import { intermediate } from '../../src/fuse/intermediate/intermediate.ts';
import type { IntermediateOptions } from '../../src/fuse/intermediate/options.ts';
import type { Step } from '../../src/harmonize/prepare.ts';
import { type CountsWorldOptions, countsWorld } from './intermediate-counts-world.ts';

const rna: readonly Step[] = [
  { kind: 'cpm' },
  { kind: 'log1p' },
  { kind: 'impute' },
  { kind: 'variance-filter' },
  { kind: 'standardize' },
];

/** The loss over inner folds with each of some options, on four cohorts of 120 subjects and 300 genes. */
async function losses(
  tried: readonly IntermediateOptions[],
  world: Partial<CountsWorldOptions> = {},
): Promise<number[][]> {
  const found: number[][] = [];
  for (const seed of [1, 2, 3, 4]) {
    const { x, target } = countsWorld({ subjects: 120, genes: 300, seed, ...world });
    const own: number[] = [];
    for (const options of tried) {
      const fusion = intermediate({ prepare: { rna }, members: 1, patience: 15, ...options });
      const { figures } = (await fusion.fit(x, target, { seed })).notes;
      own.push(figures['loss over inner folds'] as number);
    }
    console.info(`seed ${seed}: ${own.map((loss) => loss.toFixed(4)).join(', ')} with ${JSON.stringify(tried)}`);
    found.push(own);
  }
  return found;
}

/** How much each of the options changes the loss against the first, on average. */
function changes(found: readonly (readonly number[])[]): number[] {
  return found[0].map((_, k) => found.reduce((sum, own) => sum + own[k] - own[0], 0) / found.length);
}

test('telling counts from their tokens does not lower the loss, and with a large weight raises it', async () => {
  const weights = [0, 1, 10, 100];
  const found = changes(await losses(weights.map((reconstruction) => ({ reconstruction }))));
  console.info(`changes: ${found.map((change) => change.toFixed(4)).join(', ')}`);
  expect(Math.abs(found[1])).toBeLessThan(0.002);
  expect(found[3]).toBeGreaterThan(0);
});

test.each([
  ['deep', { depth: 20, depthSpread: 0.5 }],
  ['shallow, of very unequal depth', { depth: 1, depthSpread: 1.2 }],
] as const)(
  'a token of library size that tells nothing of the target changes the loss by little: %s',
  async (_, world) => {
    const [, change] = changes(await losses([{}, { librarySize: true }], world));
    console.info(`change: ${change.toFixed(4)}`);
    expect(Math.abs(change)).toBeLessThan(0.02);
  },
);

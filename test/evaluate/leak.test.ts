/** The leak test (DESIGN.md, Contracts): whatever stands in the test fold, the fitted models are the same to the byte. */
import { describe, expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import type { Block, Cohort } from '../../src/describe/cohort.ts';
import type { Estimator, Fitted } from '../../src/estimator.ts';
import { evaluateFold, type Strategy } from '../../src/evaluate/fold.ts';
import { planFolds } from '../../src/evaluate/protocol.ts';
import { early } from '../../src/fuse/early.ts';
import { late } from '../../src/fuse/late.ts';
import type { FittedFusion, Fusion } from '../../src/fuse/prediction.ts';
import { bestSingle, single } from '../../src/fuse/single.ts';
import { flat } from '../contract/check-fusion.ts';
import { type World, world } from '../contract/cohorts.ts';

/** Notes what a strategy learned, as bytes. */
function watched(fusion: Fusion, seen: string[]): Fusion {
  return {
    spec: fusion.spec,
    async fit(x, target, run): Promise<FittedFusion> {
      const fitted = await fusion.fit(x, target, run);
      seen.push(flat(fitted.save()));
      return fitted;
    },
  };
}

const makers: { readonly [name: string]: () => Fusion } = {
  single: () => single({ modality: 'assay1' }),
  'best-single': () => bestSingle({ metric: 'auroc' }),
  early: () => early(),
  'late:mean': () => late({ combine: 'mean' }),
  'late:weighted': () => late({ combine: 'weighted' }),
  'late:stacked': () => late({ combine: 'stacked' }),
};

const protocol = { kind: 'cross-validation', folds: 4, repeats: 1 } as const;

async function learned({ x, target }: World, poisoned: World, make: () => Fusion): Promise<[string[], string[]]> {
  const clean: string[] = [];
  const after: string[] = [];
  const [fold] = planFolds(target, protocol, { seed: 7, inner: 3 });
  const strategy = (seen: string[]): Strategy => ({ name: 'watched', role: 'fusion', fusion: watched(make(), seen) });
  await evaluateFold(x, target, fold, [strategy(clean)], []);
  const poison = poisonTest({ x: poisoned.x, target: poisoned.target }, fold.test);
  await evaluateFold(poison.x, poison.target, fold, [strategy(after)], []);
  return [clean, after];
}

/** Other values, other holes, other labels for the test subjects. */
function poisonTest({ x, target }: World, test: Int32Array): World {
  const generator = random(666);
  const blocks = x.blocks.map((block): Block => {
    const width = block.values.shape[1];
    const data = block.values.data.slice();
    const observed = block.observed.slice();
    const present = block.present.slice();
    for (const row of test) {
      for (let j = 0; j < width; j++) {
        observed[row * width + j] = generator.integer(2);
        data[row * width + j] = observed[row * width + j] ? 1e6 * generator.uniform() : 0;
        if (block.modality.features[j].levels) data[row * width + j] = generator.integer(2);
      }
      present[row] = observed.subarray(row * width, (row + 1) * width).includes(1) ? 1 : 0;
    }
    return { ...block, values: { shape: block.values.shape, data }, observed, present };
  });
  const labels = target.labels.slice();
  for (const row of test) labels[row] = 1 - labels[row];
  return { x: { subjects: x.subjects, blocks } as Cohort, target: { ...target, labels } };
}

describe('no strategy learns from test subjects', () => {
  for (const [name, make] of Object.entries(makers)) {
    for (const features of [
      [6, 12],
      [100, 12],
    ]) {
      it(`${name} with ${features.join(' and ')} features: poisoned test values, masks and labels change no byte of the model`, async () => {
        const [clean, after] = await learned(world({ features }), world({ features }), make);
        expect(clean).toHaveLength(1);
        expect(after).toEqual(clean);
      });
    }
  }

  it('and the test would notice: one poisoned training subject changes every model', async () => {
    for (const make of Object.values(makers)) {
      const data = world();
      const [fold] = planFolds(data.target, protocol, { seed: 7, inner: 3 });
      const seen: string[] = [];
      const strategies = [{ name: 'watched', role: 'fusion', fusion: watched(make(), seen) } as const];
      await evaluateFold(data.x, data.target, fold, strategies, []);
      const other = world();
      await evaluateFold(poisonTest(other, fold.train.slice(0, 1)).x, other.target, fold, strategies, []);
      expect(seen[1]).not.toEqual(seen[0]);
    }
  });

  it('and the test would notice a strategy that peeks', async () => {
    let peeked: Cohort | undefined;
    const cheat = (x: Cohort): Fusion => {
      peeked = x;
      const honest = single({ modality: 'assay1' });
      const cheating: Estimator<Cohort, never, never, Fitted<Cohort, never> & FittedFusion> = {
        spec: honest.spec,
        async fit(training, target, run) {
          const fitted = await honest.fit(training, target, run);
          const sum = Array.from((peeked as Cohort).blocks[0].values.data).reduce((a, b) => a + b, 0);
          return { ...fitted, save: () => ({ ...fitted.save(), state: { sum } }) } as never;
        },
      };
      return cheating as unknown as Fusion;
    };
    const data = world();
    const [fold] = planFolds(data.target, protocol, { seed: 7, inner: 3 });
    const seen: string[] = [];
    const run = async ({ x, target }: World) =>
      evaluateFold(x, target, fold, [{ name: 'watched', role: 'fusion', fusion: watched(cheat(x), seen) }], []);
    await run(data);
    await run(poisonTest(world(), fold.test));
    expect(seen[1]).not.toEqual(seen[0]);
  });
});

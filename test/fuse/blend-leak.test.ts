/** The leak test of a blend, through the protocol: whatever stands in the test fold, the model is the same to the byte. */
import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/describe/cohort.ts';
import { evaluateFold } from '../../src/evaluate/fold.ts';
import { planFolds } from '../../src/evaluate/protocol.ts';
import { blend } from '../../src/fuse/blend.ts';
import type { Fusion } from '../../src/fuse/prediction.ts';
import { flat } from '../contract/check-fusion.ts';
import { type World, world } from '../contract/cohorts.ts';

const small = { width: 8, heads: 2, epochs: 2, patience: 2, members: 1, batchSize: 32 };

async function learned(data: World, rows: Int32Array): Promise<string> {
  const fusion = blend({ intermediate: small });
  let seen = '';
  const watched: Fusion = {
    spec: fusion.spec,
    async fit(x, target, run) {
      const fitted = await fusion.fit(x, target, run);
      seen = flat(fitted.save());
      return fitted;
    },
  };
  const [fold] = planFolds(data.target, { kind: 'cross-validation', folds: 4, repeats: 1 }, { seed: 7, inner: 3 });
  const { x, target } = poisoned(data, rows);
  await evaluateFold(x, target, fold, [{ name: 'watched', role: 'fusion', fusion: watched }], []);
  return seen;
}

/** Other values, holes and labels for these subjects. */
function poisoned({ x, target }: World, rows: Int32Array): World {
  const blocks = x.blocks.map((block): Block => {
    const { values, observed, present } = structuredClone(block);
    const width = values.shape[1];
    for (const row of rows) {
      for (let at = row * width; at < (row + 1) * width; at++) {
        observed[at] = at % 2;
        values.data[at] = observed[at];
      }
      present[row] = 1;
    }
    return { ...block, values, observed, present };
  });
  const labels = target.labels.map((label, i) => (rows.includes(i) ? 1 - label : label));
  return { x: { ...x, blocks }, target: { ...target, labels } };
}

describe('a blend does not learn from test subjects', () => {
  it('poisoned test values, masks and labels change no byte of it, one poisoned training subject does', async () => {
    const [fold] = planFolds(world().target, { kind: 'cross-validation', folds: 4, repeats: 1 }, { seed: 7, inner: 3 });
    const clean = await learned(world(), new Int32Array(0));
    expect(await learned(world(), fold.test)).toBe(clean);
    expect(await learned(world(), fold.train.slice(0, 1))).not.toBe(clean);
  });
});

import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { type Combiner, combinerKinds, combiners } from '../../src/fuse/combine/combiners.ts';
import { late } from '../../src/fuse/late.ts';
import { taskOf } from '../../src/fuse/task/tasks.ts';
import { checkFusion } from '../contract/check-fusion.ts';

const prior = Float64Array.of(0.5, 0.5);

/** Two experts of two classes on training subjects: the first is right, the second guesses. */
const labels = Int32Array.from({ length: 40 }, (_, i) => i % 2);
const target = { kind: 'classes', name: 't', classes: ['no', 'yes'], labels } as const;
const expert = (said: (label: number, i: number) => number) =>
  matrix(40, 2, Float64Array.from([...labels].flatMap((label, i) => [1 - said(label, i), said(label, i)])));
const training = {
  opinions: {
    said: [expert((label) => (label ? 0.8 : 0.2)), expert((_, i) => (i % 4 < 2 ? 0.9 : 0.1))],
    present: new Uint8Array(80).fill(1),
  },
  target,
  task: taskOf(target),
  run: { seed: 0 },
};

/** What the combiner makes of one subject: the probability of the second class. */
async function ask(combine: Combiner, said: readonly (number | null)[], training_ = training): Promise<number> {
  const { combiner } = await combinerKinds[combine].train(training_);
  const opinions = {
    said: said.map((p) => matrix(1, 2, Float64Array.of(1 - (p ?? 0), p ?? 0))),
    present: Uint8Array.from(said, (p) => (p === null ? 0 : 1)),
  };
  return (await combiner.combine(opinions)).data[1];
}

describe('combiners of late fusion', () => {
  it('mean: the plain average of those heard', async () => {
    expect(await ask('mean', [0.9, 0.5])).toBeCloseTo(0.7, 12);
    expect(await ask('mean', [0.9, null])).toBeCloseTo(0.9, 12);
  });

  it('product: log-odds add up, the prior counted once', async () => {
    const odds = (p: number) => p / (1 - p);
    expect(odds(await ask('product', [0.8, 0.7]))).toBeCloseTo(odds(0.8) * odds(0.7), 9);
    expect(await ask('product', [0.8, null])).toBeCloseTo(0.8, 12);
    const skewed = { ...training, task: { ...training.task, prior: Float64Array.of(0.8, 0.2) } };
    expect(odds(await ask('product', [0.8, 0.7], skewed))).toBeCloseTo((odds(0.8) * odds(0.7)) / odds(0.2), 9);
  });

  it('vote: the share of experts whose favourite it is', async () => {
    expect(await ask('vote', [0.51, 0.99])).toBe(1);
    expect(await ask('vote', [0.51, 0.2])).toBe(0.5);
  });

  it('weighted-vote: who explains nothing out of fold has no say beside one who does', async () => {
    expect(await ask('weighted-vote', [0.51, 0.01])).toBe(1);
    expect(await ask('weighted-vote', [null, 0.01])).toBe(0);
  });

  it('evidential: an unreliable expert, however sure, is not followed; alone it leaves the prior nearly as it was', async () => {
    expect(await ask('evidential', [0.8, 0.01])).toBeGreaterThan(0.7);
    expect(await ask('evidential', [null, 0.01])).toBeCloseTo(0.5, 6);
  });

  it('evidential: follows Dempster’s rule', async () => {
    const kind = combinerKinds.evidential.open([0.9, 0.6], {}, prior);
    const opinions = {
      said: [0.8, 0.3].map((p) => matrix(1, 2, Float64Array.of(1 - p, p))),
      present: Uint8Array.of(1, 1),
    };
    // masses by hand: m1 = {no .18, yes .72, either .1}, m2 = {no .42, yes .18, either .4}
    const yes = 0.72 * 0.18 + 0.72 * 0.4 + 0.1 * 0.18;
    const no = 0.18 * 0.42 + 0.18 * 0.4 + 0.1 * 0.42;
    const either = 0.1 * 0.4;
    expect((await kind.combine(opinions)).data[1]).toBeCloseTo((yes + either / 2) / (yes + no + either), 12);
  });

  it('all of them say nothing of who was not heard, and sum to one of who was', async () => {
    for (const combine of combiners) {
      expect(await ask(combine, [0.6, 0.4])).toBeGreaterThanOrEqual(0);
      if (combine !== 'stacked') expect(await ask(combine, [null, null])).toBe(0);
    }
  });
});

for (const combine of ['product', 'vote', 'weighted-vote', 'evidential'] as const) {
  checkFusion(`late by ${combine}`, () => late({ combine }));
  checkFusion(`late by ${combine}, three classes`, () => late({ combine }), { classes: 3 });
}

/** What modality dropout is worth where one modality is broken at test; `npm run bench -- robustness` has the figures. */
import { expect, test } from 'vitest';
import { intermediate } from '../../src/fuse/intermediate/intermediate.ts';
import { late } from '../../src/fuse/late.ts';
import { delong } from '../../src/score/delong.ts';
import { addNoise, removeModality } from '../../src/simulate/break.ts';
import { simulateMultiomics } from '../../src/simulate/multiomics.ts';
import { subjects, taughtAndJudged } from './taught-and-judged.ts';

const world = { modalities: 3, features: 50, informative: 0.2, loading: 1, own: [2, 1, 1] } as const;

test('a network falls no further for having met subjects without the modality that is broken, and stays far above chance', async () => {
  const {
    labels,
    fitOn,
    eventOf,
    areaOf,
    test: sound,
  } = taughtAndJudged(simulateMultiomics({ ...world, subjects, seed: 1 }));
  const spared = await fitOn('intermediate', intermediate());
  const bare = await fitOn('without modality dropout', intermediate({ modalityDropout: 0 }));
  const other = await fitOn('late', late());
  // All know as much while nothing is broken; late fusion gives each modality one voice, though the first tells most.
  expect(Math.abs(spared.area.estimate - bare.area.estimate)).toBeLessThan(0.01);
  for (const [name, x] of [
    ['noise of three standard deviations', addNoise(sound, 'omics1', { sd: 3, seed: 1 })],
    ['missing in all', removeModality(sound, 'omics1', { share: 1, seed: 1 })],
  ] as const) {
    const [mine, theirs, apart] = [
      await eventOf(spared.fitted, x),
      await eventOf(bare.fitted, x),
      await eventOf(other.fitted, x),
    ];
    const { auroc, covariance } = delong([spared.event, mine, bare.event, theirs], labels) as NonNullable<
      ReturnType<typeof delong>
    >;
    const signs = [1, -1, -1, 1];
    let variance = 0;
    for (const j of [0, 1, 2, 3])
      for (const k of [0, 1, 2, 3]) variance += signs[j] * signs[k] * covariance.data[4 * j + k];
    const [fall, without] = [auroc[0] - auroc[1], auroc[2] - auroc[3]];
    console.info(
      `${name}: falls by ${fall.toFixed(3)}, without modality dropout by ${without.toFixed(3)} (standard error of the difference ${Math.sqrt(variance).toFixed(4)}); late at ${areaOf(apart).estimate.toFixed(3)}`,
    );
    expect(fall).toBeLessThan(without + 2 * Math.sqrt(variance));
    expect(areaOf(mine).low).toBeGreaterThan(0.75);
  }
});

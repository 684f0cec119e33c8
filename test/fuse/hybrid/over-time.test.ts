import { beforeAll, describe, expect, it } from 'vitest';
import type { Track } from '../../../src/align/time/track.ts';
import { type FittedOverTime, openOverTime, overTime } from '../../../src/fuse/hybrid/over-time.ts';
import type { Question } from '../../../src/fuse/hybrid/scoring.ts';
import type { StrategyOverTime } from '../../../src/fuse/hybrid/strategies.ts';
import { madeUpWorld } from './made-up-world.ts';

const question: Question = { threshold: 70, beyond: 'below', mode: 'nowcast', horizonSeconds: 1200 };
const training = madeUpWorld({ seed: 1, people: 6, tracksEach: 2, shift: 2 });
const test = madeUpWorld({ seed: 2, people: 2, tracksEach: 1, shift: 2 });
const strategies: StrategyOverTime[] = ['early', 'slow', 'fast', 'late', 'filter', 'hybrid'];

const learn = (strategy: StrategyOverTime, of = training) =>
  overTime({ strategy, question }).fit(of.tracks, of.episodes, { seed: 1 });

const unheard = (track: Track): Track => ({
  ...track,
  values: new Float32Array(track.values.length),
  heard: new Uint8Array(track.heard.length),
  readings: {
    timeMs: new Float64Array(0),
    knownMs: new Float64Array(0),
    value: new Float64Array(0),
    quality: new Float32Array(0),
  },
});

describe.each(strategies)('%s keeps the contract of a fusion over time', (strategy) => {
  let fitted: FittedOverTime;
  beforeAll(async () => {
    fitted = await learn(strategy);
  }, 60_000);

  it('gives every judged tick a probability, and says what it rests on', async () => {
    const said = await fitted.apply(test.tracks);
    const rows = test.tracks.reduce((sum, { ticks, judgedFrom }) => sum + ticks - judgedFrom, 0);
    expect(said.subjects).toHaveLength(rows);
    expect(said.timeMs).toHaveLength(rows);
    expect(said.probability.every((p) => p >= 0 && p <= 1)).toBe(true);
    expect(said.alerts).toHaveLength(test.tracks.length);
    expect([...new Set(said.present)].every((there) => there === 0 || there === 1)).toBe(true);
    expect(said.uncertainty.every((one) => one >= 0 && one <= 1)).toBe(true);
  });

  it('refits to the same bytes, and does not mutate what it is given', async () => {
    const before = JSON.stringify([...training.tracks[0].values]);
    const again = await learn(strategy);
    expect(JSON.stringify(again.save())).toBe(JSON.stringify(fitted.save()));
    expect(JSON.stringify([...training.tracks[0].values])).toBe(before);
  }, 60_000);

  it('says the same once saved as JSON and opened', async () => {
    const opened = openOverTime(JSON.parse(JSON.stringify(fitted.save())));
    expect(opened.alerts).toEqual(fitted.alerts);
    expect(await opened.apply(test.tracks)).toEqual(await fitted.apply(test.tracks));
  });

  it('says what is usual where nothing was ever heard', async () => {
    if (strategy === 'filter' || strategy === 'hybrid') return; // a belief of its own: how the level is usually
    const [quiet] = test.tracks.map(unheard);
    const said = await fitted.apply([quiet]);
    expect(said.fromPrior.every((one) => one === 1)).toBe(true);
    expect(new Set(said.probability).size).toBe(1);
  });

  it('explains a probability by contributions of slow and fast that sum to it less what hearing nothing would say', async () => {
    const said = await fitted.apply(test.tracks, { explain: true });
    const nothing = (await fitted.apply(test.tracks.map(unheard))).probability;
    const parts = said.contributions as Float64Array;
    for (let row = 0; row < nothing.length; row++) {
      expect(parts[2 * row] + parts[2 * row + 1]).toBeCloseTo(said.probability[row] - nothing[row], 9);
    }
    if (strategy === 'slow' || strategy === 'filter') {
      for (let row = 0; row < said.probability.length; row++) expect(parts[2 * row + 1]).toBeCloseTo(0, 9);
    }
    if (strategy === 'fast')
      for (let row = 0; row < said.probability.length; row++) expect(parts[2 * row]).toBeCloseTo(0, 9);
  });
});

it('keeps the budget of false alarms on training tracks', async () => {
  const { chosen } = await overTime({ strategy: 'slow', question, thresholds: { falsePerNight: 0.5 } }).fit(
    training.tracks,
    training.episodes,
    { seed: 1 },
  );
  const { training: tally } = chosen as NonNullable<FittedOverTime['chosen']>;
  expect(tally.false / tally.nights).toBeLessThanOrEqual(0.5);
});

it('refuses training without an event, an unknown strategy, and another kind of saved value', async () => {
  const none = training.tracks.map(() => []);
  await expect(overTime({ strategy: 'slow', question }).fit(training.tracks, none, { seed: 1 })).rejects.toThrow(
    'overTime: no event in training',
  );
  await expect(learn('sooner' as StrategyOverTime)).rejects.toThrow(
    'strategy: unknown, expected early, slow, fast, learned, late, filter, hybrid, got sooner',
  );
  expect(() => openOverTime({ kind: 'late', version: 1, state: {}, blobs: {} })).toThrow(
    'openOverTime: not a fusion over time, expected over-time 1, got late 1',
  );
});

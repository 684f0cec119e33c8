import { describe, expect, test } from 'vitest';
import type { Track } from '../../../../src/align/time/track.ts';
import { nodeRuntime } from '../../../../src/engine/session/runtime.node.ts';
import { CancelledError } from '../../../../src/errors.ts';
import { fitFast } from '../../../../src/fuse/hybrid/expert/fast.ts';
import { labelsOf } from '../../../../src/fuse/hybrid/labels.ts';
import { setAside } from '../../../../src/fuse/hybrid/learned/aside.ts';
import { fitLearned, learnLearned } from '../../../../src/fuse/hybrid/learned/fit.ts';
import { learnedScoring } from '../../../../src/fuse/hybrid/learned/learned.ts';
import { trainLearned } from '../../../../src/fuse/hybrid/learned/train.ts';
import { scoreTrack } from '../../../../src/fuse/hybrid/run.ts';
import type { Scoring } from '../../../../src/fuse/hybrid/scoring.ts';
import { auroc } from '../../../../src/score/auroc.ts';
import { below } from '../made-up-world.ts';
import { drawn, drawnTicks, stepped } from './drawn.ts';
import { shapeWorld } from './world.ts';

const options = { seed: 3, runtime: nodeRuntime };
const question = below('nowcast');
const taught = shapeWorld({ seed: 1 });
const others = shapeWorld({ seed: 2, people: 20 });
let once: ReturnType<typeof learnLearned> | undefined;
const learned = () => (once ??= learnLearned(taught.tracks, taught.episodes, question, options));

/** AUROC over the judged ticks at which something is said. */
function judged(scoring: Scoring, { tracks, episodes }: typeof others): number {
  const scores: number[] = [];
  const labels: number[] = [];
  tracks.forEach((track, t) => {
    const { score } = scoreTrack(scoring, track);
    const label = labelsOf(track, episodes[t], question);
    for (let k = track.judgedFrom; k < track.ticks; k++) {
      if (Number.isNaN(score[k])) continue;
      scores.push(score[k]);
      labels.push(label[k]);
    }
  });
  return auroc(scores, labels) as number;
}

describe('asked for what cannot be', () => {
  const few = shapeWorld({ seed: 4, people: 2 });
  const asked = (more: object, { tracks, episodes } = few) =>
    fitLearned(tracks, episodes, question, { ...options, ...more });

  test('without ONNX Runtime training names the command that installs it; to run what was trained takes none', async () => {
    const absent = () => nodeRuntime(() => Promise.reject(new Error('not there')));
    await expect(asked({ runtime: absent })).rejects.toThrow('ONNXRUNTIME_NODE_INSTALL=skip npm i onnxruntime-node');
    expect(stepped(learnedScoring(drawn(7)), drawnTicks(8, 5)).every(Number.isFinite)).toBe(true);
  });

  test('an unknown option, and numbers out of their range, are refused by name', async () => {
    await expect(asked({ layers: 2 })).rejects.toThrow('fitLearned: unknown option "layers"');
    await expect(asked({ units: 1.5 })).rejects.toThrow(
      'fitLearned: units: unusable, expected a positive whole number, got 1.5',
    );
    await expect(asked({ poolSeconds: 20 })).rejects.toThrow(
      'fitLearned: poolSeconds: unusable, expected a multiple of 15 s, got 20',
    );
    await expect(asked({ asideShare: 1 })).rejects.toThrow(
      'fitLearned: asideShare: unusable, expected a share between 0 and 1, got 1',
    );
    await expect(asked({ use: ['pulse'] })).rejects.toThrow('unknown feature "pulse"');
  });

  test('one person is too few, as are people of whom nothing was heard', async () => {
    const alone = { tracks: few.tracks.slice(0, 3), episodes: few.episodes.slice(0, 3) };
    await expect(asked({}, alone)).rejects.toThrow(
      'fitLearned: too few people, expected at least 2: some are set aside, got 1',
    );
    const silent = {
      ...few,
      tracks: few.tracks.map((track) => ({ ...track, heard: new Uint8Array(track.heard.length) })),
    };
    await expect(asked({}, silent)).rejects.toThrow('fitLearned: nothing heard');
  });

  test('training that is stopped ends with a CancelledError', async () => {
    await expect(asked({ stopped: () => true })).rejects.toThrow(CancelledError);
  });
});

describe('set aside', () => {
  test('are whole people, about the share asked for, and with their share of events', () => {
    const person = Int32Array.from({ length: 200 }, (_, t) => t >> 1);
    const events = Array.from({ length: 200 }, (_, t): number => (t % 20 < 2 ? 10 : 0)); // a tenth of the people have all
    const aside = setAside(person, events, 0.2, 1);
    expect(aside.reduce((sum, one) => sum + one, 0)).toBe(40);
    for (let t = 0; t < 200; t += 2) expect(aside[t]).toBe(aside[t + 1]);
    expect(events.reduce((sum, count, t) => sum + count * aside[t], 0)).toBe(40);
    expect(setAside(person, events, 0.2, 1)).toEqual(aside);
    expect(setAside(person, events, 0.2, 2)).not.toEqual(aside);
  });
});

describe('trained', () => {
  test('it sees a slow rise that the values of one moment do not show', { timeout: 60_000 }, async () => {
    const { model, warnings } = await learned();
    expect(warnings).toEqual([]);
    const plain = judged(fitFast(taught.tracks, taught.episodes, question), others);
    const withMemory = judged(learnedScoring(model), others);
    expect(withMemory).toBeGreaterThan(0.9);
    expect(withMemory).toBeGreaterThan(plain + 0.2);
  });

  test('its log-odds are calibrated for people it has not seen', { timeout: 60_000 }, async () => {
    const scoring = learnedScoring((await learned()).model);
    let [expected, events] = [0, 0];
    others.tracks.forEach((track, t) => {
      const { score } = scoreTrack(scoring, track);
      const label = labelsOf(track, others.episodes[t], question);
      for (let k = track.judgedFrom; k < track.ticks; k++) {
        if (Number.isNaN(score[k])) continue;
        expected += 1 / (1 + Math.exp(-score[k]));
        events += label[k];
      }
    });
    expect(expected / events).toBeGreaterThan(0.8);
    expect(expected / events).toBeLessThan(1.25);
  });

  test('of pure noise it says nothing, and tells that', { timeout: 60_000 }, async () => {
    const noise = shapeWorld({ seed: 11, isTold: false });
    const { model, warnings } = await learnLearned(noise.tracks, noise.episodes, question, options);
    expect(warnings).toEqual(['learned: it was worth nothing to training people who were set aside, and says nothing']);
    const { score } = scoreTrack(learnedScoring(model), noise.tracks[0]);
    const spoken = score.filter((one) => !Number.isNaN(one));
    expect(spoken.length).toBeGreaterThan(1000);
    expect(spoken.every((one) => one === Math.fround(model.prior))).toBe(true);
  });

  test('what it learns by heart of pure noise is of no use with others', { timeout: 60_000 }, async () => {
    const noise = shapeWorld({ seed: 11, people: 8, isTold: false });
    const more = shapeWorld({ seed: 12, people: 40, isTold: false });
    const { model: blank } = await learnLearned(noise.tracks, noise.episodes, question, { ...options, epochs: 1 });
    const byHeart = noise.tracks.map((track, t) => ({ track, label: labelsOf(track, noise.episodes[t], question) }));
    const training = { epochs: 15, patience: 15, batchSize: 16, steps: 40, learningRate: 0.02, weightDecay: 0 };
    const { model, epoch } = await trainLearned(blank, byHeart, byHeart, training, await nodeRuntime(), { seed: 1 });
    expect(epoch).toBeGreaterThan(0);
    expect(judged(learnedScoring(model), noise)).toBeGreaterThan(0.55);
    expect(Math.abs(judged(learnedScoring(model), more) - 0.5)).toBeLessThan(0.04);
  });

  test('hears only the features it is told to use', { timeout: 60_000 }, async () => {
    const few = shapeWorld({ seed: 4, people: 6 });
    const scoring = await fitLearned(few.tracks, few.episodes, question, { ...options, use: ['heart'], epochs: 3 });
    const [track] = few.tracks;
    const other: Track = { ...track, values: track.values.map((value, at) => (at % 2 === 1 ? -3 * value : value)) };
    expect(scoreTrack(scoring, other).score).toEqual(scoreTrack(scoring, track).score);
  });

  test('the same seed gives the same bytes, another seed others', { timeout: 60_000 }, async () => {
    const few = shapeWorld({ seed: 4, people: 6 });
    const bytes = async (seed: number) =>
      JSON.stringify((await fitLearned(few.tracks, few.episodes, question, { ...options, seed, epochs: 3 })).save());
    const first = await bytes(1);
    expect(await bytes(1)).toBe(first);
    expect(await bytes(2)).not.toBe(first);
  });
});

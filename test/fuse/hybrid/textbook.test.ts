/**
 * The textbook case: glucose falls steadily and crosses 70 one second after a reading of the slow sensor. Whoever waits for
 * the next reading is silent for 299 s. The fast feature here tells much, three standard deviations: the case shows what waiting
 * costs, not what a heart rate is worth.
 */
import { expect, test } from 'vitest';
import type { Track } from '../../../src/align/time/track.ts';
import { random } from '../../../src/array/random.ts';
import { fitEarly } from '../../../src/fuse/hybrid/expert/early.ts';
import { fitHybrid } from '../../../src/fuse/hybrid/filter/fit-hybrid.ts';
import { scoreTrack } from '../../../src/fuse/hybrid/run.ts';
import type { Scoring } from '../../../src/fuse/hybrid/scoring.ts';
import { below, madeUpWorld, type Told } from './made-up-world.ts';

const world = { people: 20, tracksEach: 2, shift: 3, noiseSd: 1, errorSd: 2 } as const;
const train = madeUpWorld({ ...world, seed: 11 });
const question = below('nowcast');

/** Tracks with nothing to be found. */
const quiet: Told = (() => {
  const told = madeUpWorld({ ...world, people: 60, seed: 12 });
  const kept = told.tracks.map((_, t) => t).filter((t) => told.episodes[t].length === 0);
  return {
    tracks: kept.map((t) => told.tracks[t]),
    episodes: kept.map(() => []),
    levels: kept.map((t) => told.levels[t]),
  };
})();

/** Times that a standing word rises to the threshold, once in half an hour. */
function alarms(scores: readonly Float32Array[], threshold: number): number {
  let count = 0;
  for (const score of scores) {
    let free = 240;
    for (let k = 240; k < score.length; k++) {
      if (k < free || !(score[k] >= threshold)) continue;
      count++;
      free = k + 120;
    }
  }
  return count;
}

/** The lowest threshold with at most so many alarms on quiet tracks. */
function threshold(scoring: Scoring, most: number): number {
  const scores = quiet.tracks.map((track) => scoreTrack(scoring, track).score);
  let [low, high] = [-20, 20];
  for (let k = 0; k < 40; k++) {
    const middle = (low + high) / 2;
    if (alarms(scores, middle) <= most) high = middle;
    else low = middle;
  }
  return high;
}

/** A steady fall of 1.5 mg/dL a minute that crosses 70 one second after a reading, told by a sensor 6 minutes behind. */
function fall(seed: number): { track: Track; onset: number } {
  const [like] = quiet.tracks;
  const draw = random(seed);
  const stepMs = 15_000;
  const ticks = 600;
  const onset = like.startMs + 400 * stepMs + 1000;
  const level = (timeMs: number) => 70 - (1.5 * (timeMs - onset)) / 60_000;
  const values = new Float32Array(ticks);
  let noise = draw.normal();
  for (let k = 0; k < ticks; k++) {
    noise = Math.exp(-0.25) * noise + Math.sqrt(1 - Math.exp(-0.5)) * draw.normal();
    values[k] = noise + (level(like.startMs + k * stepMs) < 70 ? 3 : 0);
  }
  const timeMs = Float64Array.from({ length: 30 }, (_, i) => onset - 1000 + (i - 20) * 300_000);
  const value = timeMs.map((t) => level(t) + 1.5 * 6 + draw.normal());
  const readings = { timeMs, knownMs: timeMs.slice(), value, quality: new Float32Array(30).fill(1) };
  return { track: { ...like, ticks, values, heard: new Uint8Array(ticks).fill(1), readings }, onset };
}

/** From each onset to the first alarm from 20 min before it on, seconds. */
function delays(scoring: Scoring, least: number): number[] {
  return Array.from({ length: 60 }, (_, n) => {
    const { track, onset } = fall(100 + n);
    const { score } = scoreTrack(scoring, track);
    const first = score.findIndex((said, k) => track.startMs + k * track.stepMs > onset - 1_200_000 && said >= least);
    return (track.startMs + first * track.stepMs - onset) / 1000;
  });
}

test('at equal false alarms, naive early waits for the next reading and the hybrid speaks within a minute', () => {
  const early = fitEarly(train.tracks, train.episodes, question);
  const hybrid = fitHybrid(train.tracks, train.episodes, question);
  const budget = Math.floor(quiet.tracks.length / 4); // one in four nights
  const [waits, speaks] = [early, hybrid].map((scoring) => delays(scoring, threshold(scoring, budget)));
  const within = (own: readonly number[]) => own.filter((delay) => delay <= 60).length / own.length;
  // A reading a second before, those 300 s apart from it, and nothing in between.
  expect(waits.filter((delay) => (delay + 1) % 300 !== 0)).toEqual([]);
  expect(within(waits)).toBeLessThan(0.6);
  expect(within(speaks)).toBeGreaterThan(0.9);
  const late = waits.flatMap((delay, n) => (delay === 299 ? [speaks[n]] : []));
  expect(late.length).toBeGreaterThan(15);
  expect(within(late)).toBeGreaterThan(0.9);
});

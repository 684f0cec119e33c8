import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Track } from '../../../src/align/time/track.ts';
import { fitEarly } from '../../../src/fuse/hybrid/expert/early.ts';
import { fitLate } from '../../../src/fuse/hybrid/expert/late.ts';
import { fitSlow } from '../../../src/fuse/hybrid/expert/slow.ts';
import { learnHybrid } from '../../../src/fuse/hybrid/filter/fit-hybrid.ts';
import { hybridScoring } from '../../../src/fuse/hybrid/filter/hybrid.ts';
import { scoreTrack } from '../../../src/fuse/hybrid/run.ts';
import type { Scoring } from '../../../src/fuse/hybrid/scoring.ts';
import { below, madeUpWorld } from './made-up-world.ts';

const { tracks, episodes } = madeUpWorld({ seed: 1, people: 6, tracksEach: 2, hours: 4, unheard: 0.02 });
const question = below('forecast');
const strategies: Scoring[] = [
  fitSlow(tracks, episodes, question),
  fitEarly(tracks, episodes, question),
  fitLate(tracks, episodes, question),
  hybridScoring(learnHybrid(tracks, episodes, question).model),
];
const [track] = tracks;

/** The readings as they would be known after these delays, seconds. */
function delayed(delays: readonly number[]): Track {
  const { timeMs, value, quality } = track.readings;
  const known = Float64Array.from(timeMs, (t, i) => t + 1000 * (delays[i % delays.length] ?? 0));
  const order = Int32Array.from(known.keys()).sort((a, b) => known[a] - known[b] || a - b);
  return {
    ...track,
    readings: {
      timeMs: Float64Array.from(order, (i) => timeMs[i]),
      knownMs: Float64Array.from(order, (i) => known[i]),
      value: Float64Array.from(order, (i) => value[i]),
      quality: Float32Array.from(order, (i) => quality[i]),
    },
  };
}

/** The last word at each tick. */
function standing(score: Float32Array): Float32Array {
  let word = Number.NaN;
  return score.map((said) => {
    if (!Number.isNaN(said)) word = said;
    return word;
  });
}

describe.each(strategies.map((scoring) => [scoring.name, scoring] as const))('%s over a track', (_, scoring) => {
  const inOrder = standing(scoreTrack(scoring, track).score);

  test('once everything has arrived, says the same bytes as if it had come in order', () => {
    const delay = fc.array(fc.integer({ min: 0, max: 1500 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(delay, (delays) => {
        const late = delayed(delays);
        const { score, tooLate } = scoreTrack(scoring, late);
        expect(tooLate).toBe(0);
        const own = standing(score);
        for (let k = 0; k < track.ticks; k++) {
          const now = track.startMs + k * track.stepMs;
          const allKnown = late.readings.timeMs.every((t, i) => t > now || late.readings.knownMs[i] <= now);
          if (allKnown) expect(Object.is(own[k], inOrder[k])).toBe(true);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('knows nothing of a reading before it has arrived', () => {
    const late = delayed([600]);
    const without = { ...late.readings, value: late.readings.value.map((v, i) => (i < 20 ? v : 40)) };
    const until = (late.readings.knownMs[20] - track.startMs) / track.stepMs;
    const a = scoreTrack(scoring, late).score;
    const b = scoreTrack(scoring, { ...late, readings: without }).score;
    const known = Math.ceil(until);
    expect([...b.subarray(0, known)]).toEqual([...a.subarray(0, known)]);
    expect([...b.subarray(known)]).not.toEqual([...a.subarray(known)]);
  });

  test('leaves out what comes later than the lateness bound, and counts it', () => {
    const late = delayed([0, 0, 0, 0, 1200]);
    expect(scoreTrack(scoring, late, { latenessSeconds: 600 }).tooLate).toBeGreaterThan(3);
  });

  test('goes on from a copied state as if it had not been copied', () => {
    const state = new Float64Array(scoring.length);
    scoring.init(state);
    const whole: number[] = [];
    const resumed: number[] = [];
    const run = (own: Float64Array, from: number, to: number, out: number[]) => {
      for (let k = from; k < to; k++) {
        const now = track.startMs + k * track.stepMs;
        track.readings.timeMs.forEach((t, i) => {
          if (t > now - track.stepMs && t <= now) scoring.observe(own, t, track.readings.value[i], 1);
        });
        out.push(scoring.tick(own, now, track.values, track.heard, k));
      }
    };
    run(state, 0, 500, whole);
    const copy = state.slice();
    run(state, 500, 900, whole);
    run(copy, 500, 900, resumed);
    expect(resumed).toEqual(whole.slice(500));
    expect([...copy]).toEqual([...state]);
  });
});

test('a track with other features is refused', () => {
  expect(() => scoreTrack(strategies[2], { ...track, features: ['motion'] })).toThrow(
    'late: 0/0: other features than it was fitted on, expected heart, got motion',
  );
});

test('fresh tells the ticks at which a reading became known', () => {
  const { fresh } = scoreTrack(strategies[0], delayed([100]));
  const ticks = [...fresh.keys()].filter((k) => fresh[k] === 1);
  expect(ticks).toEqual(
    [...track.readings.timeMs]
      .map((t) => Math.ceil((t + 100_000 - track.startMs) / track.stepMs))
      .filter((k) => k < track.ticks),
  );
});

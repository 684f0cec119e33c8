import { describe, expect, test } from 'vitest';
import { random } from '../../../../src/array/random.ts';
import { type Dynamics, transition, transitionLength } from '../../../../src/fuse/hybrid/filter/dynamics.ts';
import { belief, beliefLength, initBelief, predict, tilt, update } from '../../../../src/fuse/hybrid/filter/filter.ts';
import { fitDynamics, seriesOf, surprisal } from '../../../../src/fuse/hybrid/filter/fit-dynamics.ts';
import { hybridScoring } from '../../../../src/fuse/hybrid/filter/hybrid.ts';
import { below, madeUpWorld } from '../made-up-world.ts';

const dynamics: Dynamics = {
  levelMean: 90,
  levelSd: 30,
  rateSd: 1,
  rateMinutes: 15,
  lagMinutes: 6,
  errorSd: 4,
  errorMinutes: 30,
  noiseSd: 2,
};

function heard(readings: readonly number[]): Float64Array {
  const state = new Float64Array(beliefLength);
  const step = new Float64Array(transitionLength);
  const surprise = { innovation: 0, variance: 0 };
  initBelief(state, 0, dynamics);
  transition(dynamics, 5, step);
  readings.forEach((reading, k) => {
    if (k > 0) predict(state, 0, step);
    update(state, 0, reading, dynamics.noiseSd ** 2, surprise);
  });
  return state;
}

describe('the filter', () => {
  test('widens in silence, without end, and narrows with a reading', () => {
    const state = heard([120, 118, 115]);
    const step = new Float64Array(transitionLength);
    transition(dynamics, 0.25, step);
    let before = state[belief.gg];
    for (let k = 0; k < 2000; k++) {
      predict(state, 0, step);
      expect(state[belief.gg]).toBeGreaterThan(before);
      before = state[belief.gg];
    }
    update(state, 0, 100, dynamics.noiseSd ** 2, { innovation: 0, variance: 0 });
    expect(state[belief.gg]).toBeLessThan(before / 10);
  });

  test('holds the level in its 90 % interval 90 % of the time, between readings too', () => {
    const { tracks, levels } = madeUpWorld({ seed: 5, people: 20, tracksEach: 2 });
    const scoring = hybridScoring({ question: below('nowcast'), dynamics, stepSeconds: 15 });
    const state = new Float64Array(scoring.length);
    let [inside, count] = [0, 0];
    tracks.forEach((track, t) => {
      scoring.init(state);
      let next = 0;
      for (let k = 0; k < track.ticks; k++) {
        const now = track.startMs + k * track.stepMs;
        const { timeMs, value } = track.readings;
        for (; next < timeMs.length && timeMs[next] <= now; next++)
          scoring.observe(state, timeMs[next], value[next], 1);
        scoring.tick(state, now, track.values, track.heard, k);
        if (k < track.judgedFrom || levels[t][k] < 50) continue; // the walls of the made-up world are not the filter's
        const off = Math.abs(levels[t][k] - state[1]) / Math.sqrt(state[1 + belief.gg]);
        count++;
        if (off < 1.6449) inside++;
      }
    });
    expect(inside / count).toBeGreaterThan(0.87);
    expect(inside / count).toBeLessThan(0.93);
  });

  test('is drawn little by one impossible reading, and believes it when it repeats', () => {
    const steady = heard([120, 120, 120, 120, 120]);
    const fallen = heard([120, 120, 120, 120, 120, 60]);
    expect(steady[belief.g]).toBeCloseTo(120, 0);
    expect(fallen[belief.g]).toBeGreaterThan(95);
    expect(heard([120, 120, 120, 120, 120, 60, 60, 60, 60, 60])[belief.g]).toBeLessThan(65);
  });

  test('shifts by evidence to the mean and variance of the tilted density, and the rest by regression', () => {
    for (const [lambda, threshold] of [
      [0.7, 85],
      [-1.5, 95],
      [3, 80],
    ]) {
      const state = heard([95, 93, 92]);
      const before = state.slice();
      tilt(state, 0, threshold, lambda);
      const [mean, sd] = [before[belief.g], Math.sqrt(before[belief.gg])];
      let [z, first, second] = [0, 0, 0];
      for (let u = -9; u < 9; u += 1e-4) {
        const x = mean + sd * u;
        const density = Math.exp(-0.5 * u * u) * (x < threshold ? Math.exp(lambda) : 1);
        z += density;
        first += density * x;
        second += density * x * x;
      }
      const tilted = first / z;
      expect(state[belief.g]).toBeCloseTo(tilted, 3);
      expect(state[belief.gg]).toBeCloseTo(second / z - tilted * tilted, 2);
      const regression = before[belief.gr] / before[belief.gg];
      expect(state[belief.r]).toBeCloseTo(before[belief.r] + regression * (tilted - mean), 4);
      expect(state[belief.gr] / state[belief.gg]).toBeCloseTo(regression, 9);
    }
  });

  test('stays a covariance through long runs of readings, gaps and evidence', () => {
    const draw = random(3);
    const state = new Float64Array(beliefLength);
    const step = new Float64Array(transitionLength);
    initBelief(state, 0, dynamics);
    for (let k = 0; k < 20_000; k++) {
      transition(dynamics, draw.uniform() < 0.01 ? 300 : 5 * draw.uniform() ** 4, step);
      predict(state, 0, step);
      if (draw.uniform() < 0.5) {
        update(state, 0, 100 + 60 * draw.normal(), 4 / (0.05 + draw.uniform()), { innovation: 0, variance: 0 });
      }
      tilt(state, 0, 70, 2 * draw.normal());
      expect(leastPivot(state)).toBeGreaterThan(-1e-9);
    }
    expect(state.every(Number.isFinite)).toBe(true);
  });
});

/** The smallest pivot, relative to its diagonal, of a symmetric elimination. */
function leastPivot(state: Float64Array): number {
  const p = [0, 1, 2, 3].map((a) => [0, 1, 2, 3].map((b) => state[4 + place(Math.min(a, b), Math.max(a, b))]));
  let least = Number.POSITIVE_INFINITY;
  for (let a = 0; a < 4; a++) {
    least = Math.min(least, p[a][a] / state[4 + place(a, a)]);
    for (let b = a + 1; b < 4; b++) {
      const factor = p[a][a] > 0 ? p[b][a] / p[a][a] : 0;
      for (let c = 0; c < 4; c++) p[b][c] -= factor * p[a][c];
    }
  }
  return least;
}

function place(a: number, b: number): number {
  return [0, 4, 7, 9][a] + b - a;
}

test('the parameters learned from readings are near the truth, and no less likely than it', () => {
  const { tracks } = madeUpWorld({ seed: 8, people: 40, tracksEach: 2 });
  const series = tracks.map((track) => seriesOf(track));
  const found = fitDynamics(series, { lagMinutes: 6, lastingError: true });
  expect(surprisal(series, found)).toBeLessThan(
    surprisal(series, { ...dynamics, levelMean: found.levelMean, levelSd: found.levelSd }) + 2,
  );
  for (const name of ['rateSd', 'noiseSd', 'rateMinutes', 'errorSd'] as const) {
    expect(found[name] / dynamics[name]).toBeGreaterThan(0.65);
    expect(found[name] / dynamics[name]).toBeLessThan(1.5);
  }
});

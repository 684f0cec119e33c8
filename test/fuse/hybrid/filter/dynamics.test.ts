import { describe, expect, test } from 'vitest';
import { at, type Dynamics, transition, transitionLength } from '../../../../src/fuse/hybrid/filter/dynamics.ts';
import { beliefLength, initBelief, predict } from '../../../../src/fuse/hybrid/filter/filter.ts';
import { normalLogOdds } from '../../../../src/fuse/hybrid/filter/normal-odds.ts';

const glucose: Dynamics = {
  levelMean: 140,
  levelSd: 50,
  rateSd: 1.1,
  rateMinutes: 14,
  lagMinutes: 6,
  errorSd: 6,
  errorMinutes: 40,
  noiseSd: 2,
};

function moved(d: Dynamics, ...minutes: number[]): Float64Array {
  const state = new Float64Array(beliefLength);
  const step = new Float64Array(transitionLength);
  initBelief(state, 0, d);
  state[1] = -1.5; // a rate
  for (const one of minutes) {
    transition(d, one, step);
    predict(state, 0, step);
  }
  return state;
}

describe('the dynamics of the level', () => {
  test.each([
    ['a lag', glucose],
    ['no lag', { ...glucose, lagMinutes: 0 }],
    ['a lag as long as a rate lasts', { ...glucose, lagMinutes: glucose.rateMinutes }],
    ['no lasting error', { ...glucose, errorSd: 0 }],
  ])('a long step is the same as many short ones, with %s', (_, d) => {
    const once = moved(d, 5);
    const often = moved(d, 0.25, ...new Array(20).fill(0.2), 0.5, 0.25);
    once.forEach((value, k) => {
      expect(often[k]).toBeCloseTo(value, 8);
    });
  });

  test.each([90, 1440])('a gap of %i minutes is the same in one step as in many, within a thousandth', (minutes) => {
    const once = moved(glucose, minutes);
    const often = moved(glucose, ...new Array(minutes).fill(1));
    once.forEach((value, k) => {
      const scale = Math.max(Math.abs(often[k]), 1e-3);
      expect(Math.abs(value - often[k]) / scale).toBeLessThan(1e-3);
    });
  });

  test('follow the differential equations (Euler steps of a hundredth of a second)', () => {
    const state = moved(glucose, 5);
    let [g, r, i] = [140, -1.5, 140];
    const dt = 1 / 6000;
    for (let k = 0; k < 30_000; k++) {
      const [dg, dr, di] = [r, -r / glucose.rateMinutes, (g - i) / glucose.lagMinutes];
      g += dg * dt;
      r += dr * dt;
      i += di * dt;
    }
    expect(state[0]).toBeCloseTo(g, 3);
    expect(state[1]).toBeCloseTo(r, 4);
    expect(state[2]).toBeCloseTo(i, 3);
  });

  test('keep the rate and the lasting error as variable as they are, however long the silence', () => {
    const state = moved(glucose, 30, 30, 30);
    expect(state[8]).toBeCloseTo(1.1 ** 2, 6);
    expect(state[13]).toBeCloseTo(36, 6);
  });

  test('have no step at all in no time', () => {
    const step = new Float64Array(transitionLength);
    transition(glucose, 0, step);
    expect([step[at.gr], step[at.rr], step[at.ig], step[at.ir], step[at.ii], step[at.ee]]).toEqual([0, 1, 0, 0, 1, 1]);
    expect(step.slice(at.noise).every((value) => value === 0)).toBe(true);
  });
});

test('log-odds of a normal are those of SciPy 1.17 (logcdf - logsf), far into both tails', () => {
  const oracle = [
    [-30, -454.32124395634327],
    [-8, -35.01343715991456],
    [-2.5, -5.075419251792831],
    [-0.3, -0.48069265658036914],
    [0, 0.0],
    [1.2, 2.0399711455563216],
    [6, 20.73676894898812],
  ];
  for (const [alpha, odds] of oracle) {
    const own = normalLogOdds(alpha);
    expect(Math.abs(own - odds)).toBeLessThan(2e-8 * Math.max(1, Math.abs(odds)));
  }
});

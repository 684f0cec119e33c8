import { describe, expect, test } from 'vitest';
import type { Cohort } from '../../src/describe/cohort.ts';
import { classCounts } from '../../src/describe/target.ts';
import { auroc } from '../../src/score/auroc.ts';
import { type Monitored, type MonitoredOptions, simulateMonitored } from '../../src/simulate/monitored.ts';
import { expectTrueOdds, standardError } from './calibration.ts';

const small: MonitoredOptions = { subjects: 60, seed: 1, features: 6 };

/** The best score of one sensor: its features along the true loadings. */
function scoreOf({ cohort, truth }: Monitored, m: 0 | 1): Float64Array {
  const { shape, data } = cohort.blocks[m].values;
  const weights = truth.loadings[m].data;
  return Float64Array.from({ length: shape[0] }, (_, i) =>
    weights.reduce((sum, weight, j) => sum + weight * data[i * shape[1] + j], 0),
  );
}

describe('a simulated monitoring by two sensors', () => {
  test('has the same bytes for the same seed and others for another', () => {
    const values = (seed: number): Cohort['blocks'] =>
      simulateMonitored({ ...small, seed, lagSeconds: 9 }).cohort.blocks;
    expect(values(1)).toEqual(values(1));
    expect(values(1)).not.toEqual(values(2));
  });

  test('has classes of equal size, of the sign of the state at the time of the first sensor', () => {
    const { cohort, target, truth } = simulateMonitored({ ...small, lagSeconds: 30 });
    expect(cohort.blocks.map(({ modality, values }) => [modality.name, ...values.shape])).toEqual([
      ['sensor1', 60, 6],
      ['sensor2', 60, 6],
    ]);
    expect([...classCounts(target)]).toEqual([30, 30]);
    target.labels.forEach((label, i) => {
      expect(truth.states[0][i] > 0).toBe(label === 1);
    });
  });

  test('changes by the lag nothing but what the second sensor sees', () => {
    const [now, later] = [0, 45].map((lagSeconds) => simulateMonitored({ ...small, lagSeconds }));
    expect(later.target).toEqual(now.target);
    expect(later.cohort.blocks[0]).toEqual(now.cohort.blocks[0]);
    expect(later.truth.loadings).toEqual(now.truth.loadings);
    expect(later.cohort.blocks[1].values).not.toEqual(now.cohort.blocks[1].values);
    expect(now.truth.states[1]).toEqual(now.truth.states[0]);
  });

  test.each([0, 20, 60, 240])('follows a stationary state whose correlation falls with the lag: %d s', (lagSeconds) => {
    const { truth } = simulateMonitored({ ...small, subjects: 20_000, lagSeconds });
    const [now, later] = truth.states;
    expect(truth.correlation).toBeCloseTo(Math.exp(-lagSeconds / 60), 12);
    const mean = (of: (i: number) => number) => now.reduce((sum, _, i) => sum + of(i), 0) / now.length;
    expect(Math.abs(mean((i) => now[i] * later[i]) - truth.correlation)).toBeLessThan(0.04); // four standard errors
    expect(Math.abs(mean((i) => later[i] ** 2) - 1)).toBeLessThan(0.04);
    expect(Math.abs(mean((i) => later[i]))).toBeLessThan(0.03);
  });

  test.each([0, 30, 120])('is told by each sensor and by both as well as it says, at a lag of %d s', (lagSeconds) => {
    const subjects = 12_000;
    const made = simulateMonitored({ subjects, seed: 2, lagSeconds });
    const { target, truth } = made;
    for (const m of [0, 1] as const) {
      const found = auroc(scoreOf(made, m), target.labels) as number;
      expect(Math.abs(found - truth.auroc.single[m])).toBeLessThan(4 * standardError(subjects));
    }
    expectTrueOdds(truth.logOdds, target.labels, truth.auroc.fused);
  });

  test('has the log-odds that adding up over the states at both times says', () => {
    const lagSeconds = 30;
    const { cohort, truth } = simulateMonitored({ ...small, subjects: 4, lagSeconds });
    const rho = Math.exp(-0.5);
    for (let i = 0; i < 4; i++) {
      const misfit = (m: 0 | 1, state: number) =>
        truth.loadings[m].data.reduce(
          (sum, weight, j) => sum + (cohort.blocks[m].values.data[6 * i + j] - weight * state) ** 2,
          0,
        );
      const sums = [0, 0];
      for (let now = -6.975; now < 7; now += 0.05) {
        for (let later = -7; later < 7; later += 0.05) {
          const prior = (now * now - 2 * rho * now * later + later * later) / (1 - rho * rho);
          sums[now > 0 ? 1 : 0] += Math.exp(-(prior + misfit(0, now) + misfit(1, later)) / 2);
        }
      }
      expect(truth.logOdds[i]).toBeCloseTo(Math.log(sums[1] / sums[0]), 3);
    }
  });

  test('lowers the correlation of the second sensor with the class by exp(−lag / τ)', () => {
    const { truth } = simulateMonitored({ ...small, lagSeconds: 30, tauSeconds: 40 });
    const information = truth.loadings[1].data.reduce((sum, weight) => sum + weight ** 2, 0);
    const correlation = Math.exp(-30 / 40) * Math.sqrt(information / (1 + information));
    expect(truth.auroc.single[1]).toBeCloseTo(0.5 + (2 / Math.PI) * Math.asin(correlation / Math.SQRT2), 12);
  });

  test('loses by the lag what the second sensor adds, and never more', () => {
    const told = [0, 30, 120, 6000].map((lagSeconds) => simulateMonitored({ ...small, lagSeconds }).truth.auroc);
    told.forEach(({ single, fused }, at) => {
      expect(fused).toBeGreaterThan(single[0] - 1e-12);
      if (at === 0) return;
      expect(single[0]).toBe(told[at - 1].single[0]);
      expect(single[1]).toBeLessThan(told[at - 1].single[1]);
      expect(fused).toBeLessThan(told[at - 1].fused);
    });
    expect(told[3].single[1]).toBeCloseTo(0.5, 12);
    expect(told[3].fused).toBeCloseTo(told[3].single[0], 12);
  });

  test('refuses options that are unknown or out of range, by name', () => {
    const refused = (more: object) => () => simulateMonitored({ ...small, ...more });
    expect(refused({ lag: 3 })).toThrow(
      'simulateMonitored: lag: unknown option, expected an option of simulateMonitored, got lag',
    );
    expect(refused({ lagSeconds: -1 })).toThrow(
      'lagSeconds: out of range, expected a finite number of at least 0, got -1',
    );
    expect(refused({ tauSeconds: 0 })).toThrow('tauSeconds: out of range, expected a positive number, got 0');
    expect(refused({ subjects: 1.5 })).toThrow('subjects: not a count');
    expect(refused({ features: 0 })).toThrow('features: not a count');
    expect(refused({ informative: 2 })).toThrow('informative: out of range');
    expect(refused({ loading: -1 })).toThrow('loading: out of range');
  });
});

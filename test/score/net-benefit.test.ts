import { describe, expect, it } from 'vitest';
import { decisionCurve } from '../../src/score/net-benefit.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

const { binary } = fixture<{
  readonly binary: readonly {
    readonly name: string;
    readonly probability: number[];
    readonly event: number[];
    readonly thresholds: number[];
    readonly netBenefit: number[];
    readonly treatAll: number[];
  }[];
}>('calibration');

describe('net benefit', () => {
  it.each(binary)('agrees with its definition: $name', ({ probability, event, thresholds, netBenefit, treatAll }) => {
    const curve = decisionCurve(probability, event, thresholds);
    const prevalence = event.reduce((a, b) => a + b, 0) / event.length;
    curve.forEach((point, t) => {
      expectClose(point.model, netBenefit[t], 1e-12, 'model', 1e-15);
      expectClose(point.all, treatAll[t], 1e-12, 'all', 1e-15);
      expectClose(point.standardized as number, netBenefit[t] / prevalence, 1e-12, 'standardized', 1e-15);
      expect(point.none).toBe(0);
    });
  });
  it('of a model that calls everyone an event is that of treating everyone', () => {
    for (const { model, all } of decisionCurve([1, 1, 1, 1], [1, 0, 0, 1], [0, 0.2, 0.5, 0.9])) expect(model).toBe(all);
  });
  it('of a perfect model is the share of events at every threshold, all there is to gain', () => {
    for (const point of decisionCurve([0, 1, 0, 1, 0], [0, 1, 0, 1, 0], [0.01, 0.3, 0.99])) {
      expect(point.model).toBe(0.4);
      expect(point.standardized).toBe(1);
    }
  });
  it('treats at the threshold itself', () => {
    expect(decisionCurve([0.5, 0.5], [1, 0], [0.5])[0].model).toBe(0);
    expect(decisionCurve([0.3, 0.2], [1, 0], [0.3])[0].model).toBe(0.5);
  });
  it('is empty for no subjects, and not standardized without events', () => {
    expect(decisionCurve([], [], [0.1])).toEqual([]);
    expect(decisionCurve([0.2], [0], [0.1])[0]).not.toHaveProperty('standardized');
  });
  it('refuses a threshold of 1, where a needless treatment would cost infinitely much', () => {
    expect(() => decisionCurve([0.2], [0], [0.1, 1])).toThrow(
      'decisionCurve: thresholds[1]: not a threshold probability, expected a number from 0 to below 1, got 1',
    );
  });
});

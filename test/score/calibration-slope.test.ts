import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matrix } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { calibrationLine } from '../../src/score/calibration-line.ts';
import { calibrationSlope, type WaldEstimate } from '../../src/score/calibration-slope.ts';
import { applyRecalibration, logisticRecalibration } from '../../src/score/logistic-recalibration.ts';
import { logLoss } from '../../src/score/proper.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

interface Expected {
  readonly estimate: number;
  readonly standardError: number;
  readonly interval: readonly [number, number];
}
interface Fixture {
  readonly binary: readonly {
    readonly name: string;
    readonly probability: number[];
    readonly event: number[];
    readonly slope: Expected;
    readonly intercept: Expected;
    readonly freeIntercept: number;
    readonly recalibrated: number[];
  }[];
  readonly classes: readonly {
    readonly name: string;
    readonly classes: number;
    readonly probability: number[];
    readonly labels: number[];
    readonly slope: number;
    readonly intercepts: number[];
    readonly loss: number;
  }[];
  readonly values: {
    readonly truth: number[];
    readonly predicted: number[];
    readonly slope: Expected;
    readonly intercept: Expected;
    readonly meanError: number;
  };
}
const { binary, classes, values } = fixture<Fixture>('calibration');

function expectEstimate(got: WaldEstimate | undefined, { estimate, standardError, interval }: Expected, label: string) {
  expectClose(got?.estimate as number, estimate, 1e-8, label);
  expectClose(got?.standardError as number, standardError, 1e-6, `${label}: standard error`);
  expectClose(got?.low as number, interval[0], 1e-6, `${label}: low`);
  expectClose(got?.high as number, interval[1], 1e-6, `${label}: high`);
}

describe('calibration slope and intercept of a probability', () => {
  it.each(binary)('agree with a GLM of statsmodels, intervals too: $name', ({ probability, event, ...expected }) => {
    const { slope, intercept } = calibrationSlope(probability, event);
    expectEstimate(slope, expected.slope, 'slope');
    expectEstimate(intercept, expected.intercept, 'intercept');
  });
  it('find what was done to well calibrated probabilities', () => {
    const draw = random(11);
    const logOdds = Float64Array.from({ length: 20000 }, () => draw.normal());
    const event = logOdds.map((x) => (draw.uniform() < 1 / (1 + Math.exp(-x)) ? 1 : 0));
    const extreme = calibrationSlope(
      logOdds.map((x) => 1 / (1 + Math.exp(-2 * x))),
      event,
    );
    expect(extreme.slope?.low).toBeLessThan(0.5);
    expect(extreme.slope?.high).toBeGreaterThan(0.5);
    const shifted = calibrationSlope(
      logOdds.map((x) => 1 / (1 + Math.exp(-x - 1))),
      event,
    );
    expect(shifted.intercept?.low).toBeLessThan(-1);
    expect(shifted.intercept?.high).toBeGreaterThan(-1);
    expect(shifted.slope?.estimate).toBeCloseTo(1, 1);
  });
  it('are absent without events or without others', () => {
    expect(calibrationSlope([0.2, 0.4, 0.7], [1, 1, 1])).toEqual({});
    expect(calibrationSlope([0.2, 0.4, 0.7], [0, 0, 0])).toEqual({});
    expect(calibrationSlope([], [])).toEqual({});
  });
  it('leave out the slope where events are perfectly separated, or share a border, or all are told the same', () => {
    for (const probability of [
      [0.1, 0.2, 0.6, 0.7],
      [0.1, 0.5, 0.5, 0.7],
      [0.3, 0.3, 0.3, 0.3],
    ]) {
      const { slope, intercept } = calibrationSlope(probability, [0, 0, 1, 1]);
      expect(slope).toBeUndefined();
      expect(intercept?.estimate).toBeTypeOf('number');
    }
  });
  it('count a probability of 0 or 1 as the nearest number to it', () => {
    const { slope } = calibrationSlope([0, 1, 1, 0, 0.5, 0.5], [0, 1, 0, 1, 1, 0]);
    expect(slope?.estimate).toBeCloseTo(0, 10);
  });
  it('refuse what is no probability, in words', () => {
    expect(() => calibrationSlope([0.2, 1.2], [0, 1])).toThrow('not a probability, expected a number from 0 to 1');
    expect(() => calibrationSlope([0.2, 0.4], [0])).toThrow('expected 2 values, got 1');
  });
});

describe('logistic recalibration', () => {
  it.each(classes)('of $name finds the most likely slope and intercepts', (one) => {
    const probability = matrix(one.labels.length, one.classes, Float64Array.from(one.probability));
    const found = logisticRecalibration(probability, one.labels);
    if (!found) throw new Error('undefined');
    expectClose(found.slope, one.slope, 1e-6, 'slope');
    one.intercepts.forEach((value, k) => expectClose(found.intercepts[k], value, 1e-6, `intercept ${k}`, 1e-9));
    const loss = logLoss(applyRecalibration(probability, found), one.labels) as number;
    expectClose(loss * one.labels.length, one.loss, 1e-12, 'loss');
  });
  it.each(binary)('of two classes gives the probabilities of the GLM: $name', (one) => {
    const probability = matrix(one.event.length, 2, Float64Array.from(one.probability.flatMap((p) => [1 - p, p])));
    const found = logisticRecalibration(probability, one.event);
    if (!found) throw new Error('undefined');
    expectClose(found.intercepts[1], one.freeIntercept, 1e-7, 'intercept', 1e-9);
    const told = applyRecalibration(probability, found);
    one.recalibrated.forEach((p, i) => expectClose(told.data[2 * i + 1], p, 1e-8, `subject ${i}`));
  });
  it('reaches a gradient of zero on random problems: no likelier slope or intercept is near', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 2, max: 4 }), (seed, k) => {
        const { probability, labels } = world(seed, 60, k);
        const found = logisticRecalibration(probability, labels);
        if (!found) return;
        const at = (slope: number, intercepts: Float64Array) =>
          logLoss(applyRecalibration(probability, { slope, intercepts }), labels) as number;
        const best = at(found.slope, found.intercepts);
        for (const nudge of [-1e-3, 1e-3]) {
          expect(at(found.slope + nudge, found.intercepts)).toBeGreaterThan(best);
          for (let c = 1; c < k; c++) {
            const moved = found.intercepts.map((a, j) => (j === c ? a + nudge : a));
            expect(at(found.slope, moved)).toBeGreaterThan(best);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
  it('is undefined where nobody has a class', () => {
    const probability = matrix(3, 3, Float64Array.of(0.2, 0.3, 0.5, 0.6, 0.2, 0.2, 0.1, 0.1, 0.8));
    expect(logisticRecalibration(probability, [0, 1, 1])).toBeUndefined();
    expect(() => logisticRecalibration(probability, [0, 1, 3])).toThrow('expected a whole number from 0 to 2, got 3');
  });
});

describe('the calibration line of values', () => {
  it('agrees with least squares of statsmodels, intervals too', () => {
    const line = calibrationLine(values.truth, values.predicted);
    expectEstimate(line?.slope, values.slope, 'slope');
    expectEstimate(line?.intercept, values.intercept, 'intercept');
    expectClose(line?.meanError.estimate as number, values.meanError, 1e-10, 'mean error');
  });
  it('is undefined for two subjects, and where all predictions are the same', () => {
    expect(calibrationLine([1, 2], [1, 3])).toBeUndefined();
    expect(calibrationLine([1, 2, 4, 3], [0.1, 0.1, 0.1, 0.1])).toBeUndefined();
    expect(calibrationLine([1, 2, 4, 3], [0, 0, 0, 0])).toBeUndefined();
  });
});

/** Probabilities that tell something of the labels, but are too extreme. */
function world(seed: number, n: number, k: number) {
  const draw = random(seed);
  const data = new Float64Array(n * k); // [subjects, classes]
  const labels = Int32Array.from({ length: n }, () => draw.integer(k));
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let c = 0; c < k; c++) total += data[i * k + c] = Math.exp(1.5 * draw.normal() + (labels[i] === c ? 1 : 0));
    for (let c = 0; c < k; c++) data[i * k + c] /= total;
  }
  return { probability: matrix(n, k, data), labels };
}

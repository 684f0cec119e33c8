import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../../src/array/matrix.ts';
import { random } from '../../src/array/random.ts';
import { coxCalibrationSlope, openRecalibrated, recalibrated } from '../../src/expert/recalibration.ts';
import { aurocOfClasses } from '../../src/score/auroc.ts';
import { logLoss } from '../../src/score/proper.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';

const { survival: cases } = fixture<{
  readonly survival: readonly {
    readonly name: string;
    readonly timeDays: number[];
    readonly event: number[];
    readonly linearPredictor: number[];
    readonly slope: number;
    readonly standardError: number;
  }[];
}>('calibration');

/** Log-odds that tell something of the class, made `sharper` times too far apart. */
function world(seed: number, { n = 120, k = 2, sharper = 2.5, informative = 1 } = {}) {
  const draw = random(seed);
  const labels = Int32Array.from({ length: n }, (_, i) => i % k);
  const data = new Float64Array(n * k); // [subjects, classes]
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let c = 0; c < k; c++) {
      const score = sharper * (draw.normal() + (labels[i] === c ? informative : 0));
      total += data[i * k + c] = Math.exp(score);
    }
    for (let c = 0; c < k; c++) data[i * k + c] /= total;
  }
  return { probability: matrix(n, k, data), labels };
}

function expectSame(got: Matrix, expected: Matrix, label: string) {
  got.data.forEach((p, at) => expectClose(p, expected.data[at], 1e-7, label, 1e-9));
}

describe('recalibration', () => {
  it('of what it has told itself changes nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 2, max: 4 }), (seed, k) => {
        const { probability, labels } = world(seed, { k });
        const first = recalibrated(probability, labels);
        expect(first.state.basis).toBe('fitted');
        const told = first.apply(probability);
        const again = recalibrated(told, labels);
        expectClose(again.state.slope, 1, 1e-7, 'slope');
        for (const intercept of again.state.intercepts) expectClose(intercept, 0, 0, 'intercept', 1e-7);
        expectSame(again.apply(told), told, 'probability');
      }),
      { numRuns: 30 },
    );
  });
  it('of two classes keeps the order of subjects, so that AUROC stays as it is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), fc.constantFrom(-1, 0, 1), (seed, informative) => {
        const { probability, labels } = world(seed, { informative, sharper: 1 });
        const told = recalibrated(probability, labels).apply(probability);
        expect(aurocOfClasses(told, labels)).toBe(aurocOfClasses(probability, labels));
      }),
      { numRuns: 30 },
    );
  });
  it('gives rows that sum to 1, and a lower log loss on the subjects it learned from', () => {
    for (const k of [2, 3, 5]) {
      const { probability, labels } = world(7, { k, n: 150 });
      const told = recalibrated(probability, labels).apply(probability);
      for (let i = 0; i < 150; i++) {
        const sum = told.data.subarray(i * k, (i + 1) * k).reduce((a, b) => a + b, 0);
        expectClose(sum, 1, 1e-12, 'sum');
      }
      expect(logLoss(told, labels)).toBeLessThan(logLoss(probability, labels) as number);
    }
  });
  it('helps on new subjects too', () => {
    let better = 0;
    for (let seed = 0; seed < 20; seed++) {
      const old = world(seed);
      const fresh = world(seed + 1000);
      const told = recalibrated(old.probability, old.labels).apply(fresh.probability);
      if ((logLoss(told, fresh.labels) as number) < (logLoss(fresh.probability, fresh.labels) as number)) better++;
    }
    expect(better).toBeGreaterThanOrEqual(19);
  });
  it('holds the slope above 0 where predictions are upside down, and then tells everyone near the share of events', () => {
    const { probability, labels } = world(3, { informative: -1 });
    const { state, apply } = recalibrated(probability, labels);
    expect(state).toMatchObject({ basis: 'bounded', slope: 0.01 });
    for (const p of apply(probability).data) expect(Math.abs(p - 0.5)).toBeLessThan(0.06);
  });
  it('leaves probabilities as they are with fewer than ten subjects of a class', () => {
    const { probability, labels } = world(4, { n: 19 });
    const { state, apply } = recalibrated(probability, labels);
    expect(state).toEqual({ basis: 'few', slope: 1, intercepts: [0, 0] });
    expect(apply(probability)).toEqual(probability);
    expect(recalibrated(world(4, { n: 20 }).probability, world(4, { n: 20 }).labels).state.basis).not.toBe('few');
  });
  it('leaves them so where classes are perfectly separated, or everyone is told the same', () => {
    const labels = Int32Array.from({ length: 40 }, (_, i) => i % 2);
    const separated = matrix(40, 2, Float64Array.from([...labels].flatMap((y) => (y ? [0.3, 0.7] : [0.6, 0.4]))));
    const flat = matrix(40, 2, Float64Array.from([...labels].flatMap(() => [0.4, 0.6])));
    for (const probability of [separated, flat]) {
      const { state, apply } = recalibrated(probability, labels);
      expect(state.basis).toBe('undetermined');
      expect(apply(probability)).toEqual(probability);
    }
  });
  it('survives being written as JSON', () => {
    const { probability, labels } = world(5, { k: 3 });
    const { state, apply } = recalibrated(probability, labels);
    expect(openRecalibrated(JSON.parse(JSON.stringify(state))).apply(probability)).toEqual(apply(probability));
  });
  it('refuses labels of other subjects', () => {
    const { probability } = world(5);
    expect(() => recalibrated(probability, [0, 1])).toThrow(
      'recalibrated: not one label a subject, expected 120, got 2',
    );
  });
});

describe('the calibration slope of a Cox model', () => {
  it.each(cases)('agrees with lifelines: $name', (one) => {
    const times = { timeDays: Float64Array.from(one.timeDays), event: Uint8Array.from(one.event) };
    const slope = coxCalibrationSlope(times, one.linearPredictor);
    expectClose(slope?.estimate as number, one.slope, 1e-8, 'slope');
    expectClose(slope?.standardError as number, one.standardError, 1e-6, 'standard error');
    const z = 1.959963984540054;
    expectClose(slope?.low as number, one.slope - z * one.standardError, 1e-6, 'low');
  });
  it('is divided by what the predictor is multiplied by, and blind to what is added', () => {
    const [one] = cases;
    const times = { timeDays: Float64Array.from(one.timeDays), event: Uint8Array.from(one.event) };
    const slope = coxCalibrationSlope(
      times,
      one.linearPredictor.map((x) => 1000 + 3 * x),
    );
    expectClose(slope?.estimate as number, one.slope / 3, 1e-8, 'slope');
  });
  it('is undefined without events, with equal predictors, and where risk orders the events perfectly', () => {
    const timeDays = Float64Array.of(1, 2, 3, 4);
    const all = Uint8Array.of(1, 1, 1, 1);
    expect(coxCalibrationSlope({ timeDays, event: new Uint8Array(4) }, [4, 3, 2, 1])).toBeUndefined();
    expect(coxCalibrationSlope({ timeDays, event: all }, [0.1, 0.1, 0.1, 0.1])).toBeUndefined();
    expect(coxCalibrationSlope({ timeDays, event: all }, [4, 3, 2, 1])).toBeUndefined();
    expect(coxCalibrationSlope({ timeDays, event: all }, [3, 4, 2, 1])?.estimate).toBeGreaterThan(0);
  });
});

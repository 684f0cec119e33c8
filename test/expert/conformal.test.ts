import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Matrix, matrix } from '../../src/array/matrix.ts';
import { type Random, random } from '../../src/array/random.ts';
import { coverageOfClasses, coverageOfValues } from '../../src/evaluate/conformal-coverage.ts';
import { conformalThreshold, conformalThresholds, thresholdOf } from '../../src/expert/conformal.ts';
import { conformalClasses, openConformalClasses, setSizes } from '../../src/expert/conformal-classes.ts';
import { conformalValues, openConformalValues } from '../../src/expert/conformal-values.ts';
import { fixture } from '../fixtures/fixture.ts';

const { quantiles, conformal } = fixture<{
  readonly quantiles: readonly { readonly level: number; readonly scores: number[]; readonly threshold: number }[];
  readonly conformal: readonly {
    readonly level: number;
    readonly probability: number[];
    readonly labels: number[];
    readonly newProbability: number[];
    readonly sets: number[];
    readonly truth: number[];
    readonly predicted: number[];
    readonly newPredicted: number[];
    readonly intervals: number[];
  }[];
}>('calibration');

describe('conformal prediction agrees with MAPIE', () => {
  it.each(conformal)('on sets of classes: $level', ({ level, probability, labels, newProbability, sets }) => {
    const of = (values: number[]) => matrix(values.length / 3, 3, Float64Array.from(values));
    const got = conformalClasses(of(probability), labels, { level }).apply(of(newProbability));
    expect([...got]).toEqual(sets);
  });
  it.each(conformal)('on intervals of values: $level', ({ level, truth, predicted, newPredicted, intervals }) => {
    const { low, high } = conformalValues(truth, predicted, { level }).apply(newPredicted);
    expect([...low].flatMap((from, i) => [from, high[i]])).toEqual(intervals);
  });
});

describe('a conformal threshold', () => {
  it.each(quantiles)(
    'is NumPy’s inverse of the distribution of scores, one subject added: $level',
    ({ level, scores, threshold }) => {
      expect(conformalThreshold(scores, level)).toEqual({ n: scores.length, threshold });
    },
  );
  it('is infinite below level / (1 − level) subjects', () => {
    expect(conformalThreshold(new Float64Array(8), 0.9).threshold).toBeNull();
    expect(conformalThreshold(new Float64Array(9), 0.9).threshold).toBe(0);
    expect(conformalThreshold(new Float64Array(18), 0.95).threshold).toBeNull();
    expect(conformalThreshold(new Float64Array(19), 0.95).threshold).toBe(0);
    expect(conformalThreshold([], 0.5).threshold).toBeNull();
  });
  it('is taken from all where a pattern has too few subjects of its own', () => {
    const scores = Float64Array.from({ length: 24 }, (_, i) => i);
    const pattern = Array.from({ length: 24 }, (_, i) => (i < 9 ? 'rna' : i < 21 ? 'rna+mri' : 'mri'));
    const thresholds = conformalThresholds(scores, 0.9, pattern);
    expect(thresholds.own.map((own) => [own.pattern, own.n])).toEqual([
      ['rna', 9],
      ['rna+mri', 12],
    ]);
    expect(thresholdOf(thresholds, 'rna')).toBe(8);
    expect(thresholdOf(thresholds, 'rna+mri')).toBe(20);
    expect(thresholdOf(thresholds, 'mri')).toBe(22);
    expect(thresholdOf(thresholds, 'never met')).toBe(22);
    expect(thresholdOf(conformalThresholds(scores, 0.99), undefined)).toBe(Number.POSITIVE_INFINITY);
  });
  it('never falls as the level rises', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }),
        fc.double({ min: 0.05, max: 0.9, noNaN: true }),
        (scores, level) => {
          const low = conformalThreshold(scores, level).threshold ?? Number.POSITIVE_INFINITY;
          const high = conformalThreshold(scores, level + 0.05).threshold ?? Number.POSITIVE_INFINITY;
          expect(high).toBeGreaterThanOrEqual(low);
        },
      ),
    );
  });
  it('refuses a level outside 0 to 1 and patterns of other subjects', () => {
    expect(() => conformalThreshold([1], 1)).toThrow(
      'conformal: level: not a coverage to aim at, expected a number between 0 and 1, got 1',
    );
    expect(() => conformalThresholds([1, 2], 0.5, ['rna'])).toThrow('expected 2 patterns, got 1');
  });
});

/** Exchangeable subjects of three classes, the last rare, whose probabilities are wrong in a way that does not matter. */
function subjects(draw: Random, n: number) {
  const labels = new Int32Array(n);
  const pattern: string[] = [];
  const data = new Float64Array(n * 3); // [subjects, classes]
  for (let i = 0; i < n; i++) {
    const u = draw.uniform();
    labels[i] = u < 0.5 ? 0 : u < 0.85 ? 1 : 2;
    pattern.push(draw.uniform() < 0.3 ? 'a' : 'ab');
    const signal = pattern[i] === 'a' ? 0.4 : 2;
    let total = 0;
    for (let c = 0; c < 3; c++) total += data[i * 3 + c] = Math.exp(draw.normal() + (labels[i] === c ? signal : 0) - c);
    for (let c = 0; c < 3; c++) data[i * 3 + c] /= total;
  }
  return { probability: matrix(n, 3, data) as Matrix, labels, pattern };
}

const seeds = Array.from({ length: 200 }, (_, seed) => seed);
const fresh = 50;
const share = (hits: number, n: number) => ({ share: hits / n, error: Math.sqrt((0.1 * 0.9) / n) });

/** Coverage of new subjects, over many draws of calibration and new subjects. */
function covered(
  options: { within?: 'all' | 'class'; byPattern?: boolean },
  keep: (label: number, pattern: string) => boolean,
) {
  let hits = 0;
  let n = 0;
  for (const seed of seeds) {
    const draw = random(seed);
    const old = subjects(draw, 120);
    const { within = 'all', byPattern = false } = options;
    const sets = conformalClasses(old.probability, old.labels, { within, ...(byPattern && { pattern: old.pattern }) });
    const now = subjects(draw, fresh);
    const found = sets.apply(now.probability, byPattern ? now.pattern : undefined);
    now.labels.forEach((label, i) => {
      if (!keep(label, now.pattern[i])) return;
      n++;
      hits += found[i * 3 + label];
    });
  }
  return share(hits, n);
}

describe('sets of classes', () => {
  it('hold the true class of new subjects as often as they are meant to, not much more', () => {
    const { share, error } = covered({}, () => true);
    expect(share).toBeGreaterThan(0.9 - 3 * error);
    expect(share).toBeLessThan(0.9 + 1 / 121 + 5 * error); // draws share calibration subjects, so a little slack
  });
  it('hold it within a rare class only where thresholds are made within classes', () => {
    const rare = (label: number) => label === 2;
    const plain = covered({}, rare);
    expect(plain.share).toBeLessThan(0.8);
    const own = covered({ within: 'class' }, rare);
    expect(own.share).toBeGreaterThan(0.9 - 3 * own.error);
  });
  it('hold it where a modality is missing only where thresholds are made by pattern', () => {
    const poor = (_: number, pattern: string) => pattern === 'a';
    const plain = covered({}, poor);
    expect(plain.share).toBeLessThan(0.85);
    const own = covered({ byPattern: true }, poor);
    expect(own.share).toBeGreaterThan(0.9 - 3 * own.error);
  });
  it('hold every class where training subjects are too few, but no more than the level asks for', () => {
    const old = subjects(random(1), 8);
    const now = subjects(random(2), 5);
    expect(conformalClasses(old.probability, old.labels).apply(now.probability)).toEqual(new Uint8Array(15).fill(1));
    const lax = conformalClasses(old.probability, old.labels, { level: 0.5 }).apply(now.probability);
    expect(lax).not.toEqual(new Uint8Array(15).fill(1));
  });
  it('may be empty, and are counted by size', () => {
    const old = matrix(
      9,
      2,
      Float64Array.from({ length: 18 }, (_, at) => (at % 2 ? 0.1 : 0.9)),
    );
    const sets = conformalClasses(old, new Int32Array(9)).apply(matrix(2, 2, Float64Array.of(0.5, 0.5, 0.95, 0.05)));
    expect([...sets]).toEqual([0, 0, 1, 0]);
    expect([...setSizes(sets, 2)]).toEqual([1, 1, 0]);
  });
  it('survive being written as JSON', () => {
    const old = subjects(random(1), 30);
    const { state, apply } = conformalClasses(old.probability, old.labels, { within: 'class', pattern: old.pattern });
    expect(state.thresholds.some(({ all }) => all.threshold === null)).toBe(true);
    const opened = openConformalClasses(JSON.parse(JSON.stringify(state)));
    expect(opened.apply(old.probability, old.pattern)).toEqual(apply(old.probability, old.pattern));
  });
});

/** Two classes in 20 features, told apart by their means (a naive model that overfits): probabilities of `rows`. */
function byMeans(x: Matrix, labels: Int32Array, train: readonly number[], of: Matrix): Matrix {
  const [, d] = x.shape;
  const means = new Float64Array(2 * d); // [classes, features]
  const counts = [0, 1].map((c) => train.filter((i) => labels[i] === c).length);
  for (const i of train) for (let j = 0; j < d; j++) means[labels[i] * d + j] += x.data[i * d + j] / counts[labels[i]];
  const data = new Float64Array(of.shape[0] * 2);
  for (let i = 0; i < of.shape[0]; i++) {
    let logOdds = 0;
    for (let j = 0; j < d; j++) {
      const value = of.data[i * d + j];
      logOdds += 0.5 * ((value - means[j]) ** 2 - (value - means[d + j]) ** 2);
    }
    data[2 * i + 1] = 1 / (1 + Math.exp(-logOdds));
    data[2 * i] = 1 - data[2 * i + 1];
  }
  return matrix(of.shape[0], 2, data);
}

describe('thresholds from out-of-fold predictions, applied to a model of all training subjects', () => {
  const draws = (draw: Random, n: number) => {
    const labels = Int32Array.from({ length: n }, () => draw.integer(2));
    const x = Float64Array.from({ length: n * 20 }, (_, at) => draw.normal() + 0.4 * labels[Math.floor(at / 20)]);
    return { x: matrix(n, 20, x), labels };
  };

  it('cover near their level, where thresholds from the fit itself cover far less', () => {
    const n = 60;
    const everyone = Array.from({ length: n }, (_, i) => i);
    let outOfFold = 0;
    let resubstituted = 0;
    for (const seed of seeds) {
      const draw = random(seed);
      const { x, labels } = draws(draw, n);
      const now = draws(draw, fresh);
      const unseen = matrix(n, 2, new Float64Array(2 * n));
      for (let fold = 0; fold < 5; fold++) {
        const train = everyone.filter((i) => i % 5 !== fold);
        const told = byMeans(x, labels, train, x).data;
        for (let i = fold; i < n; i += 5) unseen.data.set(told.subarray(2 * i, 2 * i + 2), 2 * i);
      }
      const told = byMeans(x, labels, everyone, now.x);
      const hits = (calibration: Matrix) => {
        const sets = conformalClasses(calibration, labels).apply(told);
        return now.labels.reduce((sum, label, i) => sum + sets[2 * i + label], 0);
      };
      outOfFold += hits(unseen) / (seeds.length * fresh);
      resubstituted += hits(byMeans(x, labels, everyone, x)) / (seeds.length * fresh);
    }
    expect(outOfFold).toBeGreaterThan(0.89);
    expect(outOfFold).toBeLessThan(0.93);
    expect(resubstituted).toBeLessThan(0.85);
  });
});

/** Values with an error that is larger where a modality is missing. */
function values(draw: Random, n: number) {
  const pattern = Array.from({ length: n }, () => (draw.uniform() < 0.3 ? 'a' : 'ab'));
  const predicted = Float64Array.from({ length: n }, () => 10 * draw.normal());
  const truth = predicted.map((y, i) => y + (pattern[i] === 'a' ? 4 : 1) * draw.normal());
  return { truth, predicted, pattern };
}

describe('intervals of values', () => {
  it('hold the true value of new subjects as often as they are meant to, by pattern too', () => {
    const counts = { all: [0, 0], plainOfPoor: [0, 0], ownOfPoor: [0, 0] };
    const count = (to: number[], inside: boolean) => {
      to[0] += inside ? 1 : 0;
      to[1]++;
    };
    for (const seed of seeds) {
      const draw = random(seed);
      const old = values(draw, 80);
      const now = values(draw, fresh);
      const plain = conformalValues(old.truth, old.predicted).apply(now.predicted);
      const own = conformalValues(old.truth, old.predicted, { pattern: old.pattern }).apply(now.predicted, now.pattern);
      now.truth.forEach((y, i) => {
        count(counts.all, plain.low[i] <= y && y <= plain.high[i]);
        if (now.pattern[i] !== 'a') return;
        count(counts.plainOfPoor, plain.low[i] <= y && y <= plain.high[i]);
        count(counts.ownOfPoor, own.low[i] <= y && y <= own.high[i]);
      });
    }
    const all = share(counts.all[0], counts.all[1]);
    expect(all.share).toBeGreaterThan(0.9 - 3 * all.error);
    expect(all.share).toBeLessThan(0.9 + 1 / 81 + 5 * all.error);
    expect(counts.plainOfPoor[0] / counts.plainOfPoor[1]).toBeLessThan(0.8);
    const own = share(counts.ownOfPoor[0], counts.ownOfPoor[1]);
    expect(own.share).toBeGreaterThan(0.9 - 3 * own.error);
  });
  it('are infinite where training subjects are too few', () => {
    const { low, high } = conformalValues([1, 2, 3], [1, 2, 3]).apply([5]);
    expect([low[0], high[0]]).toEqual([-Infinity, Infinity]);
  });
  it('survive being written as JSON', () => {
    const old = values(random(3), 40);
    const { state, apply } = conformalValues(old.truth, old.predicted, { pattern: old.pattern });
    const opened = openConformalValues(JSON.parse(JSON.stringify(state)));
    expect(opened.apply(old.predicted, old.pattern)).toEqual(apply(old.predicted, old.pattern));
  });
});

describe('observed coverage', () => {
  it('counts sets that hold the truth and their sizes, by pattern', () => {
    const sets = Uint8Array.of(1, 0, 0, /**/ 0, 1, 1, /**/ 0, 0, 0, /**/ 1, 1, 1);
    const { all, byPattern } = coverageOfClasses(sets, [0, 0, 1, 2], { pattern: ['x', 'y', 'x', 'x'] });
    expect(all).toMatchObject({ n: 4, covered: 2, meanSize: 1.5, infinite: 0, coverage: { estimate: 0.5 } });
    expect(byPattern.map(({ pattern, n, covered }) => [pattern, n, covered])).toEqual([
      ['x', 3, 2],
      ['y', 1, 0],
    ]);
    expect(all?.coverage.low).toBeGreaterThan(0.1);
    expect(all?.coverage.high).toBeLessThan(0.9);
  });
  it('leaves infinite intervals out of the mean width, and says how many', () => {
    const intervals = { low: Float64Array.of(0, -Infinity), high: Float64Array.of(2, Infinity) };
    expect(coverageOfValues(intervals, [3, 1]).all).toMatchObject({ n: 2, covered: 1, meanSize: 2, infinite: 1 });
    const { all } = coverageOfValues({ low: intervals.low.slice(1), high: intervals.high.slice(1) }, [1]);
    expect(all?.meanSize).toBeNull();
  });
  it('is absent for no subjects', () => {
    expect(coverageOfClasses(new Uint8Array(0), [])).toEqual({ byPattern: [] });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalQuantile } from '../../src/array/distributions.ts';
import { quantileMap } from '../../src/harmonize/quantile-map.ts';
import { rankMap } from '../../src/harmonize/rank-map.ts';
import { robustScale } from '../../src/harmonize/robust-scale.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';
import { blockOf, flatBlock, rowsOf, through } from './small-blocks.ts';

const reference = fixture<{
  shape: [number, number];
  x: number[];
  fresh: number[];
  robust: number[];
  mad: number[];
  uniform: number[];
  uniformFresh: number[];
}>('harmonizing');
const x = flatBlock('interval', reference.shape, reference.x);
const fresh = flatBlock('interval', [8, 4], reference.fresh);

describe('robustScale', () => {
  it('agrees with scikit-learn on median and interquartile range, to 1e-6', async () => {
    const out = await through(robustScale(), x);
    out.values.data.forEach((value, at) => expectClose(value, reference.robust[at], 1e-6, `cell ${at}`, 1e-9));
  });

  it('agrees with SciPy on the median distance from the median, to 1e-6', async () => {
    const out = await through(robustScale({ spread: 'mad' }), x);
    out.values.data.forEach((value, at) => expectClose(value, reference.mad[at], 1e-6, `cell ${at}`, 1e-9));
  });

  it('does not move by however wild one value of ten', async () => {
    const rows = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((value) => [value]);
    const calm = await through(robustScale(), blockOf('interval', [...rows, [10]]));
    const wild = await through(robustScale(), blockOf('interval', [...rows, [1e9]]));
    expect(rowsOf(wild).slice(0, 9)).toEqual(rowsOf(calm).slice(0, 9));
  });

  it('takes the standard deviation where half of the values are one value, and 0 of a constant', async () => {
    const out = await through(
      robustScale(),
      blockOf('count', [
        [0, 5],
        [0, 5],
        [0, 5],
        [0, 5],
        [10, 5],
      ]),
    );
    expect(rowsOf(out)[4]).toEqual([2.5, 0]); // the sd of 0, 0, 0, 0, 10 is 4
  });

  it('learns from measured values only', async () => {
    const out = await through(robustScale(), blockOf('interval', [[1], [2], [null], [3]]));
    expect(rowsOf(out)[1]).toEqual([0]);
  });
});

describe('quantileMap', () => {
  it('agrees with scikit-learn on the uniform map, to 1e-6, also of new subjects', async () => {
    const map = quantileMap({ to: 'uniform', quantiles: 15 });
    const tied = reference.x.filter((_, at) => at % 4 === 3);
    const ends = [Math.min(...tied), Math.max(...tied)]; // there ours is the middle of the ties, not the very end
    const check = (cells: Iterable<number>, given: readonly number[], expected: readonly number[]) => {
      for (const [at, value] of [...cells].entries()) {
        if (at % 4 === 3 && ends.includes(given[at])) continue;
        expectClose(value, expected[at], 1e-6, `cell ${at}`, 1e-9);
      }
    };
    check((await through(map, x)).values.data, reference.x, reference.uniform);
    check((await through(map, x, fresh)).values.data, reference.fresh, reference.uniformFresh);
  });

  it('takes each kept quantile to the normal deviate of its share, the ends half a step inwards', async () => {
    const training = Array.from({ length: 20 }, (_, i) => [i]);
    const shares = Array.from({ length: 10 }, (_, k) => k / 9);
    const kept = blockOf(
      'interval',
      shares.map((share) => [19 * share]),
    );
    const out = await through(quantileMap(), blockOf('interval', training), kept);
    shares.forEach((share, k) => {
      expect(out.values.data[k]).toBeCloseTo(normalQuantile(Math.max(0.05, Math.min(0.95, share))), 9);
    });
    const beyond = await through(quantileMap(), blockOf('interval', training), blockOf('interval', [[-99], [99]]));
    expect(rowsOf(beyond)).toEqual([[normalQuantile(0.05)], [normalQuantile(0.95)]]);
  });

  it('gives the middle to a value that everyone has, and the middle of their shares to those who tie', async () => {
    expect(rowsOf(await through(quantileMap({ to: 'uniform' }), blockOf('count', [[3], [3], [3], [3]])))).toEqual([
      [0.5],
      [0.5],
      [0.5],
      [0.5],
    ]);
    const zeros = Array.from({ length: 40 }, (_, i) => [i < 20 ? 0 : i]);
    const [first] = rowsOf(await through(quantileMap({ to: 'uniform' }), blockOf('count', zeros)))[0];
    expect(first).toBeCloseTo(0.25, 1);
  });

  it('keeps order, whatever the values', async () => {
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 4, maxLength: 30 }), value, value, async (training, a, b) => {
        const [[low], [high]] = rowsOf(
          await through(
            quantileMap(),
            blockOf(
              'interval',
              training.map((one) => [one]),
            ),
            blockOf('interval', [[Math.min(a, b)], [Math.max(a, b)]]),
          ),
        );
        expect(low).toBeLessThanOrEqual(high);
        expect(Math.abs(low)).toBeLessThan(6);
      }),
    );
  });

  it('leaves levels alone', async () => {
    const levels = blockOf('ordinal', [[0], [2], [1], [2]]);
    expect(await through(quantileMap(), levels)).toEqual(levels);
  });
});

describe('rankMap', () => {
  it('ranks the features of a subject, ties at their middle', async () => {
    const out = await through(rankMap({ to: 'uniform' }), blockOf('ratio', [[10, 30, 20, 10]]));
    expect(rowsOf(out)).toEqual([[0.25, 0.875, 0.625, 0.25]]);
  });

  it('is blind to whatever a platform does to all features alike', async () => {
    const value = fc.integer({ min: -500, max: 500 });
    const curve = fc.constantFrom<(x: number) => number>(
      (one) => one ** 3,
      (one) => Math.exp(one / 100),
      (one) => 7 * one - 40,
      Math.atan,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 20 }), curve, async (row, bent) => {
        const one = blockOf('interval', [row]);
        const other = blockOf('interval', [row.map(bent)]);
        expect(rowsOf(await through(rankMap(), one, other))).toEqual(rowsOf(await through(rankMap(), one)));
      }),
    );
  });

  it('gives holes the middle and ranks the others among themselves', async () => {
    const out = await through(rankMap(), blockOf('interval', [[5, null, 9]]));
    expect(rowsOf(out)[0]).toEqual([normalQuantile(0.25), 0, normalQuantile(0.75)]);
    expect([...out.observed]).toEqual([1, 0, 1]);
  });
});

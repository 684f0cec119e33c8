import { describe, expect, it } from 'vitest';
import { nbDispersion } from '../../src/array/nb-dispersion.ts';
import { random } from '../../src/array/random.ts';
import { expectClose, fixture } from '../fixtures/fixture.ts';
import { negativeBinomial } from '../harmonize/negative-binomial.ts';

interface Case {
  readonly x: readonly number[];
  readonly mean: readonly number[];
  readonly dispersion: number;
  readonly statistic: number;
}
const { counts } = fixture<{ counts: { dispersion: Case[] } }>('harmonizing');
const { abs, sqrt } = Math;

describe('the dispersion of counts', () => {
  it('is the maximum of the likelihood that SciPy finds, to 1e-6', () => {
    let found = 0;
    for (const { x, mean, dispersion, statistic } of counts.dispersion) {
      const ours = nbDispersion(x, mean);
      if (statistic < 1e-3) {
        expect(ours.statistic).toBeLessThan(1e-3);
        continue;
      }
      found++;
      expectClose(ours.dispersion, dispersion, 1e-6, 'dispersion');
      expectClose(ours.statistic, statistic, 1e-6, 'statistic', 1e-9);
    }
    expect(found).toBeGreaterThan(8);
  });

  it('is within 10 % of the truth at 500 samples of unequal depth, on average over features', () => {
    const draw = random(11);
    for (const truth of [0.05, 0.3, 1, 3]) {
      let sum = 0;
      const features = 30;
      for (let f = 0; f < features; f++) {
        const means = Float64Array.from({ length: 500 }, () => 40 * Math.exp(0.5 * draw.normal()));
        sum +=
          nbDispersion(
            means.map((mean) => negativeBinomial(mean, truth, draw)),
            means,
          ).dispersion / features;
      }
      expect(abs(sum / truth - 1), `${truth}`).toBeLessThan(0.1);
    }
  });

  it.each([
    { truth: 0.1, mean: 20, seed: 31, spread: 0.1 },
    { truth: 0.4, mean: 10, seed: 32, spread: 0.09 },
    { truth: 1, mean: 50, seed: 33, spread: 0.065 },
    { truth: 2, mean: 5, seed: 34, spread: 0.09 },
  ])(
    'scatters by no more than $spread of the truth about a mean within 2 % of it, and is within 10 % more than seven times in ten: α $truth, mean $mean, 500 samples',
    ({ truth, mean, seed, spread }) => {
      const features = 200;
      const found = Float64Array.from({ length: features }, (_, f) => {
        const draw = random(1000 * seed + f);
        const means = Float64Array.from({ length: 500 }, () => mean * Math.exp(0.4 * draw.normal()));
        const counts = means.map((own) => negativeBinomial(own, truth, draw));
        return nbDispersion(counts, means).dispersion / truth;
      });
      const middle = found.reduce((a, b) => a + b, 0) / features;
      const sd = sqrt(found.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (features - 1));
      const within = found.filter((value) => abs(value - 1) < 0.1).length / features;
      expect(abs(middle - 1)).toBeLessThan(0.02);
      expect(sd).toBeLessThan(spread);
      expect(within).toBeGreaterThan(0.7);
    },
  );

  it('is 0 where counts scatter no more than Poisson counts', () => {
    expect(nbDispersion([5, 5, 5, 5], [5, 5, 5, 5])).toEqual({ dispersion: 0, statistic: 0, p: 1 });
    expect(nbDispersion([0, 1, 2, 1], [1, 1, 1, 1]).p).toBe(1);
  });

  it('is found far from the start by moments, and where counts are huge', () => {
    const draw = random(3);
    const means = new Float64Array(400).fill(1e5);
    const { dispersion } = nbDispersion(
      means.map((mean) => negativeBinomial(mean, 0.5, draw)),
      means,
    );
    expect(abs(dispersion / 0.5 - 1)).toBeLessThan(0.2);
    const one = nbDispersion([...Array(99).fill(0), 5000], Array(100).fill(50));
    expect(one.dispersion).toBeGreaterThan(10);
    expect(one.p).toBeLessThan(1e-20);
  });

  it('refuses negative counts and means that are not positive', () => {
    expect(() => nbDispersion([1, -2], [1, 1])).toThrow(
      'nbDispersion: subject 1: unusable, expected a count from 0 and a positive mean, got count -2, mean 1',
    );
    expect(() => nbDispersion([1], [0])).toThrow('got count 1, mean 0');
  });
});

describe('the test against Poisson', () => {
  const rejected = (dispersion: number, level: number, sets: number, seed: number) => {
    const draw = random(seed);
    let count = 0;
    for (let s = 0; s < sets; s++) {
      const means = Float64Array.from({ length: 100 }, () => 4 + 12 * draw.uniform());
      if (
        nbDispersion(
          means.map((mean) => negativeBinomial(mean, dispersion, draw)),
          means,
        ).p < level
      )
        count++;
    }
    return count / sets;
  };

  it('holds its level: 5 % and 1 % of Poisson counts rejected, within binomial error', () => {
    for (const level of [0.05, 0.01]) {
      const share = rejected(0, level, 1500, 21);
      const error = 3 * sqrt((level * (1 - level)) / 1500);
      expect(share).toBeLessThan(level + error);
      expect(share).toBeGreaterThan(level / 3); // nor is it asleep
    }
  });

  it('has a statistic that is 0 in half of Poisson samples and chi-square of one degree of freedom in the others', () => {
    const draw = random(41);
    const sets = 1500;
    const statistics = Float64Array.from({ length: sets }, () => {
      const means = Float64Array.from({ length: 500 }, () => 4 + 12 * draw.uniform());
      const counts = means.map((mean) => negativeBinomial(mean, 0, draw));
      return nbDispersion(counts, means).statistic;
    });
    const share = (from: number) => statistics.filter((value) => value > from).length / sets;
    // Upper points of half a chi-square: P(> 2.706) = .05, P(> .455) = .25, P(> 0) = .5.
    for (const [from, expected] of [
      [0, 0.5],
      [0.4549, 0.25],
      [2.7055, 0.05],
    ]) {
      expect(abs(share(from) - expected)).toBeLessThan(0.01 + 3 * sqrt((expected * (1 - expected)) / sets));
    }
  });

  it('notices a dispersion of .1', () => {
    expect(rejected(0.1, 0.05, 100, 22)).toBeGreaterThan(0.9);
  });
});

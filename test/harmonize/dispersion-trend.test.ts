import { describe, expect, it } from 'vitest';
import { random } from '../../src/array/random.ts';
import { dispersionTrend } from '../../src/harmonize/dispersion-trend.ts';

const { abs } = Math;

describe('the trend of dispersion', () => {
  it('gives back a common dispersion, between the fitted means and beyond', () => {
    const means = Float64Array.from({ length: 50 }, (_, k) => 10 ** (k / 15));
    const trend = dispersionTrend(means, new Float64Array(50).fill(1e-12));
    for (const mean of [0.01, 1, 30, 1e6]) expect(trend(mean)).toBeLessThan(1e-6);
  });

  it('is nearer to a smooth truth than single estimates', () => {
    const draw = random(4);
    const means = Float64Array.from({ length: 300 }, (_, k) => 10 ** (0.5 + k / 150));
    const truth = (mean: number) => 0.1 + 2 / mean;
    const noisy = means.map((mean) => truth(mean) * Math.exp(0.6 * draw.normal()));
    const trend = dispersionTrend(means, noisy);
    const off = (of: (k: number) => number) =>
      means.reduce((sum, mean, k) => sum + abs(Math.log(of(k) / truth(mean))), 0) / 300;
    expect(off((k) => trend(means[k]))).toBeLessThan(0.5 * off((k) => noisy[k]));
  });

  it('is the one dispersion where there is one feature', () => {
    expect(dispersionTrend(Float64Array.of(20), Float64Array.of(0.3))(20)).toBeCloseTo(0.3, 12);
  });
});

/**
 * How much more counts scatter than Poisson counts of the same means: the dispersion α of the negative binomial with
 * variance μ + α μ².
 */

import { InputError } from '../errors.ts';
import { chiSquareUpper } from './distributions.ts';
import { digammaError, logGammaRise, trigamma } from './special.ts';

export interface NbDispersion {
  /** Maximum likelihood at the given means; 0 where the counts scatter no more than Poisson counts. */
  readonly dispersion: number;
  /** Twice the log likelihood above Poisson. */
  readonly statistic: number;
  /**
   * The likelihood-ratio test of α = 0. As that is the end of the range of α, the statistic is 0 half of the time and
   * chi-square with one degree of freedom else (Self and Liang 1987, case 5).
   */
  readonly p: number;
}

const lowest = Math.log(1e-10);
const highest = Math.log(1e4);

/**
 * Newton's method on ln α, started at the estimate of moments and held between two bounds that close in.
 *
 * @param counts Counts [subjects], whole or not, none negative.
 * @param means Expected counts [subjects], positive: of one mean, or of depth times share.
 * @throws InputError at a negative count or a mean that is not positive.
 */
export function nbDispersion(counts: ArrayLike<number>, means: ArrayLike<number>): NbDispersion {
  let excess = 0; // twice the slope of the log likelihood at α = 0
  let squares = 0;
  for (let i = 0; i < counts.length; i++) {
    const [x, mean] = [counts[i], means[i]];
    if (!(x >= 0 && mean > 0 && x < Infinity && mean < Infinity)) {
      throw new InputError({
        where: `nbDispersion: subject ${i}`,
        what: 'unusable',
        expected: 'a count from 0 and a positive mean',
        got: `count ${x}, mean ${mean}`,
      });
    }
    excess += (x - mean) ** 2 - x;
    squares += mean ** 2;
  }
  if (!(excess > 0)) return { dispersion: 0, statistic: 0, p: 1 };
  let low = lowest;
  let high = highest;
  let theta = Math.min(high, Math.max(low, Math.log(excess / squares)));
  for (let step = 0; step < 100; step++) {
    const { slope, curvature } = derivatives(counts, means, Math.exp(-theta));
    if (slope > 0) low = theta;
    else high = theta;
    const newton = curvature < 0 ? theta - slope / curvature : Number.NaN;
    const next = newton >= low && newton <= high ? newton : (low + high) / 2;
    const moved = Math.abs(next - theta);
    theta = next;
    if (moved < 1e-9) break;
  }
  const statistic = Math.max(0, 2 * abovePoisson(counts, means, Math.exp(-theta)));
  return { dispersion: Math.exp(theta), statistic, p: statistic > 0 ? 0.5 * chiSquareUpper(statistic, 1) : 1 };
}

/** Log likelihood at α = 1 / r less that of Poisson. */
function abovePoisson(counts: ArrayLike<number>, means: ArrayLike<number>, r: number): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    const [x, mean] = [counts[i], means[i]];
    sum += logGammaRise(r, x) - (x + r) * Math.log1p(mean / r) + mean;
  }
  return sum;
}

/** Of the log likelihood against ln α, by way of r = 1 / α: both sides of a difference that cancels are taken together. */
function derivatives(counts: ArrayLike<number>, means: ArrayLike<number>, r: number) {
  let first = 0;
  let second = 0;
  const atR = digammaError(r);
  const trigammaAtR = trigamma(r);
  for (let i = 0; i < counts.length; i++) {
    const [x, mean] = [counts[i], means[i]];
    const u = (x - mean) / (r + mean);
    first += Math.log1p(u) - u + (x > 0 ? digammaError(r + x) - atR : 0);
    second += (x > 0 ? trigamma(r + x) - trigammaAtR : 0) + mean / (r * (r + mean)) + u / (r + mean);
  }
  return { slope: -r * first, curvature: r * first + r * r * second };
}

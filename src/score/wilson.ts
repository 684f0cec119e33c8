import { normalQuantile } from '../array/distributions.ts';

export interface Share {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * A share of independent subjects with its score interval (Wilson 1927), which keeps near its level in small samples and
 * at shares of 0 and 1 (Brown, Cai and DasGupta 2001). Undefined for no subjects.
 */
export function wilson(successes: number, n: number, level = 0.95): Share | undefined {
  if (n === 0) return undefined;
  const z = -normalQuantile((1 - level) / 2);
  const estimate = successes / n;
  const middle = (successes + 0.5 * z * z) / (n + z * z);
  const half = (z / (n + z * z)) * Math.sqrt((successes * (n - successes)) / n + 0.25 * z * z);
  return {
    estimate,
    low: successes === 0 ? 0 : middle - half,
    high: successes === n ? 1 : middle + half,
  };
}

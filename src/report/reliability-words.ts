/** Calibration figures as words: what an interval about the slope or the intercept leaves open, and what it does not. */
import type { Reliability, StrategyResult } from '../evaluate/comparison.ts';
import { share } from '../score/written.ts';

export const slopeReadings = [
  'too cautious',
  'too extreme',
  'no relation seen',
  'not seen to be off',
  'cannot be told',
] as const;
export type SlopeReading = (typeof slopeReadings)[number];

/**
 * A slope of 1 is right, a slope of 0 says nothing of the truth. Where the interval holds both, these subjects cannot tell
 * the one from the other.
 */
export function slopeReading({ slope }: Reliability): SlopeReading | undefined {
  if (!slope) return undefined;
  if (slope.low > 1) return 'too cautious';
  if (slope.high < 1) return slope.low <= 0 ? 'no relation seen' : 'too extreme';
  return slope.low <= 0 ? 'cannot be told' : 'not seen to be off';
}

/** The slope's reading and, where the interval excludes 0, which way predictions are off on average. */
export function reliabilityReading(reliability: Reliability): string | undefined {
  const { intercept } = reliability;
  const level = intercept && (intercept.low > 0 ? 'told too low' : intercept.high < 0 ? 'told too high' : undefined);
  const words = [slopeReading(reliability), level].filter((word) => word !== undefined && word !== null);
  return words.length > 0 ? words.join('; ') : undefined;
}

/** `late:mean (slope 2.727) and late:weighted (slope 1.880)`: the strategies of one reading; undefined of none. */
export function read(strategies: readonly StrategyResult[], reading: SlopeReading): string | undefined {
  const named = strategies
    .filter(({ reliability }) => slopeReading(reliability) === reading)
    .map(({ name, reliability }) => `${name} (slope ${share(reliability.slope?.estimate, 2)})`);
  if (named.length === 0) return undefined;
  return named.length === 1 ? named[0] : `${named.slice(0, -1).join(', ')} and ${named.at(-1)}`;
}

/** What a comparison over nights says in a sentence: found differences only, and none is said to be none. */
import type { AlertDifference } from '../../evaluate/alerts/compare.ts';
import type { ModeComparison } from '../../evaluate/nights/compare.ts';
import type { StrategyOverTime } from '../../fuse/hybrid/strategies.ts';
import { absent, difference, interval, share } from '../../score/written.ts';

export interface Found {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** `.912 (.870 to .950)`. */
export function withRange(
  { value, low, high }: Found,
  write: (value: number | null | undefined) => string = share,
): string {
  const range = interval(low, high, write);
  return range === absent ? write(value) : `${write(value)} (${range})`;
}

/** More, less, or cannot tell: an interval that holds 0 tells nothing. */
export function found({ low, high }: Found): 'more' | 'less' | 'cannot tell' {
  if (low === null || high === null) return 'cannot tell';
  if (low > 0) return 'more';
  return high < 0 ? 'less' : 'cannot tell';
}

export function differenceBetween(
  { differences }: ModeComparison,
  a: StrategyOverTime,
  b: StrategyOverTime,
): AlertDifference | undefined {
  return differences.find((one) => one.a === a && one.b === b && one.group === null);
}

/** `Hybrid fusion caught more events than the slow sensor alone: +.140 (+.050 to +.230).` */
export function caughtSentence(subject: string, other: string, figure: Found): string {
  const range = withRange(figure, difference);
  if (figure.value === 0 && figure.low === null) return `${subject} caught as many events as ${other}.`;
  switch (found(figure)) {
    case 'more':
      return `${subject} caught more events than ${other}: ${range}.`;
    case 'less':
      return `${subject} caught fewer events than ${other}: ${range}.`;
    case 'cannot tell':
      return `whether ${subject} catches more events than ${other} cannot be told from these nights: ${range}.`;
  }
}

export const strategyLabel: Readonly<Record<StrategyOverTime, string>> = {
  early: 'early: waits for all',
  slow: 'slow sensor alone',
  fast: 'fast sensors alone',
  learned: 'fast sensors, a network',
  late: 'late: log-odds added',
  filter: 'filter, no fast sensors',
  hybrid: 'hybrid: filter and fast',
};

/** How the heart answers low glucose, by the name of the group. */
export const responseLabel: Readonly<Record<string, string>> = {
  positive: 'faster',
  opposite: 'slower',
  none: 'as always',
};

export const modeLabel = {
  nowcast: 'Nowcast: is it so now?',
  forecast: 'Forecast: is it, or will it be within 20 minutes?',
} as const;

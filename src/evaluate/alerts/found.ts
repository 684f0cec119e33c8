import { type Figure, type PeopleDraws, type Replicates, withInterval } from './people-draws.ts';

/** A figure before it is written: with what draws of people made of it, so that two strategies can be subtracted. */
export interface Found {
  /** NaN or undefined where nothing defines it. */
  readonly value: number | undefined;
  readonly of: number;
  /** Why it is not defined, where it is not. */
  readonly why: string;
  /** Why it has no interval, where draws of people cannot give one. */
  readonly noInterval?: string;
  readonly replicates: Replicates;
}

export function written({ value, of, why, noInterval, replicates }: Found, draws: PeopleDraws, level: number): Figure {
  const figure = withInterval(value, of, draws, replicates, level, why);
  return figure.value === null || noInterval === undefined
    ? figure
    : { ...figure, low: null, high: null, why: noInterval };
}

/** `a` minus `b`, draw by draw: both on the same people. */
export function subtracted(a: Found, b: Found): Found {
  const replicates = a.replicates.map((value, i) => value - b.replicates[i]);
  const defined = ({ value }: Found) => value !== undefined && Number.isFinite(value);
  const value = defined(a) && defined(b) ? (a.value as number) - (b.value as number) : undefined;
  const noInterval = a.noInterval ?? b.noInterval;
  return {
    value,
    of: Math.min(a.of, b.of),
    why: defined(a) ? b.why : a.why,
    ...(noInterval !== undefined && { noInterval }),
    replicates,
  };
}

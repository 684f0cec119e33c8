import { type Figure, type PeopleDraws, type Replicates, withInterval } from './people-draws.ts';

/** A figure before it is written: with what draws of people made of it, so that two strategies can be subtracted. */
export interface Found {
  /** NaN or undefined where nothing defines it. */
  readonly value: number | undefined;
  readonly of: number;
  /** Why it is not defined, where it is not. */
  readonly why: string;
  readonly replicates: Replicates;
}

export function written({ value, of, why, replicates }: Found, draws: PeopleDraws, level: number): Figure {
  return withInterval(value, of, draws, replicates, level, why);
}

/** `a` minus `b`, draw by draw: both on the same people. */
export function subtracted(a: Found, b: Found): Found {
  const replicates = a.replicates.map((value, i) => value - b.replicates[i]);
  const defined = ({ value }: Found) => value !== undefined && Number.isFinite(value);
  const value = defined(a) && defined(b) ? (a.value as number) - (b.value as number) : undefined;
  return { value, of: Math.min(a.of, b.of), why: defined(a) ? b.why : a.why, replicates };
}

/**
 * The bootstrap over people (Efron and Tibshirani 1993, chapters 6 and 13): a resample draws as many people as there are,
 * with all their nights. Nights of one person are alike; intervals that drew nights would be too narrow.
 */
import { deriveSeed, random } from '../../array/random.ts';

export interface PeopleDraws {
  readonly people: number;
  readonly resamples: number;
  /** How often each person is drawn. */
  readonly times: Uint16Array; // [resamples, people]
}

/** They depend on seed and number of people only: two strategies on the same people see the same draws. */
export function peopleDraws(people: number, seed: number, resamples: number): PeopleDraws {
  const times = new Uint16Array(resamples * people); // [resamples, people]
  const generator = random(deriveSeed(seed, 'people'));
  for (let from = 0; from < times.length; from += people) {
    for (let i = 0; i < people; i++) times[from + generator.integer(people)]++;
  }
  return { people, resamples, times };
}

/** One figure of a judgement. */
export interface Figure {
  /** Null where nothing defines it: `why` then says so. */
  readonly value: number | null;
  /** Percentiles over draws of people; null, with a reason, where they tell nothing. */
  readonly low: number | null;
  readonly high: number | null;
  /** What it is a figure of, counted: events, nights, alerts, moments. */
  readonly of: number;
  readonly why?: string;
}

/** What draws of people make of a figure: NaN where a draw does not define it. */
export type Replicates = Float64Array; // [resamples]

/**
 * An interval needs half the draws, and so many people that they would not all lie on one side of the truth more often than
 * the level allows: six for 95 %. Draws of two people that happen to agree would call any difference found. Where all draws agree there is none: a share of 1 in all of them is no
 * proof of certainty.
 */
export function withInterval(
  value: number | undefined,
  of: number,
  { people, resamples }: PeopleDraws,
  replicates: Replicates,
  level: number,
  whyNot: string,
): Figure {
  const without = { low: null, high: null, of };
  if (value === undefined || !Number.isFinite(value)) return { value: null, ...without, why: whyNot };
  if (resamples === 0) return { value, ...without, why: 'no interval: none asked for' };
  if (people < 2) return { value, ...without, why: 'no interval: one person' };
  const sorted = replicates.filter(Number.isFinite).sort();
  if (sorted.length < 2 || 2 * sorted.length < resamples) {
    return { value, ...without, why: 'no interval: too few draws of people define it' };
  }
  if (sorted[0] === sorted[sorted.length - 1]) return { value, ...without, why: 'no interval: the same in all draws' };
  if (2 ** (1 - people) > 1 - level) return { value, ...without, why: 'no interval: too few people' };
  return { value, low: quantile(sorted, (1 - level) / 2), high: quantile(sorted, (1 + level) / 2), of };
}

/** Linear between order statistics (Hyndman and Fan 1996, definition 7); NaN of no values. */
export function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/** Values and whose each is, so that quantiles of draws need no sorting. */
export interface Pool {
  readonly value: Float64Array; // [values], ascending
  readonly person: Int32Array; // [values]
}

export function pool(values: readonly { readonly value: number; readonly person: number }[]): Pool {
  const sorted = [...values].sort((a, b) => a.value - b.value || a.person - b.person);
  return { value: Float64Array.from(sorted, (v) => v.value), person: Int32Array.from(sorted, (v) => v.person) };
}

/** The quantile of the values as each draw repeats them. */
export function quantileReplicates({ value, person }: Pool, share: number, draws: PeopleDraws): Replicates {
  const own = new Float64Array(draws.people); // values of each person
  for (let i = 0; i < person.length; i++) own[person[i]]++;
  const out = new Float64Array(draws.resamples).fill(Number.NaN);
  for (let b = 0; b < draws.resamples; b++) {
    const times = draws.times.subarray(b * draws.people, (b + 1) * draws.people);
    let n = 0;
    for (let p = 0; p < times.length; p++) n += times[p] * own[p];
    if (n === 0) continue;
    const at = share * (n - 1);
    const below = Math.floor(at);
    let passed = 0; // values up to and with i
    let i = -1;
    while (passed <= below) passed += times[person[++i]];
    const lower = value[i];
    while (passed <= Math.min(below + 1, n - 1)) passed += times[person[++i]];
    out[b] = lower + (at - below) * (value[i] - lower);
  }
  return out;
}

/** Sums over people as each draw repeats them, handed on one draw at a time in a buffer that is used again. */
export function overDraws(
  sums: Float64Array, // [people, width]
  width: number,
  draws: PeopleDraws,
  visit: (total: Float64Array, draw: number) => void,
): void {
  const total = new Float64Array(width);
  for (let b = 0; b < draws.resamples; b++) {
    total.fill(0);
    for (let p = 0; p < draws.people; p++) {
      const times = draws.times[b * draws.people + p];
      if (times === 0) continue;
      const from = p * width;
      for (let j = 0; j < width; j++) total[j] += times * sums[from + j];
    }
    visit(total, b);
  }
}

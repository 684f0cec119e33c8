/**
 * The bootstrap over subjects (Efron and Tibshirani 1993, chapters 6 and 13), stratified by class: every resample has as
 * many subjects of each class as the sample. A statistic that compares two predictions on the same resampled rows makes
 * it a paired bootstrap.
 */
import { deriveSeed, type Random, random } from '../array/random.ts';

export interface BootstrapOptions {
  /** Class of each subject, as an index from 0. */
  readonly labels: ArrayLike<number>;
  readonly seed: number;
  readonly resamples?: number;
  /** Coverage of the interval. */
  readonly level?: number;
}

export interface BootstrapEstimate {
  /** The statistic of the sample itself. */
  readonly estimate: number;
  /** Standard deviation over resamples. */
  readonly standardError: number;
  /** Percentiles of the resamples. */
  readonly low: number;
  readonly high: number;
  /** Two-sided, against 0: twice the share of resamples on the rarer side of 0, with (count + 1) / (resamples + 1). */
  readonly p: number;
  /** Resamples that define the statistic, and those that do not and were left out. */
  readonly resamples: number;
  readonly undefinedResamples: number;
}

/**
 * Resamples subjects and asks `statistic` for each. It is handed row indices (repeats among them) in a buffer that is
 * reused: read it, do not keep it. The resamples depend on seed and labels only, so that two calls see the same ones.
 * Null where the sample itself, or all but one resample, leaves the statistic undefined.
 */
export function bootstrap(
  statistic: (rows: Int32Array) => number | undefined,
  { labels, seed, resamples = 2000, level = 0.95 }: BootstrapOptions,
): BootstrapEstimate | null {
  const subjects = Int32Array.from(labels, (_, i) => i);
  const estimate = statistic(subjects.slice());
  if (estimate === undefined) return null;
  const strata = byClass(labels);
  const generator = random(deriveSeed(seed, 'bootstrap'));
  const rows = new Int32Array(subjects.length);
  const values = new Float64Array(resamples);
  let defined = 0;
  for (let b = 0; b < resamples; b++) {
    resample(rows, strata, generator);
    const value = statistic(rows);
    if (value !== undefined) values[defined++] = value;
  }
  if (defined < 2) return null;
  const sorted = values.subarray(0, defined).sort();
  return {
    estimate,
    standardError: standardDeviation(sorted),
    low: quantile(sorted, (1 - level) / 2),
    high: quantile(sorted, (1 + level) / 2),
    p: twoSided(sorted),
    resamples: defined,
    undefinedResamples: resamples - defined,
  };
}

interface Strata {
  readonly order: Int32Array; // subjects, class by class
  readonly starts: Int32Array; // [classes + 1]
}

function byClass(labels: ArrayLike<number>): Strata {
  let classes = 0;
  for (let i = 0; i < labels.length; i++) classes = Math.max(classes, labels[i] + 1);
  const starts = new Int32Array(classes + 1);
  for (let i = 0; i < labels.length; i++) starts[labels[i] + 1]++;
  for (let c = 0; c < classes; c++) starts[c + 1] += starts[c];
  const next = starts.slice();
  const order = new Int32Array(labels.length);
  for (let i = 0; i < labels.length; i++) order[next[labels[i]]++] = i;
  return { order, starts };
}

function resample(rows: Int32Array, { order, starts }: Strata, generator: Random): void {
  for (let c = 0; c + 1 < starts.length; c++) {
    const size = starts[c + 1] - starts[c];
    for (let i = starts[c]; i < starts[c + 1]; i++) rows[i] = order[starts[c] + generator.integer(size)];
  }
}

function standardDeviation(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}

/** Linear between order statistics (Hyndman and Fan 1996, definition 7). */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

function twoSided(values: Float64Array): number {
  let atMost = 0;
  let atLeast = 0;
  for (const value of values) {
    if (value <= 0) atMost++;
    if (value >= 0) atLeast++;
  }
  return Math.min(1, (2 * (Math.min(atMost, atLeast) + 1)) / (values.length + 1));
}

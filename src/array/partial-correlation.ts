/** Linear dependence of two columns when others, and membership of strata, are held fixed; with Fisher's interval. */
import { normalQuantile, normalUpper } from './distributions.ts';

export interface PartialCorrelation {
  readonly value: number;
  readonly n: number;
  /** Degrees of freedom spent on what is held fixed: columns, and strata but one. */
  readonly controls: number;
}

/**
 * The correlation of what is left of x and y after the mean of each stratum and a linear function of the columns `given`
 * are taken off.
 *
 * @param strata stratum of each subject, such as its class
 * @returns null where nothing is left to correlate: no spread, or fewer than 4 subjects beyond what is held fixed
 */
export function partialCorrelation(
  x: Float64Array,
  y: Float64Array,
  given: readonly Float64Array[],
  strata: Int32Array,
): PartialCorrelation | null {
  const held = orthonormal(given, strata);
  const controls = held.length + new Set(strata).size - 1;
  if (x.length - controls < 4) return null;
  const a = projectedOff(x, held, strata);
  const b = projectedOff(y, held, strata);
  if (!a || !b) return null;
  return { value: Math.max(-1, Math.min(1, dot(a, b) / (norm(a) * norm(b)))), n: x.length, controls };
}

/** What the stratum means and a linear function of `given` leave of a column; null where that is nothing but rounding. */
export function residual(
  column: Float64Array,
  given: readonly Float64Array[],
  strata: Int32Array,
): Float64Array | null {
  return projectedOff(column, orthonormal(given, strata), strata);
}

/** Orthonormal columns that span the given ones within strata; what depends on earlier columns is left out. */
function orthonormal(given: readonly Float64Array[], strata: Int32Array): Float64Array[] {
  const held: Float64Array[] = [];
  for (const column of given) {
    const left = projectedOff(column, held, strata);
    if (left) held.push(scaled(left, 1 / norm(left)));
  }
  return held;
}

function projectedOff(column: Float64Array, held: readonly Float64Array[], strata: Int32Array): Float64Array | null {
  const out = centredWithin(column, strata);
  for (let pass = 0; pass < 2; pass++) {
    for (const unit of held) {
      const along = dot(unit, out);
      for (let i = 0; i < out.length; i++) out[i] -= along * unit[i];
    }
  }
  return norm(out) > 1e-9 * norm(column) ? out : null;
}

/** A column less the mean of each stratum. */
export function centredWithin(column: Float64Array, strata: Int32Array): Float64Array {
  const sums = new Map<number, { sum: number; n: number }>();
  column.forEach((value, i) => {
    const seen = sums.get(strata[i]) ?? { sum: 0, n: 0 };
    seen.sum += value;
    seen.n++;
    sums.set(strata[i], seen);
  });
  return column.map((value, i) => {
    const { sum, n } = sums.get(strata[i]) as { sum: number; n: number };
    return value - sum / n;
  });
}

export interface FisherInterval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Two-sided, against 0. */
  readonly p: number;
}

/** Fisher's z, kept finite where a correlation is 1. */
export function fisherZ(correlation: number): number {
  const most = 1 - 1e-12;
  return Math.atanh(Math.max(-most, Math.min(most, correlation)));
}

/**
 * Fisher's interval (1915, 1924): z = atanh r is about normal with variance 1 / degrees, degrees = n − controls − 3.
 * Exact enough for normal columns; heavy tails widen the truth.
 */
export function fisherInterval(z: number, degrees: number, level = 0.95): FisherInterval {
  const half = -normalQuantile((1 - level) / 2) / Math.sqrt(degrees);
  return {
    value: Math.tanh(z),
    low: Math.tanh(z - half),
    high: Math.tanh(z + half),
    p: 2 * normalUpper(Math.abs(z) * Math.sqrt(degrees)),
  };
}

function scaled(column: Float64Array, factor: number): Float64Array {
  return column.map((value) => value * factor);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}

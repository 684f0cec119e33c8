import type { Spread } from './inspection.ts';

/** The quartiles of figures over columns, by linear interpolation; null where there are none. */
export function spreadOf(figures: readonly number[]): Spread | null {
  if (figures.length === 0) return null;
  const sorted = Float64Array.from(figures).sort();
  return {
    columns: sorted.length,
    least: sorted[0],
    lowerQuartile: quantileOf(sorted, 0.25),
    median: quantileOf(sorted, 0.5),
    upperQuartile: quantileOf(sorted, 0.75),
    largest: sorted[sorted.length - 1],
  };
}

export function median(figures: readonly number[]): number {
  return quantileOf(Float64Array.from(figures).sort(), 0.5);
}

function quantileOf(sorted: Float64Array, q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low] + (at - low) * (sorted[Math.ceil(at)] - sorted[low]);
}

/** At most so many, evenly spaced, the first and the last among them. */
export function evenly<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, k) => all[Math.round((k * (all.length - 1)) / Math.max(1, most - 1))]);
}

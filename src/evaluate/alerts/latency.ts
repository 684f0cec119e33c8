import { quantile } from './people-draws.ts';

/** How long a decision took once a reading had arrived, milliseconds. What the sensor itself was late by is not in it. */
export interface Latency {
  readonly decisions: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
}

/** Of figures that are not numbers nothing is made. */
export function latencySummary(latencyMs: ArrayLike<number>): Latency {
  const sorted = Float64Array.from(latencyMs).filter(Number.isFinite).sort();
  const at = (share: number) => (sorted.length === 0 ? null : quantile(sorted, share));
  return { decisions: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

import type { Cell, Estimates, StrategyResult } from '../evaluate/comparison.ts';
import type { Metric } from '../score/metric.ts';

/** One set of modalities across strategies. */
export interface GridRow {
  readonly present: readonly string[];
  readonly n: number;
  readonly classCounts: readonly number[];
  /** In the order of the strategies asked for; undefined where a strategy has no such row. */
  readonly metrics: readonly (Estimates | undefined)[];
}

/** Beyond this many subsets a chart shows only the full set, those that lack one modality, and single ones. */
export const chartLimit = 64;

/** Strategies' cells joined by the set of modalities, in the order in which sets are first met. */
export function joined(
  strategies: readonly StrategyResult[],
  modalities: readonly string[],
  cellsOf: (strategy: StrategyResult) => readonly Cell[],
): GridRow[] {
  const rows = new Map<string, { cell: Cell; metrics: (Estimates | undefined)[] }>();
  for (const [at, strategy] of strategies.entries()) {
    for (const cell of cellsOf(strategy)) {
      const key = keyOf(cell.present, modalities);
      let row = rows.get(key);
      if (!row) rows.set(key, (row = { cell, metrics: strategies.map(() => undefined) }));
      row.metrics[at] = cell.metrics;
    }
  }
  return [...rows.values()].map(({ cell: { present, n, classCounts }, metrics }) => ({
    present,
    n,
    classCounts,
    metrics,
  }));
}

/** The largest sets first; of one size, in the order of the study's modalities. */
export function bySize(rows: readonly GridRow[], modalities: readonly string[]): GridRow[] {
  return [...rows].sort(
    (a, b) =>
      b.present.length - a.present.length || (keyOf(a.present, modalities) < keyOf(b.present, modalities) ? 1 : -1),
  );
}

/** The rows that a chart has room for. */
export function informative(rows: readonly GridRow[], modalities: number): GridRow[] {
  if (rows.length <= chartLimit) return [...rows];
  return rows.filter(({ present }) => present.length >= modalities - 1 || present.length === 1);
}

/** The lowest and highest value among the rows. */
export function rangeOf(rows: readonly GridRow[], metric: Metric): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { metrics } of rows) {
    for (const estimates of metrics) {
      const value = estimates?.[metric]?.value;
      if (value === null || value === undefined) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return [low, high];
}

function keyOf(present: readonly string[], modalities: readonly string[]): string {
  return modalities.map((name) => (present.includes(name) ? '1' : '0')).join('');
}

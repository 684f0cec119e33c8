import type { StrategyResult } from '../evaluate/comparison.ts';
import { higherIsBetter, type Metric } from '../score/metric.ts';

const rank = { single: 0, 'best-single': 1, fusion: 2 } as const;

/** Single modalities, then the best of them, then fusions; within each, the best on the metric first. */
export function inReadingOrder(strategies: readonly StrategyResult[], metric: Metric): StrategyResult[] {
  const sign = higherIsBetter[metric] ? -1 : 1;
  const worth = (s: StrategyResult) => sign * (s.metrics[metric]?.value ?? sign * Number.MAX_VALUE);
  return strategies
    .map((strategy, at) => ({ strategy, at }))
    .sort(
      (a, b) => rank[a.strategy.role] - rank[b.strategy.role] || worth(a.strategy) - worth(b.strategy) || a.at - b.at,
    )
    .map(({ strategy }) => strategy);
}

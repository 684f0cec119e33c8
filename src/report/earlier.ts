import type { Comparison, StrategyResult } from '../evaluate/comparison.ts';

type Target = Comparison['study']['target'];

/** A comparison of an earlier release: fields have been added since. */
type Earlier = Omit<Comparison, 'study' | 'strategies'> & {
  readonly study: Omit<Comparison['study'], 'target'> & { readonly target: Omit<Target, 'kind'> & Partial<Target> };
  readonly strategies: readonly (Omit<StrategyResult, 'reliability'> & Partial<StrategyResult>)[];
};

const unknown = { slope: null, intercept: null, error: null };

/** What earlier results lack: every target was one of classes, and calibration had no figures. */
export function completed(comparison: Earlier): Comparison {
  const { study, strategies } = comparison;
  return {
    ...comparison,
    study: { ...study, target: { kind: 'classes', ...study.target } },
    strategies: strategies.map((strategy) => ({ reliability: unknown, ...strategy })),
  };
}

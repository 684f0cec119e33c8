import { describe, expect, it } from 'vitest';
import type { Target } from '../../src/describe/target.ts';
import { compareStrategies } from '../../src/evaluate/compare.ts';
import type { Metric } from '../../src/score/metric.ts';
import { simulateFollowUp } from '../../src/simulate/follow-up.ts';
import { simulateMultiomics } from '../../src/simulate/multiomics.ts';
import { buildStrategies, strategiesOf } from '../../src/study/strategies.ts';
import { root } from '../structure/sources.ts';

const { differenceAgainst } = await import(`${root}bench/against.mjs`);

const made = simulateMultiomics({ subjects: 60, modalities: 2, features: 6, informative: 0.5, shared: 0.5, seed: 4 });
const [state] = made.truth.own.map(({ data }) => data);
const survival = simulateFollowUp({ logHazard: state, censored: 0.4, seed: 5 });
const once = { kind: 'holdout', repeats: 1, testShare: 0.4 } as const;
const folds = { kind: 'cross-validation', folds: 3, repeats: 2 } as const;

type Protocol = typeof once | typeof folds;
const done = new Map<string, ReturnType<typeof comparisonOf>>();

function compareOn(target: Target, protocol: Protocol, metric: Metric) {
  const key = `${protocol.kind} ${metric}`;
  if (!done.has(key)) done.set(key, comparisonOf(target, protocol, metric));
  return done.get(key) as ReturnType<typeof comparisonOf>;
}

async function comparisonOf(target: Target, protocol: Protocol, metric: Metric) {
  const entries = ['single', 'late:mean', 'early'] as const;
  const study = { kind: 'study', version: 1, target: {}, modalities: {}, strategies: entries } as never;
  const specs = strategiesOf(study, ['omics1', 'omics2'], metric, target.kind);
  const options = { protocol, seed: 3, inner: 3, metric };
  const { predictions, ...rest } = await compareStrategies(made.cohort, target, buildStrategies(specs), options);
  const classes = target.kind === 'classes' ? target.classes : ['censored', 'event'];
  const described = { subjects: made.cohort.subjects.length, target: { classes } };
  return { comparison: { ...rest, study: described }, predictions };
}

describe('a strategy against any other', () => {
  const cases = [
    ['of AUROC over folds', made.target, folds, 'auroc', 'corrected-resampled-t'],
    ['of AUROC on one split', made.target, once, 'auroc', 'delong'],
    ['of a metric of classes on one split', made.target, once, 'balancedErrorRate', 'paired-bootstrap'],
    ["of Harrell's C over folds", survival, folds, 'harrellC', 'corrected-resampled-t'],
    ["of Harrell's C on one split", survival, once, 'harrellC', 'paired-bootstrap'],
  ] as const;

  it.each(cases)(
    'has the difference and the interval that a comparison has, %s',
    async (_, ...[target, protocol, metric, method]) => {
      const compared = await compareOn(target, protocol, metric);
      const { paired } = compared.comparison.strategies.find(({ name }) => name === 'late:mean') ?? {};
      expect(paired?.method).toBe(method);
      const found = differenceAgainst(compared, 'late:mean', 'single:best');
      for (const field of ['difference', 'low', 'high'] as const)
        expect(found[field]).toBeCloseTo(paired?.[field] as number, 9);
    },
  );

  it('is in a metric other than that of the study where one is named', async () => {
    const compared = await compareOn(made.target, folds, 'auroc');
    const { pairedOther = [] } = compared.comparison.strategies.find(({ name }) => name === 'late:mean') ?? {};
    const logLoss = pairedOther.find(({ metric }) => metric === 'logLoss');
    const found = differenceAgainst(compared, 'late:mean', 'single:best', 'logLoss');
    expect(found.difference).toBeCloseTo(logLoss?.difference as number, 9);
    expect(found.low).toBeCloseTo(logLoss?.low as number, 9);
  });

  it('changes its sign with the order of the two, and is 0 without an interval from itself', async () => {
    const compared = await compareOn(made.target, folds, 'auroc');
    const one = differenceAgainst(compared, 'late:mean', 'early:logistic');
    const other = differenceAgainst(compared, 'early:logistic', 'late:mean');
    expect(one.difference).not.toBe(0);
    expect(other.difference).toBeCloseTo(-one.difference, 12);
    expect(other.low).toBeCloseTo(-one.high, 12);
    expect(differenceAgainst(compared, 'late:mean', 'late:mean')).toEqual({ difference: 0 });
  });

  it('is nothing where a strategy is not there', async () => {
    const compared = await compareOn(made.target, once, 'auroc');
    expect(differenceAgainst(compared, 'late:mean', 'late:vote')).toBeUndefined();
    expect(differenceAgainst(compared, 'blend', 'late:vote')).toBeUndefined();
  });
});

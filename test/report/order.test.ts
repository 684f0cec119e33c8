import { expect, it } from 'vitest';
import { inReadingOrder } from '../../src/report/order.ts';
import { higherIsBetter } from '../../src/score/metric.ts';
import { syntheticComparison } from './comparison.fixture.ts';

const ranks = ['single', 'best-single', 'fusion'];

it.each(['auroc', 'logLoss'] as const)('strategies stand by role, and in a role the best on %s first', (metric) => {
  const { strategies } = syntheticComparison({ metric });
  const ordered = inReadingOrder(strategies, metric);
  expect([...ordered].sort((a, b) => a.name.localeCompare(b.name))).toEqual(
    [...strategies].sort((a, b) => a.name.localeCompare(b.name)),
  );
  for (const [at, { role, metrics }] of ordered.entries()) {
    if (at === 0) continue;
    const before = ordered[at - 1];
    expect(ranks.indexOf(role)).toBeGreaterThanOrEqual(ranks.indexOf(before.role));
    if (role !== before.role) continue;
    const gain = (before.metrics[metric]?.value as number) - (metrics[metric]?.value as number);
    expect(higherIsBetter[metric] ? gain : -gain).toBeGreaterThanOrEqual(0);
  }
});

it('a strategy without a figure stands last in its role', () => {
  const { strategies } = syntheticComparison();
  const [first, ...others] = strategies.filter(({ role }) => role === 'fusion');
  const ordered = inReadingOrder([{ ...first, metrics: {} }, ...others], 'auroc');
  expect(ordered.at(-1)?.name).toBe(first.name);
});

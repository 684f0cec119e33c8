import type { StrategyResult } from '../../evaluate/comparison.ts';
import { percent, share } from '../../score/written.ts';
import { abstentionChart } from '../charts/abstention.ts';
import type { Context } from '../context.ts';
import { html, type Markup } from '../markup.ts';
import { panel, panels } from '../panels.ts';
import { behind, table } from '../tables.ts';

const tabled = [0.25, 0.5, 0.75, 0.9, 1];

type Abstaining = StrategyResult & { readonly abstention: NonNullable<StrategyResult['abstention']> };

/** Classes only: what it brings to answer just those of whom the prediction is most certain. */
export function abstention({ canvas, compared, figure }: Context): Markup {
  const strategies = compared.filter((one): one is Abstaining => (one.abstention?.curve.length ?? 0) > 0);
  if (strategies.length === 0) return html``;
  const largest = Math.max(
    ...strategies.flatMap(({ abstention: { curve } }) => curve.map(({ errorRate }) => errorRate)),
  );
  const highest = Math.min(1, Math.max(0.1, Math.ceil(largest * 10) / 10));
  const charts = strategies.map((strategy) =>
    panel(
      strategy.name,
      `area ${share(strategy.abstention.area)}`,
      abstentionChart(canvas, strategy, strategy.abstention.curve, highest),
    ),
  );
  return html`<h3>Abstaining</h3>
${figure(
  panels(charts),
  html`Error rate (upwards) if only the share of subjects with the most certain predictions is answered (to the right) and
the others are left to people; the dashed line answers everyone. A line that falls to the left knows where it is unsure.
The area below it is small where errors are few and come late. Its left end rests on few subjects.`,
)}
${behind(
  'Table: error rates when abstaining',
  table<Abstaining>(
    'Error rate among the most certain',
    [
      { head: 'strategy', cell: ({ name }) => name },
      ...tabled.map((answered) => ({
        head: percent(answered),
        cell: ({ abstention: { curve } }: Abstaining) =>
          share(curve.find((point) => Math.abs(point.answered - answered) < 1e-6)?.errorRate),
      })),
      { head: 'area', cell: ({ abstention: { area } }) => share(area) },
    ],
    strategies,
  ),
)}`;
}

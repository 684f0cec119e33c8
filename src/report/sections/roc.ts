import type { StrategyResult } from '../../evaluate/comparison.ts';
import { share, figure as written } from '../../score/written.ts';
import { rocChart } from '../charts/roc.ts';
import type { Context } from '../context.ts';
import { html, type Markup } from '../markup.ts';
import { panel, panels } from '../panels.ts';
import { behind, table } from '../tables.ts';
import { eventOf } from '../words.ts';

const tabled = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9];

/** Two classes only: how well the probabilities rank. */
export function roc({ canvas, comparison, strategies, figure }: Context): Markup {
  const ranked = strategies.filter(({ roc: points }) => points.length > 0);
  if (ranked.length === 0) return html``;
  const charts = ranked.map((strategy) =>
    panel(
      strategy.name,
      `AUROC ${written('auroc', strategy.metrics.auroc?.value)}`,
      rocChart(
        canvas,
        strategy,
        ranked.filter((other) => other !== strategy),
      ),
    ),
  );
  return html`<section aria-labelledby="ranking"><h2 id="ranking">How well are subjects ranked?</h2>
<h3>ROC</h3>
${figure(
  panels(charts),
  html`True positive rate (upwards) against false positive rate (to the right) for <em>${eventOf(comparison.study.target)}</em>,
mean over test folds; the other strategies in grey. The dotted diagonal is chance.`,
)}
${behind(
  'Table: ROC curves',
  table<StrategyResult>(
    'Mean true positive rate at a false positive rate of',
    [
      { head: 'strategy', cell: ({ name }) => name },
      ...tabled.map((rate) => ({
        head: share(rate, 2),
        cell: ({ roc: points }: StrategyResult) => share(truePositiveRateAt(points, rate)),
      })),
    ],
    ranked,
  ),
)}
</section>`;
}

function truePositiveRateAt(points: StrategyResult['roc'], rate: number): number | undefined {
  const after = points.findIndex(({ falsePositiveRate }) => falsePositiveRate >= rate - 1e-9);
  if (after < 0) return undefined;
  const [b, a] = [points[after], points[Math.max(0, after - 1)]];
  const span = b.falsePositiveRate - a.falsePositiveRate;
  const part = span > 0 ? (rate - a.falsePositiveRate) / span : 1;
  return a.truePositiveRate + part * (b.truePositiveRate - a.truePositiveRate);
}

import type { CalibrationBin, StrategyResult } from '../../evaluate/comparison.ts';
import type { Metric } from '../../score/metric.ts';
import { share, figure as written } from '../../score/written.ts';
import { calibrationChart } from '../charts/calibration.ts';
import { rocChart } from '../charts/roc.ts';
import { type Context, placeChart } from '../context.ts';
import { html, type Markup } from '../markup.ts';
import { behind, table } from '../tables.ts';
import { eventOf } from '../words.ts';

/** Are the probabilities to be believed, and how well do they rank? */
export function quality(context: Context): Markup {
  const calibrated = context.strategies.filter(({ calibration }) => calibration.length > 0);
  const ranked = context.strategies.filter(({ roc }) => roc.length > 0);
  if (calibrated.length + ranked.length === 0) return html``;
  return html`<section aria-labelledby="quality"><h2 id="quality">Can the probabilities be believed?</h2>
${calibrated.length > 0 && calibration(context, calibrated)}
${ranked.length > 0 && roc(context, ranked)}
</section>`;
}

function panel(strategy: StrategyResult, metric: Metric, label: string, chart: Element): Markup {
  const value = written(metric, strategy.metrics[metric]?.value);
  return html`<div><h4>${strategy.name} <span>${label} ${value}</span></h4>${placeChart(chart)}</div>
`;
}

function calibration({ canvas, comparison, figure }: Context, strategies: readonly StrategyResult[]): Markup {
  const event = html`<em>${eventOf(comparison.study.target) ?? 'the class predicted'}</em>`;
  const panels = strategies.map((strategy) => panel(strategy, 'brier', 'Brier', calibrationChart(canvas, strategy)));
  return html`<h3>Calibration</h3>
${figure(
  html`<div class="panels">${panels}</div>`,
  html`Observed share (upwards) against predicted probability (to the right) of ${event}. On the dotted diagonal the
probabilities mean what they say; below it they promise too much, above it too little. Grey bars: how many
predictions each bin holds. Bins with few predictions scatter.`,
)}
${behind(
  'Table: calibration bins',
  table<CalibrationBin & { readonly name: string }>(
    'Predicted and observed by bin of predicted probability',
    [
      { head: 'strategy', cell: ({ name }) => name },
      { head: 'bin', cell: ({ low, high }) => `${share(low, 2)} to ${share(high, 2)}` },
      { head: 'mean predicted', cell: ({ meanPredicted }) => share(meanPredicted) },
      { head: 'observed', cell: ({ observed }) => share(observed) },
      { head: 'n', cell: ({ n }) => Math.round(n) },
    ],
    strategies.flatMap(({ name, calibration: bins }) => bins.map((bin) => ({ ...bin, name }))),
  ),
)}`;
}

const tabled = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9];

function roc({ canvas, comparison, figure }: Context, strategies: readonly StrategyResult[]): Markup {
  const panels = strategies.map((strategy) =>
    panel(
      strategy,
      'auroc',
      'AUROC',
      rocChart(
        canvas,
        strategy,
        strategies.filter((other) => other !== strategy),
      ),
    ),
  );
  return html`<h3>ROC</h3>
${figure(
  html`<div class="panels">${panels}</div>`,
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
    strategies,
  ),
)}`;
}

function truePositiveRateAt(points: StrategyResult['roc'], rate: number): number | undefined {
  const after = points.findIndex(({ falsePositiveRate }) => falsePositiveRate >= rate - 1e-9);
  if (after < 0) return undefined;
  const [b, a] = [points[after], points[Math.max(0, after - 1)]];
  const span = b.falsePositiveRate - a.falsePositiveRate;
  const part = span > 0 ? (rate - a.falsePositiveRate) / span : 1;
  return a.truePositiveRate + part * (b.truePositiveRate - a.truePositiveRate);
}

import type { CalibrationBin, StrategyResult } from '../../evaluate/comparison.ts';
import { share, figure as written } from '../../score/written.ts';
import { calibrationChart, groupedCalibrationChart, type Square } from '../charts/calibration.ts';
import type { Context } from '../context.ts';
import { html, type Markup } from '../markup.ts';
import { panel, panels } from '../panels.ts';
import { behind, table } from '../tables.ts';
import { eventOf, withUnit } from '../words.ts';

/** What was predicted against what came out, by the kind of target. */
export function calibration(context: Context): Markup {
  const strategies = context.strategies.filter(({ calibration: bins }) => bins.length > 0);
  if (strategies.length === 0) return html``;
  switch (context.comparison.study.target.kind) {
    case 'classes':
      return ofClasses(context, strategies);
    case 'survival':
      return ofSurvival(context, strategies);
    case 'value':
      return ofValues(context, strategies);
  }
}

function ofClasses({ canvas, comparison, figure }: Context, strategies: readonly StrategyResult[]): Markup {
  const event = html`<em>${eventOf(comparison.study.target) ?? 'the class predicted'}</em>`;
  const charts = strategies.map((strategy) =>
    panel(
      strategy.name,
      `Brier ${written('brier', strategy.metrics.brier?.value)}`,
      calibrationChart(canvas, strategy),
    ),
  );
  return html`<h3>Calibration</h3>
${figure(
  panels(charts),
  html`Observed share (upwards) against predicted probability (to the right) of ${event}. On the dotted diagonal the
probabilities mean what they say; below it they promise too much, above it too little. Grey bars: how many
predictions each bin holds. Bins with few predictions scatter.`,
)}
${behind(
  'Table: calibration bins',
  binsTable('Predicted and observed by bin of predicted probability', strategies, (value) => share(value)),
)}`;
}

function ofSurvival({ canvas, figure }: Context, strategies: readonly StrategyResult[]): Markup {
  const square = squareOf(strategies, [0], (value) => plain(value).replace(/^0\./, '.'));
  const charts = strategies.map((strategy) =>
    panel(
      strategy.name,
      `int. Brier ${written('integratedBrier', strategy.metrics.integratedBrier?.value)}`,
      groupedCalibrationChart(canvas, strategy, square),
    ),
  );
  return html`<h3>Calibration</h3>
${figure(
  panels(charts),
  html`Probability of the event by the middle of the times that are scored: the Kaplan-Meier estimate (upwards) against what
was predicted (to the right), by fifths of the prediction. Above the dotted diagonal more events came than were told,
below it fewer.`,
)}
${behind(
  'Table: calibration by fifths',
  binsTable('Predicted and observed probability of the event, by fifths of the prediction', strategies, (value) =>
    share(value),
  ),
)}`;
}

function ofValues({ canvas, comparison, figure }: Context, strategies: readonly StrategyResult[]): Markup {
  const { name, unit } = comparison.study.target;
  const square = squareOf(strategies, [], plain);
  const charts = strategies.map((strategy) =>
    panel(
      strategy.name,
      `R² ${written('rSquared', strategy.metrics.rSquared?.value)}`,
      groupedCalibrationChart(canvas, strategy, square),
    ),
  );
  return html`<h3>Predicted and true values</h3>
${figure(
  panels(charts),
  html`Mean of the true values (upwards) against mean of the predicted ones (to the right) of ${withUnit(name, unit && `(${unit})`)}, by
tenths of the prediction. On the dotted diagonal they agree. A line flatter than the diagonal: predictions lie too far
apart; steeper: too near the middle.`,
)}
${behind('Table: predicted and true by tenths', binsTable(`Predicted and true ${withUnit(name, unit && `in ${unit}`)}, by tenths of the prediction`, strategies, plain))}`;
}

function binsTable(caption: string, strategies: readonly StrategyResult[], write: (value: number) => string): Markup {
  return table<CalibrationBin & { readonly name: string }>(
    caption,
    [
      { head: 'strategy', cell: ({ name }) => name },
      { head: 'predicted from, to', cell: ({ low, high }) => `${write(low)} to ${write(high)}` },
      { head: 'mean predicted', cell: ({ meanPredicted }) => write(meanPredicted) },
      { head: 'observed', cell: ({ observed }) => write(observed) },
      { head: 'n', cell: ({ n }) => Math.round(n) },
    ],
    strategies.flatMap(({ name, calibration: bins }) => bins.map((bin) => ({ ...bin, name }))),
  );
}

/** One square for all strategies, which also holds these values; some five round ticks. */
function squareOf(
  strategies: readonly StrategyResult[],
  holding: readonly number[],
  write: (value: number) => string,
): Square {
  const predictedAndTrue = strategies.flatMap(({ calibration: bins }) =>
    bins.flatMap(({ meanPredicted, observed }) => [meanPredicted, observed]),
  );
  const all = [...holding, ...predictedAndTrue];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const span = high - low || Math.abs(high) || 1;
  const power = 10 ** Math.floor(Math.log10(span / 4));
  const step = [1, 2, 5, 10].map((times) => times * power).find((width) => span / width <= 4) as number;
  const [first, last] = [Math.floor(low / step), Math.max(Math.ceil(high / step), Math.floor(low / step) + 1)];
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
  return { domain: [ticks[0], ticks[ticks.length - 1]], ticks, write };
}

/** Four significant digits, with a true minus. */
function plain(value: number): string {
  return String(Number(value.toPrecision(4))).replace('-', '−');
}

import type { Paired, StrategyResult } from '../../evaluate/comparison.ts';
import { metricLabel, metrics } from '../../score/metric.ts';
import { absent, counted, difference, interval, pValue, share } from '../../score/written.ts';
import { differencesChart } from '../charts/differences.ts';
import { estimatesChart } from '../charts/estimates.ts';
import { type Context, placeChart } from '../context.ts';
import { html, type Markup } from '../markup.ts';
import { behind, type Column, estimateCell, table } from '../tables.ts';
import { capitalized, findingLabel, methodLabel, metricName, unitOf, withUnit } from '../words.ts';

/** Strategies on the primary metric, beside their differences from the best single modality. */
export function strategies(context: Context): Markup {
  const { comparison, canvas, strategies: all, figure } = context;
  const { metric, margin, level } = comparison.protocol;
  const differences = (named: boolean) => placeChart(differencesChart(canvas, all, { margin, named }));
  const chart = html`<div class="pair"><div>${placeChart(estimatesChart(canvas, all, metric))}</div>
<div class="beside">${differences(false)}</div><div class="stacked">${differences(true)}</div></div>`;
  const { target } = comparison.study;
  const percent = `${Math.round(level * 100)} %`;
  return html`<section aria-labelledby="strategies"><h2 id="strategies">Does fusing help?</h2>
${figure(
  chart,
  html`${capitalized(metricName(metric, target))} on all test subjects with ${percent} intervals, and the paired difference of each fusion from the
best single modality on the same folds; to the right of zero the fusion is better. The grey band is the margin of
${withUnit(`±${share(margin)}`, unitOf(metric, target))} within which a difference does not matter; the dashed line is the best single modality, chosen on the
inner folds of each training set. p is adjusted by Holm.`,
)}
${behind(
  'Tables: every metric, every difference',
  metricsTable(context),
  pairedTable(
    'Difference from the best single modality, all test subjects',
    pairs(all, ({ paired }) => (paired ? [paired] : [])),
  ),
  pairedTable(
    'Difference from the best single modality, only test subjects who have the modality chosen in their fold',
    pairs(all, ({ pairedWherePresent }) => (pairedWherePresent ? [pairedWherePresent] : [])),
  ),
  pairedTable(
    'Difference from the modality that turned out best on these test subjects: chosen by looking, so biased against the fusions',
    pairs(all, ({ pairedInHindsight }) => (pairedInHindsight ? [pairedInHindsight] : [])),
  ),
  pairedTable(
    'Differences in the other metrics: for reading only, no verdict rests on them',
    pairs(all, ({ pairedOther }) => pairedOther ?? []),
  ),
)}
</section>`;
}

function metricsTable({ strategies: all, comparison }: Context): Markup {
  const { metric, level } = comparison.protocol;
  const { target } = comparison.study;
  const reported = metrics.filter((name) => all.some((strategy) => strategy.metrics[name]));
  const ordered = [metric, ...reported.filter((name) => name !== metric)];
  return html`${table<StrategyResult>(
    `Every metric on all test subjects, ${Math.round(level * 100)} % intervals below`,
    [
      { head: 'strategy', cell: ({ name }) => name },
      ...ordered.map(
        (name): Column<StrategyResult> => ({
          head: metricName(name, target),
          cell: (strategy) => estimateCell(name, strategy.metrics[name]),
        }),
      ),
    ],
    all,
  )}${table<StrategyResult>(
    'Only the test subjects who have at least one of the strategy’s modalities',
    [
      { head: 'strategy', cell: ({ name }) => name },
      { head: 'subjects', cell: ({ wherePresent }) => wherePresent.n },
      ...ordered.map(
        (name): Column<StrategyResult> => ({
          head: metricName(name, target),
          cell: ({ wherePresent }) => estimateCell(name, wherePresent.metrics[name]),
        }),
      ),
    ],
    all,
  )}`;
}

interface Pair {
  readonly name: string;
  readonly paired: Paired;
}

function pairs(all: readonly StrategyResult[], of: (strategy: StrategyResult) => readonly Paired[]): Pair[] {
  return all.flatMap((strategy) => of(strategy).map((paired) => ({ name: strategy.name, paired })));
}

function pairedTable(caption: string, rows: readonly Pair[]): Markup {
  if (rows.length === 0) return html``;
  const methods = [...new Set(rows.map(({ paired }) => methodLabel[paired.method]))].join('; ');
  const sizes = [...new Set(rows.map(({ paired }) => paired.n))];
  const subjects = sizes.length === 1 ? `, ${counted(sizes[0], 'subject')}` : '';
  return table<Pair>(
    `${caption} (${methods}${subjects})`,
    [
      { head: 'strategy', cell: ({ name }) => name },
      { head: 'against', cell: ({ paired }) => paired.against, text: true },
      { head: 'metric', cell: ({ paired }) => metricLabel[paired.metric], text: true },
      { head: 'difference', cell: ({ paired }) => difference(paired.difference) },
      { head: 'interval', cell: ({ paired }) => interval(paired.low, paired.high, difference) },
      { head: 'p', cell: ({ paired }) => pValue(paired.p) },
      { head: 'p (Holm)', cell: ({ paired }) => pValue(paired.pHolm) },
      { head: 'smallest detectable', cell: ({ paired }) => share(paired.smallestDetectable) },
      {
        head: 'finding',
        cell: ({ paired }) => (paired.difference === null ? absent : findingLabel[paired.finding]),
        text: true,
      },
      ...(sizes.length > 1 ? [{ head: 'n', cell: ({ paired }: Pair) => paired.n }] : []),
    ],
    rows,
  );
}

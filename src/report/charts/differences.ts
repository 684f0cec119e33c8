import * as Plot from '@observablehq/plot';
import type { StrategyResult } from '../../evaluate/comparison.ts';
import { difference, pValue } from '../../score/written.ts';
import { type Canvas, draw } from './canvas.ts';
import { axis, columnHead, domainOf, gutter, intervals, names, top, width } from './estimates.ts';
import { placed } from './rows.ts';

interface Options {
  readonly margin: number;
  /** With the names of the rows, for where it does not stand beside the chart that names them. */
  readonly named: boolean;
}

/** Paired differences against the best single modality, with the margin as a band about zero. */
export function differencesChart(
  canvas: Canvas,
  strategies: readonly StrategyResult[],
  { margin, named }: Options,
): Element {
  const shown = named ? strategies.filter(({ role }) => role === 'fusion') : strategies;
  const { rows, headings, height } = placed(shown, top);
  const points = rows.map(({ strategy, y }) => {
    const { difference: value, low, high } = strategy.paired ?? { difference: null, low: null, high: null };
    const p = strategy.paired && (strategy.paired.pHolm ?? strategy.paired.p);
    return { name: strategy.name, role: strategy.role, y, value, low, high, p };
  });
  const compared = points.filter(({ role }) => role === 'fusion');
  const [low, high] = domainOf(compared, [-1.5 * margin, 1.5 * margin, 0]);
  return draw(canvas, 'Difference from the best single modality, with intervals and the margin', {
    width: named ? width : 430,
    height: height + 34,
    marginLeft: named ? gutter : 24,
    marginRight: 112,
    marginTop: 0,
    marginBottom: 34,
    x: { domain: [low, high], nice: true, label: null, axis: null },
    y: { type: 'identity', axis: null },
    marks: [
      Plot.rect([0], { x1: -margin, x2: margin, y1: top - 12, y2: height, fill: 'var(--band)' }),
      ...axis(height, top - 12, difference),
      Plot.ruleX([0], { y1: top - 12, y2: height, stroke: 'var(--best)', strokeDasharray: '2 3' }),
      ...(named ? names(compared, headings) : []),
      ...intervals(compared),
      Plot.text(compared, {
        y: 'y',
        text: (d) => difference(d.value),
        frameAnchor: 'right',
        dx: 54,
        textAnchor: 'end',
      }),
      Plot.text(compared, { y: 'y', text: (d) => pValue(d.p), frameAnchor: 'right', dx: 110, textAnchor: 'end' }),
      columnHead('difference', 54),
      columnHead('p', 110),
    ],
  });
}

import * as Plot from '@observablehq/plot';
import type { StrategyResult } from '../../evaluate/comparison.ts';
import { type Canvas, draw } from './canvas.ts';
import { lookOf } from './rows.ts';
import { squareMargins } from './unit-square.ts';

type Curve = NonNullable<StrategyResult['decisionCurve']>;

const ticks = [0, 0.5, 1];

/** Net benefit over threshold probabilities: of the model, of treating everyone (dashed), of treating none (at 0). */
export function decisionCurveChart(
  canvas: Canvas,
  { name, role }: StrategyResult,
  curve: Curve,
  highest: number,
): Element {
  const lowest = -0.25 * highest;
  const within = (of: (point: Curve[number]) => number) => clipped(curve, of, lowest);
  return draw(canvas, `Decision curve of ${name}: net benefit against threshold probability`, {
    ...squareMargins,
    height: 176,
    marginLeft: 30,
    x: { domain: [0, 1], axis: null },
    y: { domain: [lowest, highest], axis: null },
    marks: [
      Plot.ruleY([0], { stroke: 'var(--soft)' }),
      Plot.ruleX(ticks, { stroke: 'var(--rule)' }),
      Plot.text(ticks, {
        x: (d) => d,
        text: (d) => (d === 0.5 ? '.5' : `${d}`),
        frameAnchor: 'bottom',
        dy: 15,
        fill: 'var(--soft)',
      }),
      Plot.text([0, highest], {
        y: (d) => d,
        text: (d) => (d === 0 ? '0' : `${highest.toFixed(2).replace(/^0/, '')}`),
        frameAnchor: 'left',
        dx: -6,
        textAnchor: 'end',
        fill: 'var(--soft)',
      }),
      Plot.line(
        within(({ all }) => all),
        { x: 'x', y: 'y', stroke: 'var(--soft)', strokeDasharray: '4 3', strokeWidth: 1.25 },
      ),
      Plot.line(
        within(({ model }) => model),
        { x: 'x', y: 'y', stroke: lookOf[role].color, strokeWidth: 2 },
      ),
    ],
  });
}

/** A line as far as it stays above `lowest`, cut where it crosses. */
function clipped(curve: Curve, of: (point: Curve[number]) => number, lowest: number) {
  const points = curve.map((point) => ({ x: point.threshold, y: of(point) }));
  const end = points.findIndex(({ y }) => y < lowest);
  if (end < 0) return points;
  if (end === 0) return [];
  const [a, b] = [points[end - 1], points[end]];
  const part = (a.y - lowest) / (a.y - b.y);
  return [...points.slice(0, end), { x: a.x + part * (b.x - a.x), y: lowest }];
}

import * as Plot from '@observablehq/plot';
import type { StrategyResult } from '../../evaluate/comparison.ts';
import { type Canvas, draw } from './canvas.ts';
import { lookOf } from './rows.ts';
import { squareMargins } from './unit-square.ts';

const ticks = [0, 0.5, 1];

/** Error rate among the share answered, the most certain first; the dashed line is that of answering everyone. */
export function abstentionChart(
  canvas: Canvas,
  { name, role }: StrategyResult,
  curve: NonNullable<StrategyResult['abstention']>['curve'],
  highest: number,
): Element {
  const everyone = curve[curve.length - 1].errorRate;
  return draw(canvas, `Abstention of ${name}: error rate against share of subjects answered`, {
    ...squareMargins,
    height: 160,
    x: { domain: [0, 1], axis: null },
    y: { domain: [0, highest], axis: null },
    marks: [
      Plot.ruleX(ticks, { stroke: 'var(--rule)' }),
      Plot.ruleY([0, highest], { stroke: 'var(--rule)' }),
      Plot.ruleY([everyone], { stroke: 'var(--soft)', strokeDasharray: '4 3', strokeWidth: 1.25 }),
      Plot.text(ticks, {
        x: (d) => d,
        text: (d) => (d === 0.5 ? '.5' : `${d}`),
        frameAnchor: 'bottom',
        dy: 15,
        fill: 'var(--soft)',
      }),
      Plot.text([0, highest], {
        y: (d) => d,
        text: (d) => (d === 0 ? '0' : String(d).replace(/^0/, '')),
        frameAnchor: 'left',
        dx: -6,
        textAnchor: 'end',
        fill: 'var(--soft)',
      }),
      Plot.line(curve, { x: 'answered', y: 'errorRate', stroke: lookOf[role].color, strokeWidth: 2 }),
    ],
  });
}

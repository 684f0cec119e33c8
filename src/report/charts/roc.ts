import * as Plot from '@observablehq/plot';
import type { StrategyResult } from '../../evaluate/comparison.ts';
import { type Canvas, draw } from './canvas.ts';
import { lookOf } from './rows.ts';
import { diagonal, squareMargins, unitAxes } from './unit-square.ts';

/** The mean ROC curve of one strategy, the others pale behind it. */
export function rocChart(
  canvas: Canvas,
  { name, role, roc }: StrategyResult,
  others: readonly StrategyResult[],
): Element {
  const curve = { x: 'falsePositiveRate', y: 'truePositiveRate' } as const;
  const behind = others.flatMap((other) => other.roc.map((point) => ({ ...point, name: other.name })));
  return draw(canvas, `ROC curve of ${name}, mean over folds`, {
    ...squareMargins,
    height: 196,
    x: { domain: [0, 1], axis: null },
    y: { domain: [0, 1], axis: null },
    marks: [
      ...unitAxes(),
      diagonal([0, 1]),
      Plot.line(behind, { ...curve, z: 'name', stroke: 'var(--rule)', strokeWidth: 1 }),
      Plot.line(roc, { ...curve, stroke: lookOf[role].color, strokeWidth: 2 }),
    ],
  });
}

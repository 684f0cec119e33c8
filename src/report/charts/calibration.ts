import * as Plot from '@observablehq/plot';
import type { StrategyResult } from '../../evaluate/comparison.ts';
import { type Canvas, draw } from './canvas.ts';
import { lookOf } from './rows.ts';
import { unitAxes } from './unit-square.ts';

/** Room below the square for the bars that show how many predictions each bin has. */
const floor = -0.3;
const barTop = -0.04;

/** Observed shares against predicted probabilities, the diagonal where they agree, and the size of each bin below. */
export function calibrationChart(canvas: Canvas, { name, role, calibration }: StrategyResult): Element {
  const largest = Math.max(...calibration.map(({ n }) => n), 1);
  const { color } = lookOf[role];
  return draw(canvas, `Calibration of ${name}: observed share against predicted probability`, {
    width: 200,
    height: 242,
    marginLeft: 26,
    marginRight: 8,
    marginTop: 8,
    marginBottom: 22,
    x: { domain: [0, 1], axis: null },
    y: { domain: [floor, 1], axis: null },
    marks: [
      ...unitAxes(),
      Plot.line([0, 1], { x: (d) => d, y: (d) => d, stroke: 'var(--soft)', strokeDasharray: '2 3' }),
      Plot.rect(calibration, {
        x1: 'low',
        x2: 'high',
        y1: () => floor,
        y2: (d) => floor + ((barTop - floor) * d.n) / largest,
        fill: 'var(--rule)',
        insetLeft: 0.5,
        insetRight: 0.5,
        title: (d) => `${d.n}`,
      }),
      Plot.line(calibration, { x: 'meanPredicted', y: 'observed', stroke: color, strokeWidth: 1.75 }),
      Plot.dot(calibration, { x: 'meanPredicted', y: 'observed', r: 2.8, fill: color }),
    ],
  });
}

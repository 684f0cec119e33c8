import * as Plot from '@observablehq/plot';
import type { StrategyResult } from '../../evaluate/comparison.ts';
import { type Canvas, draw } from './canvas.ts';
import { lookOf } from './rows.ts';
import { diagonal, squareAxes, squareMargins, unitAxes } from './unit-square.ts';

/** Room below the square for the bars that show how many predictions each bin has. */
const floor = -0.3;
const barTop = -0.04;

/** Observed shares against predicted probabilities, the diagonal where they agree, and the size of each bin below. */
export function calibrationChart(canvas: Canvas, strategy: StrategyResult): Element {
  const { name, calibration } = strategy;
  const largest = Math.max(...calibration.map(({ n }) => n), 1);
  return draw(canvas, `Calibration of ${name}: observed share against predicted probability`, {
    ...squareMargins,
    height: 242,
    x: { domain: [0, 1], axis: null },
    y: { domain: [floor, 1], axis: null },
    marks: [
      ...unitAxes(),
      diagonal([0, 1]),
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
      ...groups(strategy),
    ],
  });
}

/** A square with its ticks, and how they are written. */
export interface Square {
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly write: (value: number) => string;
}

/** Groups of equal size: what came out against what was predicted, and the diagonal where they agree. */
export function groupedCalibrationChart(
  canvas: Canvas,
  strategy: StrategyResult,
  { domain, ticks, write }: Square,
): Element {
  return draw(canvas, `Calibration of ${strategy.name}: what came out against what was predicted`, {
    ...squareMargins,
    height: 196,
    x: { domain, axis: null },
    y: { domain, axis: null },
    marks: [...squareAxes(domain, ticks, write), diagonal(domain), ...groups(strategy, 1)],
  });
}

function groups({ role, calibration }: StrategyResult, strokeWidth = 1.75): Plot.Markish[] {
  const { color } = lookOf[role];
  const at = { x: 'meanPredicted', y: 'observed' } as const;
  return [
    Plot.line(calibration, { ...at, stroke: color, strokeWidth }),
    Plot.dot(calibration, { ...at, r: 2.8, fill: color }),
  ];
}

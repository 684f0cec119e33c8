import * as Plot from '@observablehq/plot';

const ticks = [0, 0.5, 1];
const write = (value: number) => (value === 0.5 ? '.5' : `${value}`);

/** Room around a square of 166 by 166 pixels. */
export const squareMargins = { width: 200, marginLeft: 26, marginRight: 8, marginTop: 8, marginBottom: 22 } as const;

/** Axes and faint lines of a square from 0 to 1 in both directions. */
export function unitAxes(): Plot.Markish[] {
  return squareAxes([0, 1], ticks, write);
}

/** The same of any square, between its first and last value. */
export function squareAxes(
  [low, high]: readonly [number, number],
  values: readonly number[],
  written: (value: number) => string,
): Plot.Markish[] {
  return [
    Plot.ruleX(values, { y1: low, y2: high, stroke: 'var(--rule)' }),
    Plot.ruleY(values, { x1: low, x2: high, stroke: 'var(--rule)' }),
    Plot.text(values, { x: (d) => d, text: written, frameAnchor: 'bottom', dy: 15, fill: 'var(--soft)' }),
    Plot.text(values, {
      y: (d) => d,
      text: written,
      frameAnchor: 'left',
      dx: -6,
      textAnchor: 'end',
      fill: 'var(--soft)',
    }),
  ];
}

/** Where both directions agree. */
export function diagonal([low, high]: readonly [number, number]): Plot.Markish {
  return Plot.line([low, high], { x: (d) => d, y: (d) => d, stroke: 'var(--soft)', strokeDasharray: '2 3' });
}

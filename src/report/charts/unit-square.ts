import * as Plot from '@observablehq/plot';

const ticks = [0, 0.5, 1];
const write = (value: number) => (value === 0.5 ? '.5' : `${value}`);

/** Axes and faint lines of a square from 0 to 1 in both directions. */
export function unitAxes(): Plot.Markish[] {
  return [
    Plot.ruleX(ticks, { y1: 0, y2: 1, stroke: 'var(--rule)' }),
    Plot.ruleY(ticks, { x1: 0, x2: 1, stroke: 'var(--rule)' }),
    Plot.text(ticks, { x: (d) => d, text: write, frameAnchor: 'bottom', dy: 15, fill: 'var(--soft)' }),
    Plot.text(ticks, { y: (d) => d, text: write, frameAnchor: 'left', dx: -6, textAnchor: 'end', fill: 'var(--soft)' }),
  ];
}

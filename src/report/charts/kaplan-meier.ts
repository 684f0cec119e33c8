import * as Plot from '@observablehq/plot';
import type { RiskGroup, StrategyResult } from '../../evaluate/comparison.ts';
import { drawn, type TimeAxis } from '../follow-up.ts';
import { type Canvas, draw } from './canvas.ts';

/** Told apart by colour, by dashes and by a name at the end. */
export const riskLook = {
  low: { color: 'var(--fusion)', dash: 'none' },
  middle: { color: 'var(--single)', dash: '5 3' },
  high: { color: 'var(--best)', dash: 'none' },
} as const;

const height = 210;
const labelGap = 0.085; // of the height of the frame
const labelWidth = 0.2; // of its width

interface Options {
  readonly axis: TimeAxis;
  /** Where the axis ends, in its unit. */
  readonly last: number;
}

/** Kaplan-Meier curves by third of predicted risk, their pointwise intervals as bands. */
export function kaplanMeierChart(
  canvas: Canvas,
  name: string,
  groups: NonNullable<StrategyResult['survivalByRisk']>,
  { axis: { unit, days, ticks }, last }: Options,
): Element {
  const curves = groups.map((group) => ({
    name: group.name,
    points: drawn(group).map((point) => ({ ...point, x: point.timeDays / days })),
  }));
  return draw(canvas, `Kaplan-Meier curves by third of the risk that ${name} predicts`, {
    width: 300,
    height,
    marginLeft: 28,
    marginRight: 48,
    marginTop: 8,
    marginBottom: 34,
    x: { domain: [0, last], axis: null },
    y: { domain: [0, 1], axis: null },
    marks: [
      Plot.ruleY([0, 0.5, 1], { stroke: 'var(--rule)' }),
      Plot.text([0, 0.5, 1], {
        y: (d) => d,
        text: (d) => (d === 0.5 ? '.5' : `${d}`),
        frameAnchor: 'left',
        dx: -6,
        textAnchor: 'end',
        fill: 'var(--soft)',
      }),
      Plot.text(ticks, {
        x: (d) => d,
        text: (d, at) => (at === ticks.length - 1 ? `${d} ${unit}` : `${d}`),
        frameAnchor: 'bottom',
        dy: 15,
        fill: 'var(--soft)',
      }),
      ...curves.map(({ name: group, points }) =>
        Plot.areaY(points, {
          x: 'x',
          y1: 'low',
          y2: 'high',
          curve: 'step-after',
          fill: riskLook[group].color,
          fillOpacity: 0.12,
        }),
      ),
      ...curves.map(({ name: group, points }) =>
        Plot.line(points, {
          x: 'x',
          y: 'survival',
          curve: 'step-after',
          stroke: riskLook[group].color,
          strokeDasharray: riskLook[group].dash,
          strokeWidth: 1.75,
        }),
      ),
      Plot.text(apart(curves, last), {
        x: 'x',
        y: 'y',
        text: 'name',
        dx: 5,
        textAnchor: 'start',
        fill: 'var(--ink)',
        stroke: 'var(--paper)',
        strokeWidth: 4,
      }),
    ],
  });
}

interface End {
  readonly name: RiskGroup['name'];
  readonly x: number;
  readonly y: number;
}

/** Names at the ends of the curves, moved apart where two would cover each other. */
function apart(
  curves: readonly { readonly name: RiskGroup['name']; readonly points: readonly { x: number; survival: number }[] }[],
  last: number,
): End[] {
  const ends = curves
    .flatMap(({ name, points }) => points.slice(-1).map(({ x, survival }) => ({ name, x, y: survival })))
    .sort((a, b) => b.y - a.y);
  const placed: End[] = [];
  for (const end of ends) {
    const near = placed.filter(({ x }) => Math.abs(x - end.x) < labelWidth * last).map(({ y }) => y - labelGap);
    placed.push({ ...end, y: Math.min(end.y, ...near) });
  }
  const below = Math.max(0, ...placed.map(({ y }) => -y));
  return placed.map((end) => ({ ...end, y: end.y + below }));
}

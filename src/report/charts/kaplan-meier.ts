import * as Plot from '@observablehq/plot';
import type { RiskGroup, StrategyResult } from '../../evaluate/comparison.ts';
import { drawn, type TimeAxis } from '../follow-up.ts';
import { type Canvas, draw } from './canvas.ts';
import { dodge } from './dodge.ts';

/** Told apart by colour, by dashes and by a name beside the frame, to which a dotted line leads from the end of the curve. */
export const riskLook = {
  low: { color: 'var(--fusion)', dash: 'none' },
  middle: { color: 'var(--single)', dash: '5 3' },
  high: { color: 'var(--best)', dash: 'none' },
} as const;

const width = 300;
const height = 210;
const margins = { marginLeft: 28, marginRight: 66, marginTop: 8, marginBottom: 34 };
const frame = {
  width: width - margins.marginLeft - margins.marginRight,
  height: height - margins.marginTop - margins.marginBottom,
};
const labelGap = 15; // pixels from name to name
/** Pixels right of the frame. */
const beside = { leader: 3, sample: 5, sampleEnd: 17, name: 21 };

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
  const names = named(curves);
  const rightOf = (pixels: number) => () => last * (1 + pixels / frame.width);
  return draw(canvas, `Kaplan-Meier curves by third of the risk that ${name} predicts`, {
    width,
    height,
    ...margins,
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
      Plot.link(names, {
        x1: 'x',
        y1: 'y',
        x2: rightOf(beside.leader),
        y2: 'labelled',
        stroke: ({ name: group }: End) => riskLook[group].color,
        strokeWidth: 1,
        strokeDasharray: '1 2.5', // not to be taken for a curve that goes on
      }),
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
      ...names.map((end) =>
        Plot.link([end], {
          x1: rightOf(beside.sample),
          x2: rightOf(beside.sampleEnd),
          y1: 'labelled',
          y2: 'labelled',
          stroke: riskLook[end.name].color,
          strokeDasharray: riskLook[end.name].dash,
          strokeWidth: 1.75,
        }),
      ),
      Plot.text(names, {
        x: rightOf(beside.name),
        y: 'labelled',
        text: 'name',
        textAnchor: 'start',
        fill: 'var(--ink)',
      }),
    ],
  });
}

interface End {
  readonly name: RiskGroup['name'];
  readonly x: number;
  readonly y: number;
  /** Where its name stands. */
  readonly labelled: number;
}

/** The ends of the curves, and the names beside the frame at about their heights. */
function named(
  curves: readonly { readonly name: RiskGroup['name']; readonly points: readonly { x: number; survival: number }[] }[],
): End[] {
  const ends = curves.flatMap(({ name, points }) => points.slice(-1).map(({ x, survival: y }) => ({ name, x, y })));
  const heights = dodge(
    ends.map(({ y }) => y),
    labelGap / frame.height,
    [0, 1],
  );
  return ends.map((end, at) => ({ ...end, labelled: heights[at] }));
}

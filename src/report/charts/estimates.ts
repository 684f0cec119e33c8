import * as Plot from '@observablehq/plot';
import type { StrategyResult } from '../../evaluate/comparison.ts';
import { type Metric, metricLabel } from '../../score/metric.ts';
import { absent, figure } from '../../score/written.ts';
import { shortened } from '../words.ts';
import { type Canvas, draw } from './canvas.ts';
import { lookOf, placed, roles } from './rows.ts';

/** Of a panel that names its rows. */
export const width = 490;
export const gutter = 150;
export const top = 34;

/** Each strategy's primary metric with its interval; a dashed line at the best single modality. */
export function estimatesChart(canvas: Canvas, strategies: readonly StrategyResult[], metric: Metric): Element {
  const { rows, headings, height } = placed(strategies, top);
  const points = rows.map(({ strategy, y }) => {
    const { value, low, high } = strategy.metrics[metric] ?? { value: null, low: null, high: null };
    return { name: strategy.name, role: strategy.role, y, value, low, high };
  });
  const best = points.find(({ role }) => role === 'best-single');
  const label = `${metricLabel[metric]} of ${rows.length} strategies with intervals`;
  return draw(canvas, label, {
    width,
    height: height + 34,
    marginLeft: gutter,
    marginRight: 60,
    marginTop: 0,
    marginBottom: 34,
    x: { domain: domainOf(points), nice: true, label: null, axis: null },
    y: { type: 'identity', axis: null },
    marks: [
      ...axis(height, top - 12, (value) => figure(metric, value)),
      best?.value != null
        ? Plot.ruleX([best.value], { y1: top - 12, y2: height, stroke: 'var(--best)', strokeDasharray: '2 3' })
        : null,
      ...names(points, headings),
      ...intervals(points),
      Plot.text(points, {
        y: 'y',
        text: (d) => figure(metric, d.value),
        frameAnchor: 'right',
        dx: 56,
        textAnchor: 'end',
      }),
      columnHead(metricLabel[metric], 56),
    ],
  });
}

interface Point {
  readonly name: string;
  readonly role: StrategyResult['role'];
  readonly y: number;
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** A symbol with its interval for each row, by role. */
export function intervals(points: readonly Point[]): Plot.Markish[] {
  const known = points.filter(({ value }) => value !== null);
  return roles.flatMap((role) => {
    const { color, symbol, filled } = lookOf[role];
    const mine = known.filter((point) => point.role === role);
    return [
      Plot.ruleY(
        mine.filter(({ low, high }) => low !== null && high !== null),
        { y: 'y', x1: 'low', x2: 'high', stroke: color, strokeWidth: 1.75 },
      ),
      Plot.dot(mine, {
        x: 'value',
        y: 'y',
        symbol,
        r: 4.5,
        fill: filled ? color : 'var(--paper)',
        stroke: color,
        strokeWidth: 1.75,
      }),
    ];
  });
}

/** The names of the rows in the gutter, under the headings of their roles. */
export function names(points: readonly Point[], headings: readonly { text: string; y: number }[]): Plot.Markish[] {
  const left = { frameAnchor: 'left', dx: -gutter, textAnchor: 'start' } as const;
  return [
    Plot.text(headings, { y: 'y', text: 'text', ...left, fill: 'var(--soft)', stroke: 'var(--paper)', strokeWidth: 5 }),
    Plot.text(points, { y: 'y', text: (d) => shortened(d.name, 21), title: 'name', ...left }),
  ];
}

/** Faint vertical lines with their values below. */
export function axis(bottom: number, from: number, write: (value: number) => string): Plot.Markish[] {
  return [
    Plot.gridX({ ticks: 5, y1: from, y2: bottom, stroke: 'var(--rule)', strokeOpacity: 1 }),
    Plot.axisX({
      ticks: 5,
      anchor: 'bottom',
      tickSize: 0,
      label: null,
      fill: 'var(--soft)',
      tickFormat: (value: number) => trimmed(write(value)),
    }),
  ];
}

/** A head above the column of figures that ends `dx` to the right of the frame. */
export function columnHead(text: string, dx: number): Plot.Markish {
  return Plot.text([text], {
    frameAnchor: 'top-right',
    dx,
    dy: 2,
    textAnchor: 'end',
    lineAnchor: 'top',
    fill: 'var(--soft)',
  });
}

export function domainOf(points: readonly Point[], also: readonly number[] = []): [number, number] {
  const known = [...points.flatMap(({ value, low, high }) => [value, low, high]), ...also].filter((v) => v !== null);
  return known.length > 0 ? [Math.min(...known), Math.max(...known)] : [0, 1];
}

/** Ticks need no trailing zeros: `.8`, not `.800`. */
function trimmed(text: string): string {
  return text === absent || !text.includes('.') ? text : text.replace(/0+$/, '').replace(/\.$/, '') || '0';
}

import * as Plot from '@observablehq/plot';
import type { PairIndependence } from '../../evaluate/independence.ts';
import { difference } from '../../score/written.ts';
import { shortened } from '../words.ts';
import { type Canvas, draw } from './canvas.ts';
import { axis } from './estimates.ts';

const rowHeight = 22;
const top = 12;

/** Correlation of each pair of experts given the outcome, with its interval; filled where it was found. */
export function dependenceChart(canvas: Canvas, pairs: readonly PairIndependence[]): Element {
  const rows = pairs.flatMap(({ pair, found, experts }) =>
    experts ? [{ ...experts, name: pair.join(' and '), found: found.experts !== 'none-seen' }] : [],
  );
  const placed = rows.map((row, at) => ({ ...row, y: top + rowHeight / 2 + rowHeight * at }));
  const bottom = top + rowHeight * rows.length;
  return draw(canvas, `Correlation of ${rows.length} pairs of experts given the outcome, with intervals`, {
    width: 620,
    height: bottom + 34,
    marginLeft: 220,
    marginRight: 60,
    marginTop: 0,
    marginBottom: 34,
    x: { domain: [Math.min(-0.2, ...rows.map(({ low }) => low)), 1], nice: true, label: null, axis: null },
    y: { type: 'identity', axis: null },
    marks: [
      ...axis(bottom, top, difference),
      Plot.ruleX([0], { y1: top, y2: bottom, stroke: 'var(--soft)' }),
      Plot.text(placed, {
        y: 'y',
        text: (d) => shortened(d.name, 33),
        title: 'name',
        frameAnchor: 'left',
        dx: -220,
        textAnchor: 'start',
      }),
      Plot.ruleY(placed, {
        y: 'y',
        x1: 'low',
        x2: 'high',
        stroke: (d) => (d.found ? 'var(--fusion)' : 'var(--single)'),
        strokeWidth: 1.75,
      }),
      Plot.dot(placed, {
        y: 'y',
        x: 'value',
        r: 4.5,
        fill: (d) => (d.found ? 'var(--fusion)' : 'var(--paper)'),
        stroke: (d) => (d.found ? 'var(--fusion)' : 'var(--single)'),
        strokeWidth: 1.75,
      }),
      Plot.text(placed, { y: 'y', text: (d) => difference(d.value), frameAnchor: 'right', dx: 56, textAnchor: 'end' }),
    ],
  });
}

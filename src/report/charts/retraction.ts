import * as Plot from '@observablehq/plot';
import type { RetractionCurve } from '../../evaluate/alerts/retraction-curve.ts';
import { type Canvas, draw } from './canvas.ts';

/** False provisional alerts taken back (upwards) against right ones wrongly taken back, over thresholds. */
export function retractionChart(canvas: Canvas, name: string, { curve, atMost }: RetractionCurve): Element {
  const points = curve.filter(
    ({ falseTakenBack, rightTakenBack }) => falseTakenBack !== null && rightTakenBack !== null,
  );
  return draw(canvas, `False alerts of ${name} taken back, against right ones wrongly taken back`, {
    width: 300,
    height: 260,
    marginLeft: 36,
    marginBottom: 34,
    x: { domain: [0, 1], ticks: [0, 0.5, 1], label: null, tickSize: 3 },
    y: { domain: [0, 1], ticks: [0, 0.5, 1], label: null, tickSize: 3 },
    marks: [
      Plot.link([0], { x1: 0, y1: 0, x2: 1, y2: 1, stroke: 'var(--rule)', strokeDasharray: '2 3' }),
      Plot.ruleX([atMost], { stroke: 'var(--bad)', strokeDasharray: '4 3' }),
      Plot.line(points, { x: 'rightTakenBack', y: 'falseTakenBack', stroke: 'var(--fusion)', curve: 'step-after' }),
    ],
  });
}

import * as Plot from '@observablehq/plot';
import type { Comparison } from '../../evaluate/comparison.ts';
import { shortened, withEvents } from '../words.ts';
import { type Canvas, draw, heads, inPixels, slantOf } from './canvas.ts';
import { dotMatrix } from './dot-matrix.ts';

const step = 19;
const rowHeight = 20;
const barLength = 340;

/** Which sets of modalities subjects have (rows of dots) and how many have each (bars; of two classes, events dark). */
export function patternsChart(
  canvas: Canvas,
  patterns: Comparison['study']['patterns'],
  modalities: readonly string[],
): Element {
  const features = modalities.map((name) => shortened(name, 22));
  const slant = slantOf(features);
  const barsAt = 10 + step * modalities.length + 12;
  const scale = barLength / Math.max(...patterns.map(({ n }) => n), 1);
  const lines = patterns.map((pattern, at) => {
    const events = pattern.classCounts.length === 2 ? pattern.classCounts[1] : pattern.n;
    return {
      ...pattern,
      y: slant + rowHeight / 2 + rowHeight * at,
      middle: barsAt + scale * events,
      end: barsAt + scale * pattern.n,
    };
  });
  const half = rowHeight / 2 - 3;
  const band = { y1: (d: { y: number }) => d.y - half, y2: (d: { y: number }) => d.y + half };
  return draw(canvas, `Sets of modalities that subjects have: ${patterns.length} patterns`, {
    ...inPixels,
    width: barsAt + barLength + 70,
    height: slant + rowHeight * lines.length + 4,
    marks: [
      heads(
        features.map((text, at) => ({ text, x: 10 + step * at })),
        slant - 8,
      ),
      ...dotMatrix(lines, modalities, { left: 10, step }),
      Plot.rect(lines, { x1: () => barsAt, x2: 'middle', ...band, fill: 'var(--event)' }),
      Plot.rect(lines, { x1: 'middle', x2: 'end', ...band, fill: 'var(--other)' }),
      Plot.text(lines, { x: 'end', y: 'y', text: (d) => withEvents(d.n, d.classCounts), dx: 6, textAnchor: 'start' }),
    ],
  });
}

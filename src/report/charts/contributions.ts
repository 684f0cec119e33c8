import * as Plot from '@observablehq/plot';
import type { StrategyResult } from '../../evaluate/comparison.ts';
import { share } from '../../score/written.ts';
import { shortened } from '../words.ts';
import { type Canvas, draw, inPixels } from './canvas.ts';

const rowHeight = 22;
const columnWidth = 132;
const barLength = 76;
const gutter = 150;
const top = 26;

/** Mean absolute Shapley contribution: modalities as rows, strategies as columns, one scale for all bars. */
export function contributionsChart(
  canvas: Canvas,
  strategies: readonly StrategyResult[],
  modalities: readonly string[],
): Element {
  const largest = Math.max(...strategies.flatMap((s) => s.contributions.map((c) => c.meanAbsolute)), Number.MIN_VALUE);
  const rowOf = (name: string) => top + rowHeight / 2 + rowHeight * modalities.indexOf(name);
  const columns = strategies.map(({ name }, at) => ({ name, x: gutter + columnWidth * at }));
  const bars = strategies.flatMap(({ contributions }, at) =>
    contributions.map(({ modality, meanAbsolute }) => {
      const x1 = columns[at].x;
      return { x1, x2: x1 + (barLength * meanAbsolute) / largest, y: rowOf(modality), meanAbsolute };
    }),
  );
  const bottom = top + rowHeight * modalities.length;
  return draw(
    canvas,
    `Mean absolute contribution of ${modalities.length} modalities in ${strategies.length} strategies`,
    {
      ...inPixels,
      width: gutter + columnWidth * strategies.length,
      height: bottom + 4,
      marks: [
        Plot.text(columns, {
          x: 'x',
          y: () => 8,
          text: (d) => shortened(d.name, 18),
          textAnchor: 'start',
          fill: 'var(--soft)',
        }),
        Plot.text(modalities, { x: () => 0, y: rowOf, text: (d) => shortened(d, 21), textAnchor: 'start' }),
        Plot.rect(bars, { x1: 'x1', x2: 'x2', y1: (d) => d.y - 7, y2: (d) => d.y + 7, fill: 'var(--fusion)' }),
        Plot.ruleX(columns, { x: 'x', y1: top, y2: bottom, stroke: 'var(--soft)' }),
        Plot.text(bars, { x: 'x2', y: 'y', text: (d) => share(d.meanAbsolute), dx: 6, textAnchor: 'start' }),
      ],
    },
  );
}

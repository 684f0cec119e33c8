import * as Plot from '@observablehq/plot';
import { higherIsBetter, type Metric } from '../../score/metric.ts';
import { figure } from '../../score/written.ts';
import type { GridRow } from '../subsets.ts';
import { shortened, withEvents } from '../words.ts';
import { type Canvas, draw, heads, inPixels, slantOf } from './canvas.ts';
import { dotMatrix } from './dot-matrix.ts';

interface Options {
  readonly modalities: readonly string[];
  readonly strategies: readonly string[];
  readonly metric: Metric;
  /** Values at which a cell is palest and strongest, the same in every grid of a report. */
  readonly range: readonly [number, number];
  /** Also the number of subjects in each row (and, of two classes, of events). */
  readonly counts: boolean;
  /** Rows come by the size of their sets: a gap where it changes. */
  readonly grouped: boolean;
  readonly label: string;
}

const step = 19;
const cellWidth = 50;
const cellHeight = 20;

/** Sets of modalities as rows, strategies as columns: the figure in the cell, its rank as the strength of the colour. */
export function missingGrid(canvas: Canvas, rows: readonly GridRow[], options: Options): Element {
  const { modalities, strategies, metric, range, counts, grouped, label } = options;
  const columns = strategies.map((name) => shortened(name, 22));
  const features = modalities.map((name) => shortened(name, 22));
  const slant = slantOf([...columns, ...features]);
  const countsAt = 10 + step * modalities.length + (counts ? 58 : 6);
  const cellsAt = countsAt + 14;

  let y = slant + cellHeight / 2 + 4;
  const lines = rows.map((row, at) => {
    if (at > 0 && grouped && rows[at - 1].present.length !== row.present.length) y += 8;
    const line = { ...row, y };
    y += cellHeight;
    return line;
  });
  const cells = lines.flatMap((line) =>
    line.metrics.map((estimates, column) => {
      const value = estimates?.[metric]?.value ?? null;
      const x1 = cellsAt + column * cellWidth;
      return {
        x1,
        x2: x1 + cellWidth - 2,
        x: x1 + cellWidth / 2 - 1,
        y: line.y,
        value,
        strength: strength(value, metric, range),
      };
    }),
  );
  const half = cellHeight / 2 - 1;
  return draw(canvas, label, {
    ...inPixels,
    width: cellsAt + cellWidth * (columns.length - 0.5) + slantOf(columns.slice(-1)),
    height: y,
    marks: [
      heads(
        [
          ...features.map((text, at) => ({ text, x: 10 + step * at })),
          ...columns.map((text, at) => ({ text, x: cellsAt + cellWidth * at + cellWidth / 2 - 4 })),
          ...(counts ? [{ text: 'n', x: countsAt - 6 }] : []),
        ],
        slant - 6,
      ),
      ...dotMatrix(lines, modalities, { left: 10, step }),
      counts
        ? Plot.text(lines, {
            x: () => countsAt,
            y: 'y',
            text: (d) => withEvents(d.n, d.classCounts),
            textAnchor: 'end',
          })
        : null,
      Plot.rect(
        cells.filter(({ value }) => value !== null),
        {
          x1: 'x1',
          x2: 'x2',
          y1: (d) => d.y - half,
          y2: (d) => d.y + half,
          fill: 'var(--heat)',
          fillOpacity: 'strength',
        },
      ),
      Plot.text(cells, { x: 'x', y: 'y', text: (d) => figure(metric, d.value) }),
    ],
  });
}

function strength(value: number | null, metric: Metric, [low, high]: readonly [number, number]): number {
  if (value === null || high <= low) return 0;
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  return Math.round(100 * (0.04 + 0.71 * (higherIsBetter[metric] ? share : 1 - share))) / 100;
}

import * as Plot from '@observablehq/plot';
import type { CoverageCell, StrategyResult } from '../../evaluate/comparison.ts';
import { shortened } from '../words.ts';
import { type Canvas, draw, heads, inPixels, slantOf } from './canvas.ts';
import { dotMatrix } from './dot-matrix.ts';
import { lookOf } from './rows.ts';

const step = 19;
const rowHeight = 22;
const columnWidth = 128;
const scale = 84; // pixels from 0 to 1
const legend = 22; // for the scale below

/** One set of modalities, and what each strategy covered of its subjects. */
export interface CoverageRow {
  /** null: all test subjects. */
  readonly present: readonly string[] | null;
  readonly n: number;
  readonly cells: readonly (CoverageCell | undefined)[];
}

interface Options {
  readonly modalities: readonly string[];
  readonly strategies: readonly StrategyResult[];
  /** What the sets or intervals aim at. */
  readonly level: number;
  readonly write: (cell: CoverageCell) => string;
}

/** Sets of modalities as rows, strategies as columns: the share covered with its interval, the size of the sets beside. */
export function coverageChart(canvas: Canvas, rows: readonly CoverageRow[], options: Options): Element {
  const { modalities, strategies, level, write } = options;
  const features = modalities.map((name) => shortened(name, 22));
  const top = Math.max(slantOf(features) + 8, 24);
  const countsAt = 10 + step * modalities.length + 34;
  const columns = strategies.map(({ name, role }, at) => ({ name, role, x: countsAt + 18 + columnWidth * at }));
  const lines = rows.map((row, at) => ({ ...row, y: top + rowHeight / 2 + rowHeight * at + (at > 0 ? 6 : 0) }));
  const bottom = top + rowHeight * rows.length + 6;
  const marks = lines.flatMap(({ y, cells }) =>
    cells.flatMap((cell, at) => {
      if (!cell) return [];
      const { x, role } = columns[at];
      const { estimate, low, high } = cell.coverage;
      const place = (share: number) => x + scale * share;
      return [{ y, role, x: place(estimate), x1: place(low), x2: place(high), text: write(cell), end: x + scale }];
    }),
  );
  const ticks = columns.flatMap(({ x }) => [
    { x, text: '0' },
    { x: x + scale * level, text: `${level}`.replace(/^0/, '') },
  ]);
  return draw(canvas, `Share of truths inside the conformal sets, by the modalities that subjects have`, {
    ...inPixels,
    width: countsAt + 18 + columnWidth * columns.length,
    height: bottom + legend,
    marks: [
      heads([...features.map((text, at) => ({ text, x: 10 + step * at })), { text: 'n', x: countsAt - 6 }], top - 8),
      Plot.text(columns, {
        x: 'x',
        y: () => top - 12,
        text: (d) => shortened(d.name, 18),
        textAnchor: 'start',
        fill: 'var(--soft)',
      }),
      Plot.ruleX(columns, { x: 'x', y1: top, y2: bottom, stroke: 'var(--rule)' }),
      Plot.ruleX(columns, { x: (d) => d.x + scale, y1: top, y2: bottom, stroke: 'var(--rule)' }),
      Plot.ruleX(columns, {
        x: (d) => d.x + scale * level,
        y1: top,
        y2: bottom,
        stroke: 'var(--best)',
        strokeDasharray: '2 3',
      }),
      Plot.text(ticks, { x: 'x', y: () => bottom + 12, text: 'text', fill: 'var(--soft)' }),
      Plot.text(
        lines.filter(({ present }) => present === null),
        { x: () => 0, y: 'y', text: () => 'all', textAnchor: 'start' },
      ),
      ...dotMatrix(
        lines.flatMap(({ present, y }) => (present ? [{ present, y }] : [])),
        modalities,
        { left: 10, step },
      ),
      Plot.text(lines, { x: () => countsAt, y: 'y', text: (d) => `${d.n}`, textAnchor: 'end' }),
      Plot.ruleY(marks, {
        y: 'y',
        x1: 'x1',
        x2: 'x2',
        stroke: (d) => lookOf[d.role as 'fusion'].color,
        strokeWidth: 1.75,
      }),
      Plot.dot(marks, { x: 'x', y: 'y', r: 3.4, fill: (d) => lookOf[d.role as 'fusion'].color }),
      Plot.text(marks, { x: 'end', y: 'y', text: 'text', dx: 8, textAnchor: 'start', fill: 'var(--soft)' }),
    ],
  });
}

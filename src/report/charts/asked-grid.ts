import * as Plot from '@observablehq/plot';
import { share } from '../../score/written.ts';
import { type Canvas, draw, heads, inPixels, slantOf } from './canvas.ts';

interface Options {
  /** Names of rows and columns, as they are written. */
  readonly names: readonly string[];
  /** To which of several groups each belongs: a gap where it changes. */
  readonly groups: readonly string[];
  /** [names, names], of each row what it took of each column; null where nothing is told. */
  readonly shares: readonly (readonly (number | null)[])[];
  /** Cells large enough for their figure, or small ones. */
  readonly cells: 'figures' | 'plain';
  readonly label: string;
}

const sizes = { figures: { width: 50, height: 22 }, plain: { width: 17, height: 14 } } as const;
const gap = 5;

/** Who asks as rows, who is asked as columns: the share as the strength of the colour. */
export function askedGrid(canvas: Canvas, { names, groups, shares, cells, label }: Options): Element {
  const { width, height } = sizes[cells];
  const slant = slantOf(names);
  const gutter = Math.ceil(6.6 * Math.max(...names.map((name) => name.length))) + 10;
  const gaps = groups.map((_, at) => groups.slice(1, at + 1).filter((group, g) => group !== groups[g]).length * gap);
  const x = (at: number) => gutter + width * at + gaps[at];
  const y = (at: number) => slant + height * at + gaps[at];
  const drawn = shares.flatMap((row, q) => row.map((value, k) => ({ value, x1: x(k), y1: y(q), strength: 0 })));
  const largest = Math.max(Number.MIN_VALUE, ...drawn.map(({ value }) => value ?? 0));
  const filled = drawn.flatMap(({ value, ...cell }) =>
    value === null || value === 0
      ? []
      : [{ ...cell, value, strength: Math.round(100 * (0.04 + (0.71 * value) / largest)) / 100 }],
  );
  const last = names.length - 1;
  return draw(canvas, label, {
    ...inPixels,
    width: x(last) + width / 2 + slantOf(names.slice(-1)),
    height: y(last) + height + 4,
    marks: [
      heads(
        names.map((text, at) => ({ text, x: x(at) + width / 2 - 4 })),
        slant - 6,
      ),
      Plot.text(names, { x: () => 0, y: (_, at) => y(at) + height / 2, text: (d) => d, textAnchor: 'start' }),
      Plot.rect(drawn, {
        x1: 'x1',
        x2: (d) => d.x1 + width - 1,
        y1: 'y1',
        y2: (d) => d.y1 + height - 1,
        fill: 'var(--faint)',
      }),
      Plot.rect(filled, {
        x1: 'x1',
        x2: (d) => d.x1 + width - 1,
        y1: 'y1',
        y2: (d) => d.y1 + height - 1,
        fill: 'var(--heat)',
        fillOpacity: 'strength',
      }),
      cells === 'figures'
        ? Plot.text(filled, {
            x: (d) => d.x1 + width / 2,
            y: (d) => d.y1 + height / 2,
            text: (d) => share(d.value, 2),
          })
        : null,
    ],
  });
}

import * as Plot from '@observablehq/plot';
import { share } from '../../score/written.ts';
import { type Canvas, draw, inPixels } from './canvas.ts';

export interface AskedBar {
  readonly name: string;
  readonly modality: string;
  readonly askedFor: number;
  /** What it would be if all were asked alike. */
  readonly even: number;
}

const rowHeight = 20;
const barLength = 240;
const top = 26;

/** Colours of modalities, each told by its name as well; they come again after the fifth. */
const colors = ['var(--fusion)', 'var(--best)', 'var(--good)', 'var(--plum)', 'var(--single)'] as const;

/** How much each token is asked for, coloured by modality; a stroke where it would be if all were asked alike. */
export function askedBars(
  canvas: Canvas,
  bars: readonly AskedBar[],
  modalities: readonly string[],
  label: string,
): Element {
  const gutter = Math.ceil(6.6 * Math.max(...bars.map(({ name }) => name.length))) + 10;
  const largest = Math.max(Number.MIN_VALUE, ...bars.flatMap(({ askedFor, even }) => [askedFor, even]));
  const x = (value: number) => gutter + (barLength * value) / largest;
  const named = modalities.filter((name) => bars.some(({ modality }) => modality === name));
  const colorOf = (modality: string) => colors[Math.max(0, named.indexOf(modality)) % colors.length];
  const rows = bars.map((bar, at) => ({ ...bar, y: top + rowHeight * (at + 0.5) }));
  const starts = named.map((_, at) => gutter + named.slice(0, at).reduce((sum, name) => sum + 7 * name.length + 30, 0));
  const legend = named.map((name, at) => ({ name, x: starts[at] }));
  const end = legend.at(-1);
  return draw(canvas, label, {
    ...inPixels,
    width: Math.max(gutter + barLength + 50, end ? end.x + 7 * end.name.length + 24 : 0),
    height: top + rowHeight * rows.length + 4,
    marks: [
      Plot.rect(legend, { x1: 'x', x2: (d) => d.x + 10, y1: () => 4, y2: () => 14, fill: (d) => colorOf(d.name) }),
      Plot.text(legend, { x: (d) => d.x + 15, y: () => 9, text: 'name', textAnchor: 'start', fill: 'var(--soft)' }),
      Plot.text(rows, { x: () => 0, y: 'y', text: 'name', textAnchor: 'start' }),
      Plot.rect(rows, {
        x1: () => gutter,
        x2: (d) => x(d.askedFor),
        y1: (d) => d.y - 6,
        y2: (d) => d.y + 6,
        fill: (d) => colorOf(d.modality),
      }),
      Plot.rect(rows, {
        x1: (d) => x(d.even) - 1,
        x2: (d) => x(d.even) + 1,
        y1: (d) => d.y - 8,
        y2: (d) => d.y + 8,
        fill: 'var(--ink)',
      }),
      Plot.text(rows, {
        x: (d) => Math.max(x(d.askedFor), x(d.even)) + 6,
        y: 'y',
        text: (d) => share(d.askedFor),
        textAnchor: 'start',
      }),
    ],
  });
}

import * as Plot from '@observablehq/plot';
import type { ValueHistogram } from '../../evaluate/comparison.ts';
import { type Canvas, draw } from './canvas.ts';

/** How often values occur, as bars. The first, where the background often is, is cut off where it is far higher than others. */
export function valueHistogramChart(canvas: Canvas, label: string, { low, high, shares }: ValueHistogram): Element {
  const width = (high - low) / shares.length;
  const bars = shares.map((share, bin) => ({ from: low + bin * width, to: low + (bin + 1) * width, share }));
  const highest = Math.max(...shares.slice(1));
  const top = isCut({ shares }) ? 1.15 * highest : Math.max(...shares);
  const ticks = [low, (low + high) / 2, high];
  return draw(canvas, label, {
    width: 300,
    height: 110,
    marginLeft: 4,
    marginRight: 4,
    marginTop: 4,
    marginBottom: 20,
    x: { domain: [low, high], axis: null },
    y: { axis: null, domain: [0, top] },
    marks: [
      Plot.rectY(bars, {
        x1: 'from',
        x2: 'to',
        y: (bar) => Math.min(bar.share, top),
        fill: 'var(--single)',
        insetLeft: 0.5,
        insetRight: 0,
      }),
      Plot.ruleY([0], { stroke: 'var(--rule)' }),
      ...ticks.map((tick, at) =>
        Plot.text([tick], {
          x: (d) => d,
          text: () => valueWords(tick, high - low),
          frameAnchor: 'bottom',
          dy: 15,
          textAnchor: (['start', 'middle', 'end'] as const)[at],
          fill: 'var(--soft)',
        }),
      ),
    ],
  });
}

export function isCut({ shares }: Pick<ValueHistogram, 'shares'>): boolean {
  const highest = Math.max(...shares.slice(1));
  return highest > 0 && shares[0] > 2 * highest;
}

/** To a hundredth of what is spanned. */
export function valueWords(value: number, span: number): string {
  const step = 10 ** Math.floor(Math.log10(span / 100));
  return String(Number((Math.round(value / step) * step).toPrecision(6)));
}

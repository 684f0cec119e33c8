import * as Plot from '@observablehq/plot';

/** What every chart needs beside its data: a document to make elements in. */
export interface Canvas {
  readonly document: Document;
}

/** A plot whose looks come from the page's style sheet, named for those who do not see it. */
export function draw({ document }: Canvas, label: string, options: Plot.PlotOptions): Element {
  const chart = Plot.plot({ ...options, document, className: 'plot', figure: false });
  for (const sheet of chart.querySelectorAll('style')) sheet.remove();
  // Plot names its parts; inside one image they would be read as stray labels.
  for (const part of chart.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  chart.setAttribute('role', 'img');
  chart.setAttribute('aria-label', label);
  chart.removeAttribute('font-family');
  chart.removeAttribute('font-size');
  return chart;
}

/** Coordinates in pixels, for charts that are laid out like a table. */
export const inPixels: Plot.PlotOptions = {
  margin: 0,
  x: { type: 'identity', axis: null },
  y: { type: 'identity', axis: null },
  opacity: { type: 'identity' },
};

/** Height, and width, that the longest of these takes as a slanted head: about 6.6 px a character at 12 px. */
export function slantOf(labels: readonly string[]): number {
  return Math.ceil(Math.SQRT1_2 * 6.6 * Math.max(...labels.map((label) => label.length))) + 12;
}

/** Column heads, slanted. */
export function heads(labels: readonly { readonly x: number; readonly text: string }[], y: number): Plot.Markish {
  return Plot.text(labels, {
    x: 'x',
    y: () => y,
    text: 'text',
    rotate: -45,
    textAnchor: 'start',
    lineAnchor: 'middle',
  });
}

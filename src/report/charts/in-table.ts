/** Marks small enough to stand in a table beside the figure they draw, so hidden from those who hear the page. */
import type { Spread } from '../../inspect/inspection.ts';
import { html, type Markup, type Piece } from '../markup.ts';

const height = 12;

function mark(width: number, shapes: Piece): Markup {
  return html`<svg class="mark" aria-hidden="true" focusable="false" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${shapes}</svg>`;
}

const round = (value: number) => Math.round(100 * value) / 100;

function rect(x: number, width: number, fill: string): Markup {
  return html`<rect x="${round(x)}" y="1" width="${round(Math.max(0, width))}" height="${height - 2}" fill="${fill}"/>`;
}

/** A share of 1 as part of a pale bar. */
export function shareBar(share: number): Markup {
  const width = 64;
  const filled = width * Math.min(1, Math.max(0, share));
  return mark(width, [rect(0, width, 'var(--band)'), rect(0, filled, 'var(--event)')]);
}

/** A number against the largest in its column; the part of it that counts as events is dark. */
export function countBar(n: number, largest: number, events: number = n): Markup {
  const width = 180;
  const scale = width / Math.max(largest, 1);
  return mark(width, [
    rect(0, scale * events, 'var(--event)'),
    rect(scale * events, scale * (n - events), 'var(--other)'),
  ]);
}

/** A set as a row of dots, filled where the modality is there. */
export function dots(present: readonly string[], modalities: readonly string[]): Markup {
  const step = 14;
  return mark(
    step * modalities.length,
    modalities.map((name, at) => {
      const there = present.includes(name);
      const x = step * (at + 0.5);
      return html`<circle cx="${x}" cy="${height / 2}" r="${there ? 4 : 1.8}" fill="${there ? 'currentColor' : 'var(--rule)'}"/>`;
    }),
  );
}

/** Least to largest as a line, quartiles as a box, the median as a stroke; a faint stroke at 0. */
export function spreadMark(spread: Spread, [low, high]: readonly [number, number]): Markup {
  const width = 110;
  const x = (value: number) => (width - 2) * ((value - low) / (high - low || 1)) + 1;
  const { least, lowerQuartile, median, upperQuartile, largest } = spread;
  const stroke = (at: number, color: string, thick: number) =>
    html`<line x1="${round(x(at))}" x2="${round(x(at))}" y1="0" y2="${height}" stroke="${color}" stroke-width="${thick}"/>`;
  return mark(width, [
    low <= 0 && high >= 0 && stroke(0, 'var(--rule)', 1),
    html`<line x1="${round(x(least))}" x2="${round(x(largest))}" y1="${height / 2}" y2="${height / 2}" stroke="var(--single)"/>`,
    rect(x(lowerQuartile), Math.max(1, x(upperQuartile) - x(lowerQuartile)), 'var(--other)'),
    stroke(median, 'var(--ink)', 2),
  ]);
}

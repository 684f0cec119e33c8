import type { Comparison, StrategyResult } from '../evaluate/comparison.ts';
import type { Canvas } from './charts/canvas.ts';
import { html, type Markup, type Piece, verbatim } from './markup.ts';

/** What every section is written from. */
export interface Context {
  readonly comparison: Comparison;
  readonly canvas: Canvas;
  readonly modalities: readonly string[];
  /** All strategies in reading order. */
  readonly strategies: readonly StrategyResult[];
  /** The best single modality, then the fusions. */
  readonly compared: readonly StrategyResult[];
  /** Sets the next figure: a chart, and its caption behind a running number. */
  figure(chart: Piece, caption: Piece): Markup;
}

/** The chart as text. Its name is written here, because linkedom leaves `<` and `&` of an attribute as they are. */
export function placeChart(chart: Element): Markup {
  const unnamed = chart.cloneNode(true) as Element;
  unnamed.removeAttribute('aria-label');
  return html`<svg aria-label="${nameOf(chart)}"${verbatim(unnamed.outerHTML.slice('<svg'.length))}`;
}

function nameOf(chart: Element): string {
  return chart.getAttribute('aria-label') ?? '';
}

/** A chart with a width of its own: where the page is narrower it scrolls, on paper it shrinks. */
export function wideChart(chart: Element): Markup {
  return html`<div class="scroll wide" role="group" aria-label="${nameOf(chart)}" tabindex="0">${placeChart(chart)}</div>`;
}

export function context(comparison: Comparison, canvas: Canvas, strategies: readonly StrategyResult[]): Context {
  let figures = 0;
  return {
    comparison,
    canvas,
    strategies,
    modalities: comparison.study.modalities.map(({ name }) => name),
    compared: strategies.filter(({ role }) => role !== 'single'),
    figure(chart, caption) {
      figures++;
      return html`<figure><div class="chart">${chart}</div>
<figcaption><b>Figure ${figures}.</b> ${caption}</figcaption></figure>`;
    },
  };
}

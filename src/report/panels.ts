import { placeChart } from './context.ts';
import { html, type Markup, type Piece } from './markup.ts';

/** A small chart under the name of its strategy, with a figure beside the name. */
export function panel(name: string, aside: Piece, chart: Element): Markup {
  return html`<div><h4>${name} <span>${aside}</span></h4>${placeChart(chart)}</div>
`;
}

/** Small multiples. `large`: charts that need more room than a square. */
export function panels(charts: readonly Markup[], size: 'small' | 'large' = 'small'): Markup {
  return html`<div class="panels${size === 'large' && ' large'}">${charts}</div>`;
}

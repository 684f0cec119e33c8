import type { Estimate } from '../evaluate/comparison.ts';
import type { Metric } from '../score/metric.ts';
import { absent, figure, interval } from '../score/written.ts';
import { html, type Markup, type Piece } from './markup.ts';

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => Piece;
  /** Text runs from the left; figures, the default, stand to the right. */
  readonly text?: boolean;
}

/** A table with a caption and scoped headers; the first column names the row. Wide ones scroll, also by keyboard. */
export function table<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): Markup {
  const kind = (column: Column<Row>) => (column.text ? 'text' : 'figure');
  return html`<div class="scroll" role="group" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col" class="${kind(column)}">${breakable(column.head)}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (row) => html`<tr>${columns.map((column, at) =>
    at === 0
      ? html`<th scope="row">${column.cell(row)}</th>`
      : html`<td class="${kind(column)}">${column.cell(row)}</td>`,
  )}</tr>
`,
)}</tbody>
</table></div>`;
}

/** A name like `late:weighted` may be broken after its punctuation. */
function breakable(head: string): Markup {
  const [first, ...rest] = head.split(/(?<=[:_/+-])(?=.)/u);
  return html`${first}${rest.map((part) => html`<wbr>${part}`)}`;
}

/** The figures behind a chart: folded on screen, open on paper. */
export function behind(summary: string, ...tables: readonly Markup[]): Markup {
  return html`<details><summary>${summary}</summary>${tables}</details>`;
}

/** A figure with its interval below it, and the number of folds that define it where some do not. */
export function estimateCell(metric: Metric, estimate: Estimate | undefined): Piece {
  const lost = estimate?.undefinedFolds.length ?? 0;
  const figureAndRange = estimateWithRange(metric, estimate);
  if (!estimate || estimate.value === null || lost === 0) return figureAndRange;
  return html`${figureAndRange} <span class="range">${foldsOf(estimate)} folds</span>`;
}

export function estimateWithRange(metric: Metric, estimate: Estimate | undefined): Piece {
  if (!estimate || estimate.value === null) return absent;
  const write = (value: number | null | undefined) => figure(metric, value);
  const range = interval(estimate.low, estimate.high, write);
  return html`${write(estimate.value)}${range !== absent && html` <span class="range">${range}</span>`}`;
}

/** The folds that define it, of all. */
export function foldsOf({ folds, undefinedFolds }: Estimate): string {
  return undefinedFolds.length > 0 ? `${folds} of ${folds + undefinedFolds.length}` : `${folds}`;
}

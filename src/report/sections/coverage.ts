import type { CoverageCell, StrategyResult } from '../../evaluate/comparison.ts';
import { absent, interval, percent, share } from '../../score/written.ts';
import { type CoverageRow, coverageChart } from '../charts/coverage.ts';
import { type Context, wideChart } from '../context.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { behind, type Column, table } from '../tables.ts';
import { setOf } from '../words.ts';

const rowLimit = 13; // all subjects, and the most frequent sets

type Conformal = NonNullable<StrategyResult['conformal']>;

/** Classes and values: whether conformal sets or intervals hold the truth as often as they claim, also by what subjects have. */
export function coverage({ canvas, comparison, compared, modalities, figure }: Context): Markup {
  const strategies = compared.filter(
    (one): one is StrategyResult & { conformal: Conformal } => one.conformal !== undefined,
  );
  if (strategies.length === 0) return html``;
  const { target } = comparison.study;
  const { level } = strategies[0].conformal;
  const rows = rowsOf(strategies);
  const values = target.kind === 'value';
  const things = values ? 'intervals' : 'sets of classes';
  const unit = target.unit === undefined ? '' : `, in ${target.unit}`;
  const size = values ? `mean width of the intervals${unit}` : 'mean number of classes in a set: 1 is a plain answer';
  const write = (cell: CoverageCell) => sizeOf(cell, values);
  return html`<h3>Prediction ${values ? 'intervals' : 'sets'}</h3>
${figure(
  wideChart(coverageChart(canvas, rows.slice(0, rowLimit), { modalities, strategies, level, write })),
  html`Share of test subjects whose truth lies inside the conformal ${things} of each strategy (dot, with Wilson’s 95 % interval), over all
and among those who have just the dotted modalities. They aim at ${percent(level)} (dashed line). Beside: the ${size}. A set that
holds the truth too seldom in some row must not be trusted for those subjects; rows of few subjects say little.${
    rows.length > rowLimit &&
    html` The ${rowLimit - 1} largest of ${rows.length - 1} sets of modalities; the table has all.`
  }`,
)}
${behind(
  'Table: coverage',
  table<CoverageRow>(
    `Share of truths inside the conformal ${things}, aimed at ${percent(level)}; ${size}`,
    [
      { head: 'modalities', cell: ({ present }) => (present ? setOf(present, modalities) : 'all subjects') },
      { head: 'n', cell: ({ n }) => n },
      ...strategies.map(
        ({ name }, at): Column<CoverageRow> => ({ head: name, cell: ({ cells }) => coverageCell(cells[at], values) }),
      ),
    ],
    rows,
  ),
)}`;
}

function rowsOf(strategies: readonly { readonly conformal: Conformal }[]): CoverageRow[] {
  const rows = new Map<string, CoverageRow & { cells: (CoverageCell | undefined)[] }>();
  for (const [at, { conformal }] of strategies.entries()) {
    for (const cell of conformal.cells) {
      const key = JSON.stringify(cell.present);
      const row = rows.get(key) ?? { present: cell.present, n: cell.n, cells: strategies.map(() => undefined) };
      row.cells[at] = cell;
      rows.set(key, row);
    }
  }
  return [...rows.values()].sort((a, b) => Number(a.present !== null) - Number(b.present !== null) || b.n - a.n);
}

function sizeOf({ meanSize }: CoverageCell, values: boolean): string {
  if (meanSize === null) return values ? 'infinite' : absent;
  return values ? String(Number(meanSize.toPrecision(3))) : meanSize.toFixed(2);
}

function coverageCell(cell: CoverageCell | undefined, values: boolean): Piece {
  if (!cell) return absent;
  const { estimate, low, high } = cell.coverage;
  const infinite = cell.infinite > 0 && `, ${cell.infinite} infinite`;
  return html`${share(estimate)} <span class="range">${interval(low, high)}</span>
<span class="range">${sizeOf(cell, values)}${infinite}</span>`;
}

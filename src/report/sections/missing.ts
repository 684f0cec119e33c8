import { type Metric, metricLabel } from '../../score/metric.ts';
import { absent, counted } from '../../score/written.ts';
import { missingGrid } from '../charts/missing-grid.ts';
import { type Context, wideChart } from '../context.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { bySize, chartLimit, type GridRow, informative, joined, rangeOf } from '../subsets.ts';
import { behind, type Column, estimateWithRange, foldsOf, table } from '../tables.ts';
import { capitalized, eventOf, hasEvents, metricName, setOf, withEvents } from '../words.ts';

const naturalLimit = 40;

/** What happens when a modality is missing: every subset by masking, and the patterns that really occur. */
export function missing(context: Context): Markup {
  const { compared, modalities } = context;
  const masked = bySize(
    joined(compared, modalities, (strategy) => strategy.missing),
    modalities,
  );
  const natural = joined(compared, modalities, (strategy) => strategy.natural).sort((a, b) => b.n - a.n);
  const range = rangeOf(masked.length > 0 ? masked : natural, context.comparison.protocol.metric);
  return html`<section aria-labelledby="missing"><h2 id="missing">When a modality is missing</h2>
${
  masked.length > 0
    ? maskedFigure(context, masked, range)
    : html`<p>No test subject has every modality, so subsets could not be compared by masking.</p>`
}
${natural.length > 0 && naturalFigure(context, natural, range)}
</section>`;
}

type Range = readonly [number, number];

function maskedFigure(context: Context, rows: readonly GridRow[], range: Range): Markup {
  const { metric } = context.comparison.protocol;
  const { target } = context.comparison.study;
  const event = eventOf(target);
  const shown = informative(rows, context.modalities.length);
  const alike = rows.every(({ n }) => n === rows[0].n);
  const [{ n, classCounts }] = rows;
  const named = event !== undefined && html` (<em>${event}</em>)`;
  const events = hasEvents(target) && html` with ${counted(classCounts[1], 'event')}${named}`;
  const people = alike ? html`the same ${counted(n, 'subject')}${events}` : html`those subjects${bracketed(context)}`;
  const label = `${metricLabel[metric]} by modalities present, ${shown.length} subsets`;
  return html`${context.figure(
    html`<div class="halves">${halves(shown).map((half) => grid(context, half, { range, counts: !alike, grouped: true, label }))}</div>`,
    html`${capitalized(metricName(metric, target))} when only the dotted modalities are there at test time, a column for each strategy; a stronger
blue is better. Modalities were masked in test subjects who have all of them, so every row is ${people}. No model was
fitted anew.${
      shown.length < rows.length &&
      html` Of ${rows.length} subsets the chart shows the full set, those that lack one modality, and single modalities (more
than ${chartLimit} cannot be read); the table has all.`
    }`,
  )}
${behind('Table: every subset', gridTable(context, 'Every subset of modalities at test time', rows))}`;
}

function naturalFigure(context: Context, rows: readonly GridRow[], range: Range): Markup {
  const { metric } = context.comparison.protocol;
  const label = `${metricLabel[metric]} by the modalities that subjects really have`;
  return html`<h3>The patterns that occur</h3>
${context.figure(
  grid(context, rows.slice(0, naturalLimit), { range, counts: true, grouped: false, label }),
  html`${capitalized(metricName(metric, context.comparison.study.target))} among test subjects who have just the dotted modalities, most frequent first, with their
number${bracketed(context)}. Every row is other subjects, so compare along rows; a dash marks a row too small for the
metric.${rows.length > naturalLimit && html` The ${naturalLimit} largest of ${rows.length} patterns; the table has all.`}`,
)}
${behind('Table: natural patterns', gridTable(context, 'Test subjects by the modalities they really have', rows))}`;
}

function bracketed({ comparison }: Context): Piece {
  const { target } = comparison.study;
  const event = eventOf(target);
  return hasEvents(target) && html` (in brackets events${event !== undefined && html`: <em>${event}</em>`})`;
}

type Layout = Pick<Parameters<typeof missingGrid>[2], 'range' | 'counts' | 'grouped' | 'label'>;

function grid({ canvas, comparison, compared, modalities }: Context, rows: readonly GridRow[], layout: Layout): Markup {
  const strategies = compared.map(({ name }) => name);
  return wideChart(
    missingGrid(canvas, rows, { ...layout, modalities, strategies, metric: comparison.protocol.metric }),
  );
}

/** A long grid in two, cut where the size of the sets changes, so that it fits a page and a screen. */
function halves(rows: readonly GridRow[]): readonly (readonly GridRow[])[] {
  if (rows.length <= 31) return [rows];
  const cuts = rows.flatMap((row, at) => (at > 0 && rows[at - 1].present.length !== row.present.length ? [at] : []));
  const distance = (cut: number) => Math.abs(cut - rows.length / 2);
  const cut = cuts.reduce((best, at) => (distance(at) < distance(best) ? at : best));
  return [rows.slice(0, cut), rows.slice(cut)];
}

function gridTable({ comparison, compared, modalities }: Context, caption: string, rows: readonly GridRow[]): Markup {
  const { metric } = comparison.protocol;
  const { target } = comparison.study;
  return table<GridRow>(
    `${caption}: ${metricName(metric, target)}`,
    [
      { head: 'modalities present', cell: ({ present }) => setOf(present, modalities) },
      { head: hasEvents(target) ? 'n (events)' : 'n', cell: (row) => withEvents(row.n, row.classCounts) },
      { head: 'folds', cell: (row) => foldsIn(row, metric) },
      ...compared.map(
        ({ name }, at): Column<GridRow> => ({
          head: name,
          cell: (row) => estimateWithRange(metric, row.metrics[at]?.[metric]),
        }),
      ),
    ],
    rows,
  );
}

/** The folds on which a row rests: strategies share subjects, so they share these. */
function foldsIn({ metrics }: GridRow, metric: Metric): string {
  const known = metrics.map((estimates) => estimates?.[metric]).find((estimate) => estimate !== undefined);
  return known ? foldsOf(known) : absent;
}

import type { RiskGroup } from '../../evaluate/comparison.ts';
import { absent, interval, share, figure as written } from '../../score/written.ts';
import { kaplanMeierChart } from '../charts/kaplan-meier.ts';
import type { Context } from '../context.ts';
import { drawn, medianDays, survivalAt, type TimeAxis, timeAxis } from '../follow-up.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { panel, panels } from '../panels.ts';
import { behind, type Column, table } from '../tables.ts';

interface Row extends RiskGroup {
  readonly strategy: string;
}

/** Survival only: what became of those who were predicted a low, a middle and a high risk. */
export function riskGroups({ canvas, comparison, compared, figure }: Context): Markup {
  const parted = compared.flatMap(({ name, metrics, survivalByRisk: groups = [] }) =>
    groups.length > 0 ? [{ name, metrics, groups }] : [],
  );
  if (parted.length === 0) return html``;
  const lastDays = Math.max(
    ...parted.flatMap(({ groups }) => groups.map((group) => drawn(group).at(-1)?.timeDays ?? 0)),
  );
  const axis = timeAxis(lastDays);
  const last = Math.max(lastDays / axis.days, axis.ticks.at(-1) ?? 1);
  const charts = parted.map(({ name, metrics, groups }) =>
    panel(
      name,
      `Harrell’s C ${written('harrellC', metrics.harrellC?.value)}`,
      kaplanMeierChart(canvas, name, groups, { axis, last }),
    ),
  );
  const level = Math.round(comparison.protocol.level * 100);
  return html`<section aria-labelledby="ranking"><h2 id="ranking">Do high and low risk part?</h2>
${figure(
  panels(charts, 'large'),
  html`Share of subjects without the event (upwards) over time, Kaplan-Meier curves of the thirds of lowest, middle and highest
predicted risk within their test fold, each subject once; bands are pointwise ${level} % intervals. Curves end where less
than a tenth of the group is still under observation. The further apart the curves and the more in order, the more the
predicted risk tells.`,
)}
${behind('Table: survival and numbers at risk', riskTable(parted.flatMap(rowsOf), axis))}
</section>`;
}

function rowsOf({ name, groups }: { readonly name: string; readonly groups: readonly RiskGroup[] }): Row[] {
  return groups.map((group) => ({ ...group, strategy: name }));
}

function riskTable(rows: readonly Row[], { unit, days, ticks }: TimeAxis): Markup {
  return table<Row>(
    `Share without the event by third of predicted risk, with intervals and numbers at risk; the median in ${unit}`,
    [
      { head: 'strategy', cell: ({ strategy }) => strategy },
      { head: 'risk', cell: ({ name }) => name, text: true },
      { head: 'n', cell: ({ n }) => n },
      { head: 'events', cell: ({ events }) => events },
      { head: 'median', cell: (row) => median(row, days) },
      ...ticks.slice(1).map(
        (tick): Column<Row> => ({
          head: `${tick} ${tick === 1 ? unit.slice(0, -1) : unit}`,
          cell: (row) => pointCell(row, tick * days),
        }),
      ),
    ],
    rows,
  );
}

function median(group: RiskGroup, days: number): string {
  const found = medianDays(group);
  if (found === undefined) return 'not reached';
  return days === 1 ? `${Math.round(found)}` : (found / days).toFixed(1);
}

function pointCell(group: RiskGroup, timeDays: number): Piece {
  const point = survivalAt(group, timeDays);
  if (!point) return absent;
  const write = (value: number | null | undefined) => share(value, 2);
  return html`${write(point.survival)} <span class="range">${interval(point.low, point.high, write)}</span>
<span class="range">${point.atRisk} at risk</span>`;
}

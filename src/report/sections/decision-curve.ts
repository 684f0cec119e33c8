import type { StrategyResult } from '../../evaluate/comparison.ts';
import { absent, share } from '../../score/written.ts';
import { decisionCurveChart } from '../charts/decision-curve.ts';
import type { Context } from '../context.ts';
import { html, type Markup } from '../markup.ts';
import { panel, panels } from '../panels.ts';
import { behind, table } from '../tables.ts';
import { eventOf } from '../words.ts';

const tabled = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];

interface Row {
  readonly name: string;
  readonly benefit: (threshold: number) => number | undefined;
  readonly above: string;
}

/** Two classes only: whether acting on the predictions does more good than treating everyone or nobody. */
export function decisionCurve({ canvas, comparison, compared, figure }: Context): Markup {
  const curves = compared.flatMap((strategy) =>
    strategy.decisionCurve ? [{ strategy, curve: strategy.decisionCurve }] : [],
  );
  if (curves.length === 0) return html``;
  const highest = Math.max(0.01, ...curves.flatMap(({ curve }) => curve.flatMap(({ model, all }) => [model, all])));
  const charts = curves.map(({ strategy, curve }) =>
    panel(strategy.name, longest(curve), decisionCurveChart(canvas, strategy, curve, highest)),
  );
  return html`<h3>Decisions</h3>
${figure(
  panels(charts),
  html`Net benefit (upwards) of acting on everyone whose predicted probability of <em>${eventOf(comparison.study.target)}</em> reaches
the threshold (to the right): true positives less false positives weighted by the odds of the threshold, a subject
(Vickers and Elkin 2006). The dashed line acts on everyone, the line at 0 on nobody. The threshold is a choice of those
who decide: how many false alarms one event found is worth. Predictions are of use where their line lies above both
others; there is no interval here, so small gains mean little.`,
)}
${behind(
  'Table: net benefit',
  table<Row>(
    'Net benefit at a threshold probability of',
    [
      { head: 'acting on', cell: ({ name }) => name },
      ...tabled.map((threshold) => ({
        head: share(threshold, 1),
        cell: ({ benefit }: Row) => share(benefit(threshold)),
      })),
      { head: 'ahead of both at', cell: ({ above }) => above },
    ],
    [
      ...curves.map(({ strategy, curve }) => ({
        name: strategy.name,
        benefit: (threshold: number) => at(curve, threshold)?.model,
        above: ahead(curve).map(written).join(', ') || 'nowhere',
      })),
      { name: 'everyone', benefit: (threshold) => at(curves[0].curve, threshold)?.all, above: absent },
      { name: 'nobody', benefit: () => 0, above: absent },
    ],
  ),
)}`;
}

type Curve = NonNullable<StrategyResult['decisionCurve']>;

function at(curve: Curve, threshold: number): Curve[number] | undefined {
  return curve.find((point) => Math.abs(point.threshold - threshold) < 1e-6);
}

type Run = readonly [from: number, to: number];

/** Runs of thresholds at which the model beats both simple rules. */
export function ahead(curve: Curve): Run[] {
  const runs: Run[] = [];
  let last = -2;
  for (const [index, { threshold, model, all }] of curve.entries()) {
    if (model <= Math.max(0, all) + 1e-12) continue;
    if (index === last + 1) runs[runs.length - 1] = [runs[runs.length - 1][0], threshold];
    else runs.push([threshold, threshold]);
    last = index;
  }
  return runs;
}

function written([from, to]: Run): string {
  return from === to ? share(from, 2) : `${share(from, 2)} to ${share(to, 2)}`;
}

function longest(curve: Curve): string {
  const [widest] = ahead(curve).sort((a, b) => b[1] - b[0] - (a[1] - a[0]));
  return widest ? `ahead at ${written(widest)}` : 'nowhere ahead';
}

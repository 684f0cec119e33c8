/** The report of a comparison over nights, with a picture of a night. */
import type { AlertJudgement } from '../../evaluate/alerts/judge.ts';
import type { ModeComparison } from '../../evaluate/nights/compare.ts';
import type { StrategyOverTime } from '../../fuse/hybrid/strategies.ts';
import { count, difference, share } from '../../score/written.ts';
import type { NightsComparison } from '../../study/nights/compare-nights.node.ts';
import type { Canvas } from '../charts/canvas.ts';
import { nightCharts } from '../charts/night.ts';
import { retractionChart } from '../charts/retraction.ts';
import { placeChart } from '../context.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { shell } from '../page.ts';
import { panel, panels } from '../panels.ts';
import { type Column, table } from '../tables.ts';
import { rate } from './text.ts';
import {
  caughtSentence,
  differenceBetween,
  type Found,
  found,
  modeLabel,
  responseLabel,
  strategyLabel,
  withRange,
} from './words.ts';

export function nightsPage(comparison: NightsComparison, canvas: Canvas): string {
  return shell({
    title: 'An alert within sixty seconds: fusion over simulated nights',
    skip: 'Skip to the verdict',
    header: header(comparison),
    body: html`${verdict(comparison)}
${pictures(comparison, canvas)}
${strategies(comparison)}
${responses(comparison)}
${worth(comparison)}
${retraction(comparison, canvas)}
${method(comparison)}`,
  });
}

function header({ world, options }: NightsComparison): Markup {
  const groups = Object.entries(world.groups).map(([name, people]) => `${responseLabel[name] ?? name} in ${people}`);
  return html`<p class="eyebrow">Simulated nights</p>
<h1>Fast sensors alert, the slow accurate one confirms or takes back</h1>
<dl class="asked">
<div><dt>nights</dt><dd>${count(world.nights)}</dd></div>
<div><dt>people</dt><dd>${count(world.people)}</dd></div>
<div><dt>events below ${options.thresholdMgPerDl} mg/dL</dt><dd>${count(world.events)}</dd></div>
<div><dt>heart when low</dt><dd>${groups.join(', ')}</dd></div>
<div><dt>seed</dt><dd>${options.seed}</dd></div>
</dl>`;
}

function verdict({ modes }: NightsComparison): Markup {
  const less = (mode: ModeComparison, other: StrategyOverTime) =>
    differenceBetween(mode, 'hybrid', other)?.figures.caught as Found;
  const findings = modes.map((mode) => found(less(mode, 'slow')));
  const look = findings.includes('less') ? 'harms' : findings.includes('more') ? 'helps' : '';
  return html`<section class="verdict ${look}" id="verdict" aria-label="Verdict"><p class="sentence">${modes.map(
    (mode) => html`As a ${mode.mode}: ${caughtSentence('hybrid fusion', 'the CGM alone', less(mode, 'slow'))}
`,
  )}<span>${modes.map(
    (
      mode,
    ) => html`The watch, as a ${mode.mode}: ${caughtSentence('hybrid fusion', 'the same filter without it', less(mode, 'filter'))}
`,
  )}All at equal false alarms on the people learned from.</span></p>
<p class="research">Simulated people. Research use, not a medical device.</p></section>`;
}

function pictures({ pictures: shown }: NightsComparison, canvas: Canvas): Markup {
  if (shown.length === 0) return html``;
  return html`<section aria-labelledby="nights"><h2 id="nights">Nights</h2>
${shown.map(
  (
    night,
  ) => html`<figure><div class="chart"><div class="scroll wide" role="group" aria-label="night ${night.id}" tabindex="0">${nightCharts(
    canvas,
    night,
  ).map(placeChart)}</div></div>
<figcaption><b>${night.id}.</b> ${night.caption} Shaded: glucose is below the threshold. A line across an alert: it still
stands, is told anew, and counts as another.</figcaption></figure>`,
)}</section>`;
}

type Row = ModeComparison['strategies'][number];

function rangeCell(figure: Found, write: (value: number | null | undefined) => string = share): Piece {
  return withRange(figure, write);
}

const minutes = (seconds: number | null | undefined) =>
  seconds === null || seconds === undefined ? '–' : (seconds / 60).toFixed(1);

function strategies({ modes }: NightsComparison): Markup {
  const strategy: Column<Row> = { head: 'strategy', cell: ({ name }) => strategyLabel[name as StrategyOverTime] };
  const events: Column<Row>[] = [
    strategy,
    { head: 'caught', cell: ({ judgement: { figures } }) => rangeCell(figures.caught) },
    {
      head: 'caught in the 60 s after onset',
      cell: ({ judgement: { figures } }) => rangeCell(figures.caughtWithinGrace),
    },
    { head: 'standing since earlier', cell: ({ judgement: { figures } }) => share(figures.standing.value) },
    { head: 'late', cell: ({ judgement: { figures } }) => share(figures.late.value) },
    { head: 'missed', cell: ({ judgement: { figures } }) => share(figures.missed.value) },
    { head: 'lead, median min', cell: ({ judgement: { figures } }) => rate(figures.leadMinutesMedian.value) },
    { head: 'delay, median min', cell: ({ judgement: { figures } }) => minutes(figures.delaySecondsMedian.value) },
    { head: 'delay, p95 min', cell: ({ judgement: { figures } }) => minutes(figures.delaySecondsP95.value) },
  ];
  const alarms: Column<Row>[] = [
    strategy,
    {
      head: 'false alarms a night',
      cell: ({ judgement: { figures } }) => rangeCell(figures.falseAlarmsPerNight, rate),
    },
    {
      head: 'of these provisional',
      cell: ({ judgement: { figures } }) => rate(figures.provisionalFalseAlarmsPerNight.value),
    },
    { head: 'PPV of confirmed', cell: ({ judgement: { figures } }) => rangeCell(figures.confirmedPpv) },
    { head: 'AUROC', cell: ({ judgement: { figures } }) => rangeCell(figures.auroc) },
    { head: 'AUPRC', cell: ({ judgement: { figures } }) => share(figures.auprc.value) },
    { head: 'calibration error', cell: ({ judgement: { figures } }) => share(figures.calibrationError.value) },
  ];
  return html`<section aria-labelledby="strategies"><h2 id="strategies">What did each strategy tell?</h2>
<p>Caught: the first alert came between 20 minutes before onset and 60 seconds after it. A sensor that speaks every 300 s can
be there in the 60 s after onset in one case of five, whatever its model. Standing: an alert raised earlier still, and counted
as false then, was on. Late: the first alert came more than 60 seconds after onset, while glucose was low. Shares are of all
events: caught, standing, late and missed make up the whole. Delay is from onset, of events whose first alert came after
it.</p>
${modes.flatMap(({ mode, strategies: rows }) => [
  table(`${modeLabel[mode]} Events`, events, rows),
  table(`${modeLabel[mode]} Alarms, and the score behind them`, alarms, rows),
])}
${modes.map((mode) => differences(mode))}</section>`;
}

function differences({ mode, differences: all }: ModeComparison): Markup {
  const rows = all.filter(({ group }) => group === null);
  return table(
    `${modeLabel[mode]} Differences, paired by person`,
    [
      { head: 'strategies', cell: ({ a, b }) => `${a} − ${b}` },
      { head: 'caught', cell: ({ figures }) => rangeCell(figures.caught, difference) },
      { head: 'false alarms a night', cell: ({ figures }) => rangeCell(figures.falseAlarmsPerNight, signedRate) },
      { head: 'PPV of confirmed', cell: ({ figures }) => rangeCell(figures.confirmedPpv, difference) },
      { head: 'AUROC', cell: ({ figures }) => rangeCell(figures.auroc, difference) },
    ],
    rows,
  );
}

function signedRate(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  return `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(2)}`;
}

function responses({ modes }: NightsComparison): Markup {
  const rows = modes.flatMap(({ mode, strategies: all }) => {
    const { groups } = (all.find(({ name }) => name === 'hybrid') as Row).judgement;
    return Object.entries(groups).map(([group, judgement]) => ({ mode, group, judgement }));
  });
  const caught = (name: StrategyOverTime) => (row: { mode: string; group: string }) => {
    const { judgement } = (modes.find(({ mode }) => mode === row.mode) as ModeComparison).strategies.find(
      (one) => one.name === name,
    ) as Row;
    return rangeCell((judgement.groups[row.group] as AlertJudgement).figures.caught);
  };
  return html`<section aria-labelledby="responses"><h2 id="responses">Whose heart answers?</h2>
<p>When glucose falls, the heart beats faster in some people, slower in others, and in some as always.</p>
${table(
  'Events caught, by how the heart answers',
  [
    { head: 'heart when low', cell: ({ group, mode }) => `${responseLabel[group] ?? group}, ${mode}` },
    { head: 'people', cell: ({ judgement }) => count(judgement.people) },
    { head: 'events', cell: ({ judgement }) => count(judgement.events) },
    { head: 'hybrid', cell: caught('hybrid') },
    { head: 'filter', cell: caught('filter') },
    { head: 'slow', cell: caught('slow') },
  ],
  rows,
)}</section>`;
}

function worth({ worth: rows }: NightsComparison): Markup {
  if (rows.length === 0) return html``;
  const verdicts = { more: 'gain', less: 'loss', 'cannot tell': 'no gain shown' } as const;
  return html`<section aria-labelledby="worth"><h2 id="worth">What are the fast sensors worth?</h2>
<p>Hybrid fusion minus the same filter without the watch, should the heart answer so many times as strongly as the literature
says.</p>
${table(
  'Worth of the fast sensors',
  [
    { head: 'effect', cell: ({ heartRateEffect, mode }) => `${heartRateEffect}, ${mode}` },
    { head: 'events caught', cell: ({ difference: { figures } }) => rangeCell(figures.caught, difference) },
    { head: 'AUROC', cell: ({ difference: { figures } }) => rangeCell(figures.auroc, difference) },
    { head: 'verdict', text: true, cell: ({ difference: { figures } }) => verdicts[found(figures.caught)] },
  ],
  rows,
)}</section>`;
}

function retraction({ modes }: NightsComparison, canvas: Canvas): Markup {
  const shown = modes.flatMap(({ mode, strategies: all }) =>
    all
      .filter(({ name }) => name === 'hybrid')
      .map(({ judgement: { retraction: curve } }) => ({ mode, curve }))
      .filter(({ curve }) => curve.falseAlerts > 0 && curve.rightAlerts > 0),
  );
  if (shown.length === 0) return html``;
  const one = (of: (typeof shown)[number]) =>
    panel(
      of.mode,
      `${count(of.curve.falseAlerts)} false, ${count(of.curve.rightAlerts)} right`,
      retractionChart(canvas, `hybrid fusion as ${of.mode}`, of.curve),
    );
  return html`<section aria-labelledby="retraction"><h2 id="retraction">Confirm, or take back?</h2>
<figure><div class="chart">${panels(shown.map(one))}</div><figcaption>Share of false provisional alerts that the next reading
takes back (upwards) against right ones wrongly taken back (to the right), over the threshold. Dashed: one right alert in
twenty.</figcaption></figure>
${table(
  'At most one right alert in twenty taken back',
  [
    { head: 'mode', cell: ({ mode }) => mode },
    { head: 'false provisional alerts taken back', cell: ({ curve }) => rangeCell(curve.falseTakenBack) },
  ],
  shown,
)}</section>`;
}

function method({ options, modes, package: version }: NightsComparison): Markup {
  const rows = modes.flatMap(({ mode, thresholds }) =>
    Object.entries(thresholds).flatMap(([name, folds]) => folds.map((fold, at) => ({ mode, name, at, ...fold }))),
  );
  return html`<section aria-labelledby="method"><h2 id="method">Method</h2>
<p>People were split into ${options.folds} halves; what is said of a person's nights was learned, and its thresholds chosen, on
the other half, for at most ${options.falsePerNight} false alarms a night there. A forecast asks whether glucose is below
${options.thresholdMgPerDl} mg/dL now or within ${options.horizonSeconds / 60} minutes, the same for all strategies. Intervals are
percentiles over draws of people with all their nights; fewer than six people give none. The world: ${options.nights} nights at
${options.heartRateEffect} times the heart's answer of the literature, transport ${options.transport}. Consilience ${version}.</p>
${table(
  'Thresholds chosen on training people, as log-odds',
  [
    { head: 'strategy', cell: ({ name, mode, at }) => `${name}, ${mode}, half ${at + 1}` },
    { head: 'raise', cell: ({ raise }) => rate(raise) },
    { head: 'confirm', cell: ({ confirm }) => rate(confirm) },
    { head: 'take back', cell: ({ retract, confirm }) => (retract < confirm - 1e5 ? 'never' : rate(retract)) },
    { head: 'false a night in training', cell: ({ trainingFalsePerNight }) => rate(trainingFalsePerNight) },
  ],
  rows,
)}</section>`;
}

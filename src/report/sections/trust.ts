import type { Interval, StrategyResult } from '../../evaluate/comparison.ts';
import { absent, interval, share } from '../../score/written.ts';
import type { Context } from '../context.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { read, reliabilityReading, type SlopeReading } from '../reliability-words.ts';
import { type Column, table } from '../tables.ts';
import { abstention } from './abstention.ts';
import { calibration } from './calibration.ts';
import { coverage } from './coverage.ts';
import { decisionCurve } from './decision-curve.ts';

/** Do predictions mean what they say, and is acting on them better than not? */
export function trust(context: Context): Markup {
  const parts = [
    reliability(context),
    calibration(context),
    decisionCurve(context),
    coverage(context),
    abstention(context),
  ].filter((part) => part.html !== '');
  if (parts.length === 0) return html``;
  return html`<section aria-labelledby="trust"><h2 id="trust">Can the predictions be trusted?</h2>
${parts}
</section>`;
}

type Kind = Context['comparison']['study']['target']['kind'];

function reliability({ comparison, strategies }: Context): Markup {
  const { kind, unit } = comparison.study.target;
  const known = strategies.filter(
    ({ reliability: { slope, intercept, error } }) => slope || intercept || error !== null,
  );
  if (known.length === 0) return html``;
  const level = Math.round(comparison.protocol.level * 100);
  const sloped = known.some(({ reliability: { slope } }) => slope);
  return html`<h3>Do they mean what they say?</h3>
<p>${sloped ? meaning[kind] : ofManyClasses}</p>
${findings(kind, known)}
${table<StrategyResult>(
  `Calibration on the test subjects of the first repeat, ${level} % intervals below`,
  [
    { head: 'strategy', cell: ({ name }) => name },
    ...(sloped ? [intervalColumn('slope', ({ reliability: { slope } }) => slope)] : []),
    ...(known.some(({ reliability: { intercept } }) => intercept)
      ? [
          intervalColumn(
            kind === 'value' ? `mean error${unit === undefined ? '' : ` in ${unit}`}` : 'intercept',
            ({ reliability: { intercept } }) => intercept,
          ),
        ]
      : []),
    ...(kind === 'value' ? [] : [{ head: 'error', cell: (one: StrategyResult) => share(one.reliability.error) }]),
    ...(sloped
      ? [{ head: 'reads as', cell: (one: StrategyResult) => reliabilityReading(one.reliability) ?? absent, text: true }]
      : []),
  ],
  known,
)}`;
}

const ofManyClasses =
  'The error is the mean distance between the probability of the class predicted and the share of subjects in whom it was right, over bins; in small cohorts it is above 0 even where all is well.';

const meaning: { readonly [K in Kind]: string } = {
  classes:
    'A slope of 1 and an intercept of 0 say that probabilities are what they claim. With a slope above 1 they are too cautious: subjects may be ranked well, but probabilities stay too near the middle. Below 1 they are too extreme. With an intercept above 0 events are more frequent than told. The error is the mean distance between told and observed shares over ten bins; in small cohorts it is above 0 even where all is well.',
  survival:
    'The slope is that of a Cox model on the predicted log hazard: 1 is right, above 1 predictions are too cautious (risks truly differ more than told), below 1 too extreme. The error is the mean distance between the predicted and the Kaplan-Meier probability of the event over fifths of the prediction; in small cohorts it is above 0 even where all is well.',
  value:
    'The slope is that of the line of true on predicted values: 1 is right, above 1 predictions are too cautious (too near the mean), below 1 too extreme (too far from it). The mean error is true less predicted: above 0, values are told too low.',
};

/** What the slopes say of the strategies by name, and what can be done. */
function findings(kind: Kind, strategies: readonly StrategyResult[]): Piece {
  const named = (reading: SlopeReading, words: string) => {
    const names = read(strategies, reading);
    return names === undefined ? [] : [`${words}: ${names}.`];
  };
  const amiss = [...named('too cautious', 'Too cautious here'), ...named('too extreme', 'Too extreme here')];
  const empty = named('no relation seen', 'No relation of prediction and truth was seen in');
  if (amiss.length + empty.length === 0) return false;
  const remedy =
    kind === 'classes' &&
    amiss.length > 0 &&
    html` With <code>recalibrate: true</code> in the study a fusion tells its probabilities anew, by a slope and an intercept learned
on training subjects; the order of subjects stays.`;
  return html`<p>${[...amiss, ...empty].join(' ')}${remedy}</p>`;
}

function intervalColumn(head: string, of: (strategy: StrategyResult) => Interval | null): Column<StrategyResult> {
  const write = (value: number | null | undefined) => share(value, 2);
  return {
    head,
    cell: (strategy) => {
      const found = of(strategy);
      if (!found) return absent;
      return html`${write(found.estimate)} <span class="range">${interval(found.low, found.high, write)}</span>`;
    },
  };
}

import type { Comparison, DriverCount, StrategyResult } from '../../evaluate/comparison.ts';
import { absent, count, percent, share } from '../../score/written.ts';
import { contributionsChart } from '../charts/contributions.ts';
import { type Context, wideChart } from '../context.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { behind, type Column, table } from '../tables.ts';

/** How much each modality moves the predictions of each fusion, and which decides. */
export function contributions({ canvas, comparison, strategies, modalities, figure }: Context): Markup {
  const explained = strategies.filter(({ role, contributions: all }) => role === 'fusion' && all.length > 0);
  if (explained.length === 0) return html``;
  const moved = movedOf(comparison.study.target);
  const of = (strategy: StrategyResult, name: string) =>
    strategy.contributions.find(({ modality }) => modality === name)?.meanAbsolute;
  return html`<section aria-labelledby="contributions"><h2 id="contributions">What each modality contributes</h2>
${figure(
  wideChart(contributionsChart(canvas, explained, modalities)),
  html`Mean absolute Shapley contribution of each modality to ${moved}: how far, on average over test subjects, its presence
moves it. It describes the model, not the biology.`,
)}
${behind(
  'Tables: contributions, and who drove the decisions',
  table<string>(
    `Mean absolute Shapley contribution to ${moved}`,
    [
      { head: 'modality', cell: (name) => name },
      ...explained.map((strategy) => ({ head: strategy.name, cell: (name: string) => share(of(strategy, name)) })),
    ],
    modalities,
  ),
  driversTable(explained, modalities, comparison.study.target.kind === 'classes'),
)}
</section>`;
}

function movedOf({ kind, name, unit }: Comparison['study']['target']): string {
  switch (kind) {
    case 'classes':
      return 'the probability of the predicted class';
    case 'survival':
      return 'the predicted risk (in standard deviations over training subjects)';
    case 'value':
      return `the predicted value (${name}${unit === undefined ? '' : `, in ${unit}`})`;
  }
}

/** How often each modality moved a prediction the most; of classes also how often it then spoke against the decision. */
function driversTable(strategies: readonly StrategyResult[], modalities: readonly string[], decided: boolean): Markup {
  const driven = strategies.filter(({ drivers = [] }) => drivers.some(({ decisions }) => decisions > 0));
  if (driven.length === 0) return html``;
  return table<string>(
    `Share of predictions that the modality moved the most${decided ? ', and how many of them against its objection' : ''}`,
    [
      { head: 'modality', cell: (name) => name },
      ...driven.map(
        ({ name: head, drivers = [] }): Column<string> => ({
          head,
          cell: (name) => driverCell(drivers, name, decided),
        }),
      ),
    ],
    modalities,
  );
}

function driverCell(drivers: readonly DriverCount[], name: string, decided: boolean): Piece {
  const own = drivers.find(({ modality }) => modality === name);
  if (!own) return absent;
  const all = drivers.reduce((sum, { decisions }) => sum + decisions, 0);
  const part = all > 0 ? percent(own.decisions / all) : absent;
  return decided ? html`${part} <span class="range">${count(own.against)} against</span>` : part;
}

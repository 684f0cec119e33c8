import type { Agreement, AgreementAccuracy, StrategyResult } from '../../evaluate/comparison.ts';
import type { EvidenceFinding, ExpertFinding, PairIndependence } from '../../evaluate/independence.ts';
import { absent, count, counted, difference, interval, pValue, share } from '../../score/written.ts';
import { dependenceChart } from '../charts/dependence.ts';
import { type Context, placeChart } from '../context.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { behind, table } from '../tables.ts';

/** Whether the experts of late fusions are independent, what follows for each, and what their agreement is worth. */
export function independence(context: Context): Markup {
  const { independence: tested } = context.comparison;
  const agreeing = context.strategies.flatMap(({ name, agreement }) => (agreement ? [{ name, agreement }] : []));
  if (!tested && agreeing.length === 0) return html``;
  return html`<section aria-labelledby="independence"><h2 id="independence">Do the modalities say different things?</h2>
${tested && (tested.pairs.length > 0 ? pairsTested(context, tested.pairs) : tested.words.map((words) => html`<p>${words}</p>`))}
${meanings(context.strategies)}
${agreeing.length > 0 && agreements(agreeing)}
</section>`;
}

function pairsTested({ canvas, comparison, figure }: Context, pairs: readonly PairIndependence[]): Markup {
  const level = Math.round(comparison.protocol.level * 100);
  const shown = pairs.some(({ experts }) => experts !== null);
  const tables = table<PairIndependence>(
    'Dependence of each pair of modalities given the outcome, p adjusted by Holm',
    [
      { head: 'pair', cell: ({ pair }) => pair.join(' and ') },
      { head: 'experts', cell: ({ found }) => expertWords[found.experts], text: true },
      { head: 'correlation', cell: ({ experts }) => correlationCell(experts) },
      { head: 'given the other experts too', cell: ({ partial }) => correlationCell(partial) },
      { head: 'p', cell: ({ experts }) => pValue(experts?.pHolm) },
      { head: 'measurements', cell: ({ found }) => evidenceWords[found.evidence], text: true },
      { head: 'distance correlation', cell: ({ evidence }) => share(evidence?.distanceCorrelation) },
      { head: 'p', cell: ({ evidence }) => pValue(evidence?.pHolm) },
    ],
    pairs,
  );
  return html`<p>Late fusion gains most from experts who err independently, and some combiners assume it. It is tested on training
subjects, given the outcome: for what the experts say, and for the measurements themselves.</p>
${
  shown
    ? html`${figure(
        placeChart(dependenceChart(canvas, pairs)),
        html`Correlation of what two experts say, given the outcome, with ${level} % intervals. Filled: found after adjustment for the
number of pairs. To the right they err together and say partly the same; to the left they err in opposite ways.`,
      )}
${behind('Table: dependence of pairs', tables)}`
    : tables
}`;
}

const expertWords: { readonly [F in ExpertFinding]: string } = {
  redundant: 'err together',
  opposed: 'err in opposite ways',
  'none-seen': 'none seen',
  'not-tested': 'not tested',
};

const evidenceWords: { readonly [F in EvidenceFinding]: string } = {
  interplay: 'depend on each other, in another way in each class',
  shared: 'depend on each other alike',
  'none-seen': 'none seen',
  'not-tested': 'not tested',
};

function correlationCell(found: PairIndependence['partial']): Piece {
  if (!found) return absent;
  return html`${difference(found.value)} <span class="range">${interval(found.low, found.high, difference)}</span>`;
}

function meanings(strategies: readonly StrategyResult[]): Piece {
  const said = strategies.flatMap(({ name, independenceMeans = [] }) =>
    independenceMeans.length > 0
      ? [html`<dt>${name}</dt>${independenceMeans.map((words) => html`<dd>${words}</dd>`)}`]
      : [],
  );
  return (
    said.length > 0 &&
    html`<h3>What that means for each late fusion</h3>
<dl class="means">${said}</dl>`
  );
}

interface Agreeing {
  readonly name: string;
  readonly agreement: Agreement;
}

type Contradiction = Agreement['contradictions'][number];

function agreements(all: readonly Agreeing[]): Markup {
  // Whom experts contradict does not depend on what combines them.
  const { contradictions } = all[0].agreement;
  const contradicting = contradictions.filter(({ differ }) => differ > 0);
  return html`<h3>Where the experts agree</h3>
<p>A decision is unanimous where at least two experts were heard and all named one class. Where they are divided, the
decision deserves a second look.</p>
${table<Agreeing>(
  'Share of decisions that are right, with intervals that count each subject once',
  [
    { head: 'strategy', cell: ({ name }) => name },
    { head: 'unanimous', cell: ({ agreement: { unanimous } }) => accuracyCell(unanimous) },
    { head: 'divided', cell: ({ agreement: { divided } }) => accuracyCell(divided) },
  ],
  all,
)}
${
  contradicting.length > 0 &&
  table<Contradiction>(
    'Pairs of experts who name different classes, and who was right where both were sure (.8 or more)',
    [
      { head: 'pair', cell: ({ pair }) => pair.join(' and ') },
      { head: 'heard together', cell: ({ n }) => count(n) },
      { head: 'differ', cell: ({ n, differ }) => `${count(differ)} (${share(differ / n, 2)})` },
      { head: 'both sure', cell: ({ bothSure }) => count(bothSure) },
      { head: 'right', cell: rightCell, text: true },
    ],
    contradicting,
  )
}`;
}

function accuracyCell({ n, accuracy }: AgreementAccuracy): Piece {
  if (!accuracy) return absent;
  return html`${share(accuracy.estimate)} <span class="range">${interval(accuracy.low, accuracy.high)}</span>
<span class="range">${counted(n, 'decision')}</span>`;
}

function rightCell({ pair, bothSure, right: [first, second, neither] }: Contradiction): string {
  if (bothSure === 0) return absent;
  return `${pair[0]} ${first}, ${pair[1]} ${second}${neither > 0 ? `, neither ${neither}` : ''}`;
}

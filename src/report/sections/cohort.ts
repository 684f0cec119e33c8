import type { Comparison, ModalitySummary, StrategyResult } from '../../evaluate/comparison.ts';
import { count, percent, share } from '../../score/written.ts';
import { contributionsChart } from '../charts/contributions.ts';
import { patternsChart } from '../charts/patterns.ts';
import { type Context, wideChart } from '../context.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { behind, table } from '../tables.ts';
import { eventOf, setOf } from '../words.ts';

const patternLimit = 40;
type Pattern = Comparison['study']['patterns'][number];

/** Who has what, and what each modality is. */
export function cohort({ comparison, canvas, modalities, figure }: Context): Markup {
  const { study } = comparison;
  const { patterns, subjects } = study;
  const { classes } = study.target;
  const event = eventOf(study.target);
  const events = event !== undefined && html`; the dark part and the number in brackets are events (<em>${event}</em>)`;
  return html`<section aria-labelledby="cohort"><h2 id="cohort">The cohort</h2>
${
  patterns.length > 0 &&
  html`${figure(
    wideChart(patternsChart(canvas, patterns.slice(0, patternLimit), modalities)),
    html`Which modalities subjects have, and how many have each set${events}.${
      patterns.length > patternLimit && html` The ${patternLimit} most frequent of ${patterns.length} sets.`
    }`,
  )}
${behind(
  'Table: presence',
  table<Pattern>(
    'Subjects by the set of modalities they have',
    [
      { head: 'modalities', cell: ({ present }) => setOf(present, modalities) },
      { head: 'subjects', cell: ({ n }) => count(n) },
      ...classes.map((name, k) => ({ head: name, cell: ({ classCounts }: Pattern) => count(classCounts[k]) })),
    ],
    patterns,
  ),
)}`
}
<h3>The modalities</h3>
<p>Missing values are counted among the subjects who have the modality.</p>
<div class="cards">${study.modalities.map((modality) => card(modality, subjects))}</div>
</section>`;
}

function card(modality: ModalitySummary, subjects: number): Markup {
  const scales = Object.entries(modality.scales).filter(([, n]) => n > 0);
  const entries: readonly (readonly [string, Piece])[] = [
    ['Features', count(modality.features)],
    ['Subjects', `${count(modality.subjects)} of ${count(subjects)}`],
    ['Scale', scales.map(([scale, n]) => (scales.length > 1 ? `${count(n)} ${scale}` : scale)).join(', ')],
    ['Unit', modality.unit ?? 'not stated'],
    ['Noise', modality.noise],
    ['Constraint', modality.constraint],
    ['Missing values', modality.missingShare > 0 ? percent(modality.missingShare) : 'none'],
    ['Preparation', modality.preparation],
  ];
  return html`<article><h3>${modality.name}</h3>
<dl>${entries.map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>`)}</dl></article>
`;
}

/** How much each modality moves the predictions of each fusion. */
export function contributions({ canvas, strategies, modalities, figure }: Context): Markup {
  const explained = strategies.filter(({ role, contributions: all }) => role === 'fusion' && all.length > 0);
  if (explained.length === 0) return html``;
  const of = (strategy: StrategyResult, name: string) =>
    strategy.contributions.find(({ modality }) => modality === name)?.meanAbsolute;
  return html`<section aria-labelledby="contributions"><h2 id="contributions">What each modality contributes</h2>
${figure(
  wideChart(contributionsChart(canvas, explained, modalities)),
  html`Mean absolute Shapley contribution of each modality to the probability of the predicted class: how far, on average
over test subjects, its presence moves that probability. It describes the model, not the biology.`,
)}
${behind(
  'Table: contributions',
  table<string>(
    'Mean absolute Shapley contribution to the probability of the predicted class',
    [
      { head: 'modality', cell: (name) => name },
      ...explained.map((strategy) => ({ head: strategy.name, cell: (name: string) => share(of(strategy, name)) })),
    ],
    modalities,
  ),
)}
</section>`;
}

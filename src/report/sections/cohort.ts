import type { Comparison, ModalitySummary } from '../../evaluate/comparison.ts';
import { count, percent } from '../../score/written.ts';
import { patternsChart } from '../charts/patterns.ts';
import { type Context, wideChart } from '../context.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { behind, table } from '../tables.ts';
import { eventOf, hasEvents, setOf } from '../words.ts';
import { scanRelations } from './scan-relations.ts';
import { gridWords, scans } from './scans.ts';

const patternLimit = 40;
type Pattern = Comparison['study']['patterns'][number];

/** Who has what, and what each modality is. */
export function cohort(context: Context): Markup {
  const { comparison, canvas, modalities, figure } = context;
  const { study } = comparison;
  const { patterns, subjects } = study;
  const { classes } = study.target;
  const event = eventOf(study.target);
  const named = event !== undefined && html` (<em>${event}</em>)`;
  const events = hasEvents(study.target) && html`; the dark part and the number in brackets are events${named}`;
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
${scans(context)}
${scanRelations(context)}
</section>`;
}

function card(modality: ModalitySummary, subjects: number): Markup {
  const scales = Object.entries(modality.scales).filter(([, n]) => n > 0);
  const entries: readonly (readonly [string, Piece])[] = [
    ['Features', count(modality.features)],
    ...(modality.image ? [['Voxels', gridWords(modality.image)] as const] : []),
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

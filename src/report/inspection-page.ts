import type { Absence, DeltaShift, Inspection, Leak, ModalityCard } from '../inspect/inspection.ts';
import { absent, count, percent, pValue, share } from '../score/written.ts';
import { countBar, dots, shareBar, spreadMark } from './charts/in-table.ts';
import { absencePair, cardTerms, groupWords, littleWords, sds, short } from './inspection-words.ts';
import { html, type Markup, type Piece } from './markup.ts';
import { shell } from './page.ts';
import { table } from './tables.ts';
import { setOf } from './words.ts';

/** The inspection as one self-contained HTML file: tables that draw their figures, no network. */
export function renderInspection(inspection: Inspection): string {
  const { study, warnings } = inspection;
  const { name, classes, classCounts } = study.target;
  const target = classes.map((label, k) => `${label} (${count(classCounts[k])})`).join(', ');
  return shell({
    title: `${study.title}: inspection`,
    skip: 'Skip to the content',
    header: html`<p class="eyebrow">Consilience · inspection of a cohort</p>
<h1>${study.title}</h1>
<dl class="asked"><div><dt>Subjects</dt><dd>${count(study.subjects)}</dd></div>
<div><dt>Target</dt><dd>${name}: ${target}</dd></div></dl>`,
    body: html`${
      warnings.length > 0 &&
      html`<section class="warnings" aria-labelledby="warnings"><h2 id="warnings">Read with care</h2>
<ul>${warnings.map(({ message }) => html`<li>${message}</li>`)}</ul></section>`
    }
${cards(inspection)}
${missing(inspection)}
${leaks(inspection)}`,
  });
}

function cards({ modalities, study }: Inspection): Markup {
  return html`<section aria-labelledby="modalities"><h2 id="modalities">The modalities</h2>
<p>Figures are over measured values. Skewness is of interval, ratio and count columns; zeros of ratio and count columns.</p>
${atAGlance(modalities)}
<div class="cards">${modalities.map(
    (card) => html`<article><h3>${card.name}</h3>
<dl>${cardTerms(card, study.subjects).map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>`)}</dl></article>
`,
  )}</div></section>`;
}

type Skewness = NonNullable<ModalityCard['skewness']>;

/** Where modalities differ in ways that decide how they are to be prepared. */
function atAGlance(modalities: readonly ModalityCard[]): Markup {
  const spreads = modalities.flatMap(({ skewness }) => skewness ?? []);
  const range = [
    Math.min(0, ...spreads.map(({ least }) => least)),
    Math.max(0, ...spreads.map(({ largest }) => largest)),
  ] as const;
  const ofShare = (value: number | null): Piece =>
    value === null ? absent : html`${percent(value)} ${shareBar(value)}`;
  const ofSpread = (spread: Skewness | null): Piece =>
    spread ? html`${short(spread.median)} ${spreadMark(spread, range)}` : absent;
  return table<ModalityCard>(
    'At a glance: shares as bars; skewness over columns as median, with a box between quartiles and a line from least to largest',
    [
      { head: 'modality', cell: ({ name }) => name },
      { head: 'features', cell: ({ features }) => count(features) },
      { head: 'subjects without it', cell: ({ absentShare }) => ofShare(absentShare) },
      { head: 'cells missing in the others', cell: ({ missingShare }) => ofShare(missingShare) },
      { head: 'zeros', cell: ({ zeroShare }) => ofShare(zeroShare) },
      { head: 'skewness', cell: ({ skewness }) => ofSpread(skewness) },
    ],
    modalities,
  );
}

/** Of each class (or group), how many lack the modality. */
function lacking({ cells }: Absence): Markup {
  return html`${cells.map(
    ({ name, n, absent: without }) =>
      html`<span class="lacking">${shareBar(n > 0 ? without / n : 0)} ${name}: ${without} of ${n}</span>`,
  )}`;
}

function missing(inspection: Inspection): Markup {
  const { study, modalities, patterns, absence, little, deltaShift } = inspection;
  const names = modalities.map(({ name }) => name);
  const most = Math.max(...patterns.map(({ n }) => n), 1);
  const events = study.target.classes.length === 2 ? study.target.classes[1] : undefined;
  const group = groupWords(inspection);
  return html`<section aria-labelledby="missing"><h2 id="missing">What is missing</h2>
${table<Inspection['patterns'][number]>(
  `Subjects by the set of modalities they have; a dot for each of ${names.join(', ')}${events === undefined ? '' : `; the dark part of a bar is ${events}`}`,
  [
    { head: 'modalities', cell: ({ present }) => html`${dots(present, names)} ${setOf(present, names)}` },
    {
      head: 'subjects',
      cell: ({ n, classCounts }) => html`${count(n)} ${countBar(n, most, events === undefined ? n : classCounts[1])}`,
    },
    ...study.target.classes.map((name, k) => ({
      head: name,
      cell: ({ classCounts }: Inspection['patterns'][number]) => count(classCounts[k]),
    })),
  ],
  patterns,
)}
${
  absence.length > 0 &&
  table<Absence>(
    'Does lacking a modality go with the target or the groups? p adjusted by Holm',
    [
      { head: 'pair', cell: (test) => absencePair(test, study) },
      { head: 'without it', cell: lacking, text: true },
      { head: 'Cramér’s V', cell: ({ cramersV }) => share(cramersV, 2) },
      { head: 'p', cell: ({ pHolm }) => pValue(pHolm) },
    ],
    absence,
  )
}
<p>${littleWords(little)}</p>
${group !== undefined && html`<p>${group}</p>`}
<p>Whether values are missing because of what they would have been cannot be tested.${
    deltaShift.length > 0 &&
    html` The table shows what would become of a difference if the missing values of ${study.target.classes[1]} were unlike
those measured.`
  }</p>
${
  deltaShift.length > 0 &&
  table<DeltaShift>(
    'Difference of class means in standard deviations, the missing values of the second class shifted by δ',
    [
      { head: 'column', cell: ({ modality, feature }) => `${modality}: ${feature}` },
      ...deltaShift[0].differences.map(({ delta }, at) => ({
        head: `δ ${sds(delta)}`,
        cell: ({ differences }: DeltaShift) => sds(differences[at].difference),
      })),
      { head: 'gone at', cell: ({ tippingDelta }) => (tippingDelta === null ? 'no δ' : sds(tippingDelta)) },
    ],
    deltaShift,
  )
}</section>`;
}

function leaks({ leaks: all }: Inspection): Markup {
  if (all.length === 0) return html``;
  return html`<section aria-labelledby="leaks"><h2 id="leaks">Suspected leaks</h2>
${table<Leak>(
  'Columns that tell a class almost alone',
  [
    { head: 'column', cell: ({ modality, feature }) => `${modality}: ${feature}` },
    { head: 'class', cell: (leak) => leak.class, text: true },
    { head: 'by', cell: ({ by }) => by, text: true },
    { head: 'AUROC', cell: ({ auroc }) => share(auroc) },
    { head: 'subjects', cell: ({ n }) => count(n) },
  ],
  all,
)}</section>`;
}

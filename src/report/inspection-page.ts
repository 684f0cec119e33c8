import type { Absence, DeltaShift, Inspection, Leak } from '../inspect/inspection.ts';
import { count, pValue, share } from '../score/written.ts';
import { absenceCells, absencePair, cardTerms, groupWords, littleWords, sds } from './inspection-words.ts';
import { html, type Markup } from './markup.ts';
import { shell } from './page.ts';
import { table } from './tables.ts';
import { setOf } from './words.ts';

/** The inspection as one self-contained HTML file: tables only, no network. */
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
<div class="cards">${modalities.map(
    (card) => html`<article><h3>${card.name}</h3>
<dl>${cardTerms(card, study.subjects).map(([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>`)}</dl></article>
`,
  )}</div></section>`;
}

function missing(inspection: Inspection): Markup {
  const { study, modalities, patterns, absence, little, deltaShift } = inspection;
  const names = modalities.map(({ name }) => name);
  const group = groupWords(inspection);
  return html`<section aria-labelledby="missing"><h2 id="missing">What is missing</h2>
${table<Inspection['patterns'][number]>(
  'Subjects by the set of modalities they have',
  [
    { head: 'modalities', cell: ({ present }) => setOf(present, names) },
    { head: 'subjects', cell: ({ n }) => count(n) },
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
      { head: 'without it', cell: absenceCells, text: true },
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

import type { Comparison } from '../../evaluate/comparison.ts';
import { metricLabel } from '../../score/metric.ts';
import { count, counted, difference, interval, pValue, share } from '../../score/written.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { findingLabel, gloss } from '../words.ts';

function terms(pairs: readonly (readonly [string, Piece])[]): Markup {
  return html`${pairs.map(([term, meaning]) => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>`)}`;
}

/** The title and what was asked. */
export function opening({ study, protocol }: Comparison): Markup {
  const { name, classes, classCounts } = study.target;
  const shown = classes.slice(0, 4).map((label, k) => `${label} (${count(classCounts[k])})`);
  const more = classes.length > 4 ? `, and ${counted(classes.length - 4, 'further class', 'further classes')}` : '';
  const test =
    protocol.kind === 'cross-validation'
      ? `${protocol.repeats} × ${protocol.folds}-fold cross-validation`
      : protocol.kind === 'holdout'
        ? `${counted(protocol.repeats, 'random split')}, ${share(protocol.testShare, 2)} for testing`
        : protocol.kind === 'leave-one-group-out'
          ? `leaving out one of ${protocol.folds} groups`
          : 'the split given with the data';
  return html`<p class="eyebrow">Consilience · comparison of fusion strategies</p>
<h1>${study.title}</h1>
${study.description !== undefined && html`<p>${study.description}</p>`}
<dl class="asked">${terms([
    ['Subjects', count(study.subjects)],
    ['Modalities', study.modalities.length],
    ['Target', `${name}: ${shown.join(', ')}${more}`],
    ['Tested by', test],
    ['Primary metric', metricLabel[protocol.metric]],
  ])}</dl>`;
}

/** The answer, before anything else. */
export function verdict(comparison: Comparison): Markup {
  const { finding, strategy, sentence } = comparison.verdict;
  const [lead, ...rest] = sentence.split(/(?<=[.!?]) (?=\p{Lu})/u);
  const paired = comparison.strategies.find(({ name }) => name === strategy)?.paired;
  const level = `${Math.round(comparison.protocol.level * 100)} % interval`;
  return html`<section class="verdict ${finding}" id="verdict" aria-labelledby="verdict-head">
<h2 class="eyebrow" id="verdict-head">The verdict: ${findingLabel[finding]}</h2>
<p class="sentence">${lead}${rest.length > 0 && html` <span>${rest.join(' ')}</span>`}</p>
<p>${gloss(comparison)}</p>
${
  paired &&
  html`<dl class="key">${terms([
    ['Compared', strategy ?? ''],
    [`Difference in ${metricLabel[paired.metric]}`, difference(paired.difference)],
    [level, interval(paired.low, paired.high, difference)],
    ['p, adjusted by Holm', pValue(paired.pHolm)],
    ['Margin', `±${share(comparison.protocol.margin)}`],
    ['Smallest detectable', share(paired.smallestDetectable)],
  ])}</dl>
`
}<p class="research">Research use, not a medical device.</p>
</section>`;
}

export function warnings({ warnings: all }: Comparison): Markup {
  if (all.length === 0) return html``;
  return html`<section class="warnings" aria-labelledby="warnings-head"><h2 id="warnings-head">Read with care</h2>
<ul>${all.map(({ message }) => html`<li>${message}</li>`)}</ul></section>`;
}

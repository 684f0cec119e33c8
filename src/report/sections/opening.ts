import type { Comparison } from '../../evaluate/comparison.ts';
import { metricLabel } from '../../score/metric.ts';
import { count, counted, difference, interval, pValue, share } from '../../score/written.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { findingLabel, gloss, metricName, unitOf, withUnit } from '../words.ts';

function terms(pairs: readonly (readonly [string, Piece])[]): Markup {
  return html`${pairs.map(([term, meaning]) => html`<div><dt>${term}</dt><dd>${meaning}</dd></div>`)}`;
}

/** What is to be told, and how many subjects it was seen in. */
function targetTerm({
  kind,
  name,
  unit,
  classes,
  classCounts,
}: Comparison['study']['target']): readonly [string, string] {
  switch (kind) {
    case 'classes': {
      const shown = classes.slice(0, 4).map((label, k) => `${label} (${count(classCounts[k])})`);
      const more = classes.length > 4 ? `, and ${counted(classes.length - 4, 'further class', 'further classes')}` : '';
      return ['Target', `${name}: ${shown.join(', ')}${more}`];
    }
    case 'survival': {
      const [censored, events] = classCounts;
      return ['Target, time to an event', `${name}: ${counted(events, 'event')}, ${count(censored)} censored`];
    }
    case 'value':
      return ['Target, a value', unit === undefined ? name : `${name}, in ${unit}`];
  }
}

/** The title and what was asked. */
export function opening({ study, protocol }: Comparison): Markup {
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
    targetTerm(study.target),
    ['Tested by', test],
    ['Primary metric', metricName(protocol.metric, study.target)],
  ])}</dl>`;
}

/** The answer, before anything else. */
export function verdict(comparison: Comparison): Markup {
  const { finding, strategy, sentence } = comparison.verdict;
  const [lead, ...rest] = sentence.split(/(?<=[.!?]) (?=\p{Lu})/u);
  const paired = comparison.strategies.find(({ name }) => name === strategy)?.paired;
  const unit = unitOf(comparison.protocol.metric, comparison.study.target);
  const level = `${Math.round(comparison.protocol.level * 100)} % interval`;
  return html`<section class="verdict ${finding}" id="verdict" aria-labelledby="verdict-head">
<h2 class="eyebrow" id="verdict-head">The verdict: ${findingLabel[finding]}</h2>
<p class="sentence">${lead}${rest.length > 0 && html` <span>${rest.join(' ')}</span>`}</p>
<p>${gloss(comparison)}</p>
${
  paired &&
  html`<dl class="key">${terms([
    ['Compared', strategy ?? ''],
    [`Difference in ${metricLabel[paired.metric]}`, withUnit(difference(paired.difference), unit)],
    [level, interval(paired.low, paired.high, difference)],
    ['p, adjusted by Holm', pValue(paired.pHolm)],
    ['Margin', withUnit(`±${share(comparison.protocol.margin)}`, unit)],
    ['Smallest detectable', withUnit(share(paired.smallestDetectable), unit)],
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

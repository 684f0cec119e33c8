import type { Comparison } from '../evaluate/comparison.ts';
import type { Canvas } from './charts/canvas.ts';
import { context } from './context.ts';
import { completed } from './earlier.ts';
import { html, type Markup, verbatim } from './markup.ts';
import { inReadingOrder } from './order.ts';
import { cohort } from './sections/cohort.ts';
import { contributions } from './sections/contributions.ts';
import { conversation } from './sections/conversation.ts';
import { independence } from './sections/independence.ts';
import { method } from './sections/method.ts';
import { missing } from './sections/missing.ts';
import { opening, verdict, warnings } from './sections/opening.ts';
import { riskGroups } from './sections/risk-groups.ts';
import { roc } from './sections/roc.ts';
import { strategies } from './sections/strategies.ts';
import { trust } from './sections/trust.ts';
import { style } from './style.ts';

/** Browsers that do not yet let a style sheet unfold `details` are helped before they print. */
const unfold = `addEventListener('beforeprint', () => document.querySelectorAll('details').forEach((d) => { d.open = true; }));`;

const chapters = [
  ['verdict', 'Verdict'],
  ['strategies', 'Does fusing help?'],
  ['missing', 'Missing modalities'],
  ['ranking', 'Ranking'],
  ['trust', 'Trust'],
  ['contributions', 'Contributions'],
  ['conversation', 'Who asked whom'],
  ['independence', 'Independence'],
  ['cohort', 'Cohort'],
  ['method', 'Method'],
] as const;

/** The whole page: nothing is loaded from anywhere, and nothing but printing needs its one line of script. */
export function page(given: Comparison, canvas: Canvas): string {
  const comparison = completed(given);
  const { metric } = comparison.protocol;
  const all = context(comparison, canvas, inReadingOrder(comparison.strategies, metric));
  const body = html`${verdict(comparison)}
${warnings(comparison)}
${strategies(all)}
${missing(all)}
${roc(all)}
${riskGroups(all)}
${trust(all)}
${contributions(all)}
${conversation(all)}
${independence(all)}
${cohort(all)}
${method(all)}`;
  return shell({
    title: `${comparison.study.title}: comparison of fusion strategies`,
    skip: 'Skip to the verdict',
    header: html`${opening(comparison)}
${contents(body)}`,
    body,
  });
}

interface Shell {
  readonly title: string;
  /** Words of the link that leads past the header. */
  readonly skip: string;
  readonly header: Markup;
  readonly body: Markup;
}

/** What every page of this toolkit has around it: style, landmarks, the caution. */
export function shell({ title, skip, header, body }: Shell): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${verbatim(style)}</style>
</head>
<body>
<a class="skip" href="#content">${skip}</a>
<header>
${header}
</header>
<main id="content">
${body}
</main>
<footer><p>Written by Consilience. Research use, not a medical device.</p></footer>
<script>${verbatim(unfold)}</script>
</body>
</html>
`.html;
}

function contents(body: Markup): Markup {
  const there = chapters.filter(([id]) => body.html.includes(` id="${id}"`));
  return html`<nav aria-label="Contents"><ul>${there.map(
    ([id, label]) => html`<li><a href="#${id}">${label}</a></li>`,
  )}</ul></nav>`;
}

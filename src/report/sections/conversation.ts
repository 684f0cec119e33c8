import type { ConversationResult, ConversationToken, Interval } from '../../evaluate/comparison.ts';
import { absent, count, counted, interval, share } from '../../score/written.ts';
import { askedBars } from '../charts/asked-bars.ts';
import { askedGrid } from '../charts/asked-grid.ts';
import { type Context, wideChart } from '../context.ts';
import { html, type Markup, type Piece } from '../markup.ts';
import { behind, type Column, table } from '../tables.ts';
import { shortened } from '../words.ts';
import { subjectsTable } from './conversation-subjects.ts';

const gridLimit = 60; // tokens
const barLimit = 20;
const tableLimit = 60;
const pairLimit = 30;

/** What modalities asked each other, and whether that says what predictions rest on. */
export function conversation(context: Context): Markup {
  const talking = context.strategies.flatMap(({ name, conversation: told }) => (told ? [{ name, told }] : []));
  if (talking.length === 0) return html``;
  return html`<section aria-labelledby="conversation"><h2 id="conversation">Who asked whom</h2>
<p>Each token of a modality (a feature, a group of features, or a learned combination) asks those of the others and takes a share
from each: attention, here in test subjects that the networks have not seen. It describes the model, and by itself it does not
say what a prediction rests on. Whether it does here is tested by hiding tokens.</p>
${talking.map(
  ({ name, told }) => html`${talking.length > 1 && html`<h3>${name}</h3>`}<p>${told.faithfulness.sentence}</p>
${modalitiesAsked(context, name, told)}
${tokensAsked(context, told)}
${tokenGrid(context, told)}
${subjectsTable(name, told)}`,
)}
</section>`;
}

/** Two modalities can only ask each other, which needs no figure. */
function modalitiesAsked({ canvas, comparison, figure }: Context, name: string, told: ConversationResult): Piece {
  const { modalities, between } = told;
  if (modalities.length < 3) return html`<p>Its two modalities can only ask each other.</p>`;
  const level = Math.round(comparison.protocol.level * 100);
  return html`${figure(
    wideChart(
      askedGrid(canvas, {
        names: modalities.map((one) => shortened(one, 22)),
        groups: modalities.map(() => ''),
        shares: between.map(({ asked }) => asked.map((one) => one?.estimate ?? null)),
        cells: 'figures',
        label: `Who asked whom, between ${modalities.length} modalities`,
      }),
    ),
    html`Of what each modality (row) took of the others, the share that came from each (column), the mean over
${counted(told.n, 'test subject')} with at least two modalities. One that is absent gives nothing, and one of many tokens is asked for more in any case. A
stronger blue is more.`,
  )}
${behind(
  'Table: who asked whom',
  table<ConversationResult['between'][number]>(
    `Share of what each modality took that came from each of the others in ${name}, with ${level} % intervals over subjects`,
    [
      { head: 'asking', cell: ({ modality }) => modality },
      { head: 'subjects', cell: ({ n }) => count(n) },
      ...modalities.map(
        (head, k): Column<ConversationResult['between'][number]> => ({
          head,
          cell: ({ asked }) => intervalCell(asked[k]),
        }),
      ),
    ],
    between,
  ),
)}`;
}

function intervalCell(found: Interval | null | undefined): Piece {
  if (!found) return absent;
  return html`${share(found.estimate)} <span class="range">${interval(found.low, found.high)}</span>`;
}

type Asked = ConversationToken & { readonly askedFor: number; readonly even: number };

function tokensAsked({ canvas, figure }: Context, { tokens, modalities }: ConversationResult): Piece {
  const ranked = tokens
    .filter((one): one is Asked => one.learned === undefined && one.askedFor !== null && (one.even ?? 0) > 0)
    .sort((a, b) => b.askedFor / b.even - a.askedFor / a.even);
  if (ranked.length === 0)
    return html`<p>All tokens are learned combinations of features, so none of them has a name.</p>`;
  const bars = ranked.slice(0, barLimit).map((token) => ({ ...token, name: tokenName(token, 40) }));
  return html`${figure(
    wideChart(askedBars(canvas, bars, modalities, `The ${bars.length} tokens asked for most`)),
    html`How much of the attention of other modalities’ tokens ${bars.length < ranked.length ? `the ${bars.length} most asked of ${ranked.length} tokens get` : 'each token gets'}: the mean
over test subjects. The stroke is what it would be if all were asked alike, and the order is by how far a token exceeds
that, since those of a modality with few are asked for more in any case.${
      tokens.some(({ learned }) => learned !== undefined) &&
      ' Learned combinations, which are not the same in any two networks, are left out.'
    }`,
  )}
${behind(
  'Table: tokens asked for most',
  table<Asked>(
    `Attention that each token gets, most asked first${ranked.length > tableLimit ? `, ${tableLimit} of ${ranked.length}` : ''}`,
    [
      { head: 'token', cell: ({ name }) => name },
      { head: 'modality', cell: ({ modality }) => modality, text: true },
      { head: 'asked for', cell: ({ askedFor }) => share(askedFor) },
      { head: 'if all alike', cell: ({ even }) => share(even) },
      { head: 'ratio', cell: ({ askedFor, even }) => (askedFor / even).toFixed(2) },
      { head: 'subjects', cell: ({ n }) => count(n) },
      { head: 'folds', cell: ({ folds }) => folds },
    ],
    ranked.slice(0, tableLimit),
  ),
)}`;
}

function tokenGrid({ canvas, figure }: Context, { tokens, attention }: ConversationResult): Piece {
  const shown = attention.tokens.flatMap((t) => (tokens[t] ? [tokens[t]] : []));
  if (shown.length < 3 || tokens.length > gridLimit || shown.length !== attention.mean.length) return false;
  const pairs = attention.mean
    .flatMap((row, q) => row.map((value, k) => ({ from: shown[q], to: shown[k], value: value ?? 0 })))
    .filter(({ from, to, value }) => to && from.modality !== to.modality && value > 0)
    .sort((a, b) => b.value - a.value);
  return html`${figure(
    wideChart(
      askedGrid(canvas, {
        names: shown.map((token) => tokenName(token, 26)),
        groups: shown.map(({ modality }) => modality),
        shares: attention.mean,
        cells: 'plain',
        label: `Attention of ${shown.length} tokens to each other`,
      }),
    ),
    html`Mean attention of each token (row) to each token of the other modalities (column), over test subjects. A stronger blue is
more.`,
  )}
${behind(
  'Table: strongest attention',
  table<(typeof pairs)[number]>(
    `Pairs of tokens with the strongest attention${pairs.length > pairLimit ? `, ${pairLimit} of ${count(pairs.length)}` : ''}`,
    [
      { head: 'asking', cell: ({ from }) => tokenName(from) },
      { head: 'asked', cell: ({ to }) => tokenName(to), text: true },
      { head: 'share', cell: ({ value }) => share(value) },
    ],
    pairs.slice(0, pairLimit),
  ),
)}`;
}

/** `rna: HYPOXIA`, or `rna: 4 learned`. */
export function tokenName({ modality, name, learned }: ConversationToken, length = Number.POSITIVE_INFINITY): string {
  return shortened(`${modality}: ${learned === undefined ? name : `${learned} learned`}`, length);
}

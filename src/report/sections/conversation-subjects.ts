/** The conversation subject by subject. */
import type { ConversationResult, SubjectConversation } from '../../evaluate/comparison.ts';
import { absent, count, share } from '../../score/written.ts';
import { html, type Piece } from '../markup.ts';
import { behind, type Column, table } from '../tables.ts';

const subjectLimit = 100;

/** Those first whose prediction moves the furthest without what they ask for most. */
export function subjectsTable(strategy: string, told: ConversationResult): Piece {
  const { subjects, modalities, tokens } = told;
  if (subjects.length === 0) return false;
  const ordered = [...subjects].sort((a, b) => (b.most ?? -1) - (a.most ?? -1));
  const named = tokens.some(({ learned }) => learned === undefined);
  const shown = ordered.slice(0, subjectLimit);
  const caption = `What the modalities of ${
    shown.length < subjects.length ? `${shown.length} of ${count(subjects.length)} test subjects` : 'each test subject'
  } asked in ${strategy}, those first whose prediction moves furthest without the tokens asked for most`;
  return html`${behind(
    'Table: subject by subject',
    table<SubjectConversation>(
      caption,
      [
        { head: 'subject', cell: ({ subject }) => subject },
        ...(modalities.length > 2 ? modalities.map((_, q) => mostAsked(modalities, q)) : []),
        ...(named
          ? [{ head: 'tokens asked for most', cell: (one: SubjectConversation) => tokensOf(one, told), text: true }]
          : []),
        { head: 'moves without those asked for most', cell: ({ most }) => share(most) },
        { head: 'moves without others', cell: ({ random }) => share(random) },
      ],
      shown,
    ),
  )}`;
}

/** Whom a modality asked most, and how much. */
function mostAsked(modalities: readonly string[], q: number): Column<SubjectConversation> {
  return {
    head: `${modalities[q]} asked`,
    text: true,
    cell: ({ asked }) => {
      const row = asked.slice(q * modalities.length, (q + 1) * modalities.length);
      const most = row.indexOf(Math.max(...row));
      return row.length > 0 && row[most] > 0 ? `${modalities[most]} ${share(row[most], 2)}` : absent;
    },
  };
}

function tokensOf({ tokens: places, askedFor }: SubjectConversation, { tokens }: ConversationResult): string {
  const named = places.flatMap((t, at) =>
    tokens[t] ? [`${tokens[t].modality}: ${tokens[t].name} ${share(askedFor[at], 2)}`] : [],
  );
  return named.length > 0 ? named.join(', ') : absent;
}

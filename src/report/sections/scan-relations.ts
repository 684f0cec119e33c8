import type { ImageRelation } from '../../evaluate/comparison.ts';
import { count, pValue, share } from '../../score/written.ts';
import type { Context } from '../context.ts';
import { html, type Markup } from '../markup.ts';
import { behind, table } from '../tables.ts';

type Group = ImageRelation['groups'][number];

/** What harmonizing did to the relation of each two modalities of images. */
export function scanRelations({ comparison }: Context): Markup | false {
  const relations = comparison.study.imageRelations ?? [];
  if (relations.length === 0) return false;
  return html`<h3>What harmonizing did to the relations between scans</h3>
<p>Voxels of the scans of all subjects together, before and after the preparation of both modalities, which was fitted for this
on these subjects; in the comparison each fold fits its own. A map that keeps the order of values within each scan still moves
scans against each other: the less the copula moved, the more of the relation between the modalities is as it was read.
Beyond 1 it is another relation rather than none. Information may also grow where differences between scanners hid it.</p>
${relations.map(ofPair)}`;
}

function ofPair({ modalities: [first, second], groups, words }: ImageRelation): Markup {
  const title = `${first} and ${second}`;
  return html`<h4>${title}</h4>
<ul>${words.map((line) => html`<li>${line}</li>`)}</ul>
${behind(
  `Table: ${title}`,
  table<Group>(
    `${title} before and after harmonizing; mutual information in nats`,
    [
      { head: 'scans of', cell: ({ name }) => name, text: true },
      { head: 'subjects', cell: ({ subjects }) => count(subjects) },
      { head: 'information before', cell: ({ mutualInformation }) => share(mutualInformation.before) },
      { head: 'after', cell: ({ mutualInformation }) => share(mutualInformation.after) },
      { head: 'unrelated (95 %)', cell: ({ mutualInformation }) => share(mutualInformation.unrelated) },
      { head: 'p', cell: ({ mutualInformation }) => pValue(mutualInformation.p) },
      { head: 'rank correlation before', cell: ({ rankCorrelation }) => share(rankCorrelation.before) },
      { head: 'after', cell: ({ rankCorrelation }) => share(rankCorrelation.after) },
      { head: 'copula moved', cell: ({ copulaDistance }) => share(copulaDistance) },
    ],
    groups,
  ),
)}`;
}

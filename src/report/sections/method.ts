import type { StrategyResult } from '../../evaluate/comparison.ts';
import { duration } from '../../score/written.ts';
import type { Context } from '../context.ts';
import { html, type Markup } from '../markup.ts';
import { table } from '../tables.ts';

/** How it was done, with what, and how to do it again. */
export function method({ comparison, strategies }: Context): Markup {
  const { protocol, study, seed, environment } = comparison;
  return html`<section aria-labelledby="method"><h2 id="method">How it was done</h2>
<h3>Protocol</h3>
<ul>${protocol.words.map((words) => html`<li>${words}</li>`)}</ul>
${study.source !== undefined && html`<p>Data: ${study.source}</p>`}
<h3>What each strategy did</h3>
${table<StrategyResult>(
  'Time to fit in one fold and to predict one subject, and what a reader should know',
  [
    { head: 'strategy', cell: ({ name }) => name },
    { head: 'fit', cell: ({ latencyMs }) => duration(latencyMs.fit) },
    { head: 'predict', cell: ({ latencyMs }) => duration(latencyMs.predict) },
    {
      head: 'notes',
      cell: ({ notes }) => notes.join('; '),
      text: true,
    },
  ],
  strategies,
)}
<h3>Versions</h3>
${table<[string, string]>(
  'Where this was computed',
  [
    { head: 'part', cell: ([part]) => part },
    { head: 'version', cell: ([, version]) => version, text: true },
  ],
  [...Object.entries(environment), ['seed', String(seed)]],
)}
<h3>How to rerun</h3>
<pre>npx consilience compare STUDY.yaml --seed ${seed} -o DIR</pre>
<p>The same version on the same platform gives the same figures, times apart. <code>results.json</code> beside this file holds every figure,
<code>predictions.csv</code> every prediction.</p>
</section>`;
}

/** The independence of modalities in a comparison: its folds joined, and what that means for each late fusion. */
import type { Spec } from '../estimator.ts';
import type { Combiner } from '../fuse/combine/combiners.ts';
import type { Independence } from './comparison.ts';
import type { Strategy } from './fold.ts';
import { joinIndependence } from './independence.ts';
import { independenceMeaning, independenceSentence, survivalNotTested } from './independence-words.ts';
import type { Ran } from './outcomes.ts';

/** Over the folds of the first repeat in which the same experts could be fitted; undefined without a late fusion. */
export function independenceOf({ outcomes, target }: Ran, strategies: readonly Strategy[]): Independence | undefined {
  const late = strategies.find(({ fusion }) => fusion.spec.kind === 'late');
  if (!late) return undefined;
  if (target.kind === 'survival') return { strategy: late.name, pairs: [], words: [survivalNotTested] };
  const tests = outcomes.flatMap(({ independence }) => independence ?? []);
  const most = tests.reduce<readonly string[]>(
    (names, one) => (one.names.length > names.length ? one.names : names),
    [],
  );
  if (most.length < 2) return undefined;
  const alike = tests.filter(({ names }) => names.join() === most.join());
  const pairs = joinIndependence(most, alike);
  return { strategy: late.name, pairs, words: pairs.map(independenceSentence) };
}

/** What it means for a late fusion; undefined for other strategies, and where nothing was tested. */
export function meaningFor(
  { kind, options }: Spec,
  modalities: readonly string[],
  { pairs }: Independence,
): readonly string[] | undefined {
  if (kind !== 'late' || pairs.length === 0) return undefined;
  const { combine = 'mean' } = options as { combine?: Combiner };
  return independenceMeaning(
    combine,
    pairs.filter(({ pair }) => pair.every((name) => modalities.includes(name))),
  );
}

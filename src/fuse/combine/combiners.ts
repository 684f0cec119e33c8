/** The combiners of late fusion by name. */
import type { TargetKind } from '../../describe/target.ts';
import { mean, weighted } from './average.ts';
import type { CombinerKind } from './combiner.ts';
import { evidential } from './evidential.ts';
import { product } from './product.ts';
import { stacked } from './stacked.ts';
import { vote, weightedVote } from './vote.ts';

export const combiners = ['mean', 'weighted', 'stacked', 'product', 'vote', 'weighted-vote', 'evidential'] as const;
export type Combiner = (typeof combiners)[number];

export const combinerKinds: { readonly [C in Combiner]: CombinerKind } = {
  mean,
  weighted,
  stacked,
  product,
  vote,
  'weighted-vote': weightedVote,
  evidential,
};

const ofClasses: ReadonlySet<Combiner> = new Set(['product', 'vote', 'weighted-vote', 'evidential']);

/** The combiners that a kind of target has; votes, products and evidence are of classes only. */
export function combinersOf(kind: TargetKind): readonly Combiner[] {
  return kind === 'classes' ? combiners : combiners.filter((name) => !ofClasses.has(name));
}

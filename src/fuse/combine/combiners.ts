/** The combiners of late fusion by name. */
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

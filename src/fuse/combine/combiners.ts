/** The combiners by name: of experts in late fusion, of fusions in a blend. */
import type { TargetKind } from '../../describe/target.ts';
import type { Json, Saved } from '../../estimator.ts';
import { mean, weighted } from './average.ts';
import type { CombinerKind, FittedCombiner } from './combiner.ts';
import { convex } from './convex.ts';
import { evidential } from './evidential.ts';
import { product } from './product.ts';
import { stacked } from './stacked.ts';
import { vote, weightedVote } from './vote.ts';

export const combiners = [
  'mean',
  'weighted',
  'convex',
  'stacked',
  'product',
  'vote',
  'weighted-vote',
  'evidential',
] as const;
export type Combiner = (typeof combiners)[number];

export const combinerKinds: { readonly [C in Combiner]: CombinerKind } = {
  mean,
  weighted,
  convex,
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

/** A combiner's state may be a list; a saved part holds an object. */
export function saveCombiner(kind: Combiner, combiner: FittedCombiner): Saved {
  const { state, blobs } = combiner.save();
  return { kind, version: 1, state: { learned: state }, blobs };
}

export function openCombiner(kind: Combiner, { state, blobs }: Saved, prior: Float64Array): FittedCombiner {
  const { learned } = state as { readonly learned: Json };
  return combinerKinds[kind].open(learned, blobs, prior);
}

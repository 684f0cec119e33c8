import type { Matrix } from '../../array/matrix.ts';
import type { ClassTarget, Target } from '../../describe/target.ts';
import { internal } from '../../errors.ts';
import type { Json, Run } from '../../estimator.ts';
import type { Task } from '../task/task.ts';

/** What the experts say of some subjects. */
export interface Opinions {
  readonly said: readonly Matrix<Float64Array>[]; // modalities x [subjects, width]
  /** 1 where there is an opinion; what stands elsewhere means nothing. */
  readonly present: Uint8Array; // [subjects, modalities]
}

/** Out-of-fold opinions on the training subjects, from which a combiner learns whom to trust. */
export interface Training {
  readonly opinions: Opinions;
  readonly target: Target;
  readonly task: Task;
  readonly run: Run;
}

/** A way to make one opinion of several; who has none gets zeros, and the prior later. */
export interface FittedCombiner {
  combine(opinions: Opinions): Promise<Matrix<Float64Array>>; // [subjects, width]
  /** Learned numbers worth telling, a modality each, such as weights. */
  readonly tell: { readonly what: string; readonly values: readonly number[] } | undefined;
  save(): { readonly state: Json; readonly blobs: Readonly<Record<string, Uint8Array>> };
}

/** What a combiner tells of each of those it combines, as figures of a fit: `weight of rna`. */
export function toldBy({ tell }: FittedCombiner, names: readonly string[]): { readonly [name: string]: number } {
  return tell ? Object.fromEntries(names.map((name, m) => [`${tell.what} of ${name}`, tell.values[m]])) : {};
}

/** A combiner, and what it makes of the training subjects without having learned from them (as far as it learns). */
export interface TrainedCombiner {
  readonly combiner: FittedCombiner;
  readonly outOfFold: Matrix<Float64Array>; // [subjects, width]
}

export interface CombinerKind {
  train(training: Training): Promise<TrainedCombiner>;
  open(state: Json, blobs: Readonly<Record<string, Uint8Array>>, prior: Float64Array): FittedCombiner;
}

/** A combiner that learns one number a modality at most, or none: too few to tell its training subjects apart. */
export function simpleCombiner(
  what: string | undefined,
  learn: (training: Training) => readonly number[],
  combine: (opinions: Opinions, learned: readonly number[], prior: Float64Array) => Matrix<Float64Array>,
): CombinerKind {
  const fitted = (learned: readonly number[], prior: Float64Array): FittedCombiner => ({
    combine: async (opinions) => combine(opinions, learned, prior),
    tell: what === undefined ? undefined : { what, values: learned },
    save: () => ({ state: [...learned], blobs: {} }),
  });
  return {
    async train(training) {
      const combiner = fitted(learn(training), training.task.prior);
      return { combiner, outOfFold: await combiner.combine(training.opinions) };
    },
    open: (state, _, prior) => fitted(state as readonly number[], prior),
  };
}

/** The target of a combiner that is defined for classes only; `late` has refused it for others. */
export function classesIn({ target }: Training): ClassTarget {
  if (target.kind !== 'classes') throw internal(`a combiner of classes for ${target.kind}`);
  return target;
}

import type { Matrix } from '../../array/matrix.ts';
import type { Target } from '../../describe/target.ts';
import type { Json, Run } from '../../estimator.ts';

/** What the experts say of some subjects. */
export interface Opinions {
  readonly probabilities: readonly Matrix<Float64Array>[]; // modalities x [subjects, classes]
  /** 1 where there is an opinion; what stands elsewhere means nothing. */
  readonly present: Uint8Array; // [subjects, modalities]
}

/** Out-of-fold opinions on the training subjects, from which a combiner learns whom to trust. */
export interface Training {
  readonly opinions: Opinions;
  readonly target: Target;
  readonly prior: Float64Array; // [classes]
  readonly run: Run;
}

/** A way to make one opinion of several; who has none gets zeros, and the prior later. */
export interface FittedCombiner {
  combine(opinions: Opinions): Promise<Matrix<Float64Array>>; // [subjects, classes]
  /** Learned numbers worth telling, a modality each, such as weights. */
  readonly tell: { readonly what: string; readonly values: readonly number[] } | undefined;
  save(): { readonly state: Json; readonly blobs: Readonly<Record<string, Uint8Array>> };
}

export interface CombinerKind {
  train(training: Training): Promise<FittedCombiner>;
  open(state: Json, blobs: Readonly<Record<string, Uint8Array>>, prior: Float64Array): FittedCombiner;
}

/** A combiner that learns one number a modality at most, or none. */
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
    train: async (training) => fitted(learn(training), training.prior),
    open: (state, _, prior) => fitted(state as readonly number[], prior),
  };
}

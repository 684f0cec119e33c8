import { type Matrix, matrix } from '../array/matrix.ts';
import type { Cohort } from '../describe/cohort.ts';
import type { ClassTarget, Target } from '../describe/target.ts';
import { classCounts } from '../describe/target.ts';
import type { Estimator, Fitted } from '../estimator.ts';

/** What a fusion says of each subject. Survival and value follow as further members of the union. */
export interface ClassPrediction {
  readonly kind: 'classes';
  readonly subjects: readonly string[];
  readonly classes: readonly string[];
  readonly modalities: readonly string[];
  readonly probability: Matrix<Float64Array>; // [subjects, classes]
  /** Which modalities the prediction rests on. */
  readonly present: Uint8Array; // [subjects, modalities]
  /** Shannon entropy of the probabilities over its largest value: 0 certain, 1 no idea. */
  readonly uncertainty: Float64Array; // [subjects]
  /** 1 where no modality was there, so that the class shares of the training subjects had to do. */
  readonly fromPrior: Uint8Array; // [subjects]
  /** Share of the model's inputs that were filled in for lack of a measurement. */
  readonly filled: Float64Array; // [subjects]
  /** Shapley value of each modality for each class's probability; sums to probability minus prior. */
  readonly contributions?: Float64Array; // [subjects, modalities, classes]
}

export type Prediction = ClassPrediction;
export type Fusion = Estimator<Cohort, Target, Prediction, FittedFusion>;

export interface FittedFusion extends Fitted<Cohort, Prediction> {
  readonly modalities: readonly string[];
  readonly notes: Notes;
}

/** What a reader of the results should know of a fit. Over several fits remarks are counted, figures summed up as a range. */
export interface Notes {
  /** In words: the modality chosen, warnings. */
  readonly remarks: readonly string[];
  /** By what they are: `penalty of rna`, `weight of rna`. */
  readonly figures: { readonly [name: string]: number };
}

/** Class shares of the training subjects, with a pseudo-subject spread over all classes so that none is impossible. */
export function classPrior(target: ClassTarget): Float64Array {
  const classes = target.classes.length;
  return Float64Array.from(classCounts(target), (count) => (count + 1 / classes) / (target.labels.length + 1));
}

/** Presence of the named modalities: [subjects, modalities]. */
export function presence(x: Cohort, names: readonly string[]): Uint8Array {
  const out = new Uint8Array(x.subjects.length * names.length);
  names.forEach((name, m) => {
    const block = x.blocks.find(({ modality }) => modality.name === name);
    if (block) for (let i = 0; i < x.subjects.length; i++) out[i * names.length + m] = block.present[i];
  });
  return out;
}

/** Completes a prediction from probabilities: who had nothing gets the prior, all get an uncertainty. */
export function classPrediction(
  x: Cohort,
  parts: {
    readonly classes: readonly string[];
    readonly modalities: readonly string[];
    readonly probability: Matrix<Float64Array>;
    readonly prior: Float64Array;
    readonly filled?: Float64Array;
  },
): ClassPrediction {
  const { classes, modalities, prior } = parts;
  const n = x.subjects.length;
  const present = presence(x, modalities);
  const probability = parts.probability.data.slice(); // [subjects, classes]
  const fromPrior = new Uint8Array(n);
  const uncertainty = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const there = present.subarray(i * modalities.length, (i + 1) * modalities.length);
    if (!there.includes(1)) {
      fromPrior[i] = 1;
      probability.set(prior, i * classes.length);
    }
    uncertainty[i] = normalizedEntropy(probability.subarray(i * classes.length, (i + 1) * classes.length));
  }
  return {
    kind: 'classes',
    subjects: x.subjects,
    classes,
    modalities,
    probability: matrix(n, classes.length, probability),
    present,
    uncertainty,
    fromPrior,
    filled: parts.filled ?? new Float64Array(n),
  };
}

function normalizedEntropy(probability: Float64Array): number {
  let sum = 0;
  for (const p of probability) if (p > 0) sum -= p * Math.log(p);
  return sum / Math.log(probability.length);
}

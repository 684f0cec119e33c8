import { type Matrix, matrix } from '../array/matrix.ts';
import type { Cohort } from '../describe/cohort.ts';
import type { Target } from '../describe/target.ts';
import type { Program } from '../engine/compile/compile.ts';
import type { NamedValues } from '../engine/session/runtime.ts';
import type { Estimator, Fitted, Run } from '../estimator.ts';
import type { Conversation } from './conversation.ts';

/** What a fusion says of each subject, by the kind of target. */
export type Prediction = ClassPrediction | SurvivalPrediction | ValuePrediction;

/** What predictions of every kind tell. */
export interface PredictionBasis {
  readonly subjects: readonly string[];
  readonly modalities: readonly string[];
  /** Which modalities the prediction rests on. */
  readonly present: Uint8Array; // [subjects, modalities]
  /** 1 where no modality was there, so that what is usual among the training subjects had to do. */
  readonly fromPrior: Uint8Array; // [subjects]
  /** Share of the model's inputs that were filled in for lack of a measurement. */
  readonly filled: Float64Array; // [subjects]
  /**
   * Shapley value of each modality for each class's probability, the risk, or the value: [subjects, modalities, classes or
   * 1]. Sums to what is predicted less what would be without any modality.
   */
  readonly contributions?: Float64Array;
  /**
   * Classes: Shannon entropy of the probabilities over its largest value, 0 certain, 1 no idea. Survival: the same of
   * having the event by the middle one of `timesDays`. Value: standard deviation of the errors out of fold, in its unit.
   */
  readonly uncertainty: Float64Array; // [subjects]
}

export interface ClassPrediction extends PredictionBasis {
  readonly kind: 'classes';
  readonly classes: readonly string[];
  readonly probability: Matrix<Float64Array>; // [subjects, classes]
  /** 1 where a class belongs to the subject's conformal set, which holds the true class with a chance of about 0.9. */
  readonly sets: Uint8Array; // [subjects, classes]
}

export interface SurvivalPrediction extends PredictionBasis {
  readonly kind: 'survival';
  /** Log hazard ratio against a subject of whom nothing is known: higher means an earlier event. */
  readonly risk: Float64Array; // [subjects]
  readonly timesDays: Float64Array; // [times], ascending
  /** Probability of being without the event beyond each time. */
  readonly survival: Matrix<Float64Array>; // [subjects, times]
}

export interface ValuePrediction extends PredictionBasis {
  readonly kind: 'value';
  readonly value: Float64Array; // [subjects]
  /** The conformal interval, which holds the true value with a chance of about 0.9; infinite where too few taught it. */
  readonly low: Float64Array; // [subjects]
  readonly high: Float64Array; // [subjects]
}

export interface Fusion extends Estimator<Cohort, Target, Prediction, FittedFusion> {
  /** `fit`, and beside it what such a fusion says of training subjects whom it has not seen; a blend needs it. */
  crossFit?(x: Cohort, target: Target, run: Run): Promise<CrossFittedFusion>;
}

export interface CrossFittedFusion {
  readonly fitted: FittedFusion;
  /** Opinions as in `opinionIn`, out of fold, subjects in the order they were handed over; the prior where none was heard. */
  readonly outOfFold: Matrix<Float64Array>; // [subjects, classes or 1]
  /** 1 where an opinion rests on a modality. */
  readonly heard: Uint8Array; // [subjects]
}

export interface FittedFusion extends Fitted<Cohort, Prediction> {
  readonly modalities: readonly string[];
  readonly notes: Notes;
  /** Only of fusions whose modalities attend to each other. */
  readonly reader?: Reader;
  /** Only of fusions by networks. */
  readonly networks?: Networks;
}

/** The networks of a fusion, for whoever runs ONNX elsewhere. */
export interface Networks {
  /**
   * One ONNX graph: prepared values in, `opinion` `[batch, classes or 1]` out, before conformal sets and recalibration. How
   * values are prepared is not in it.
   */
  program(): Program;
  /** What the graph is fed of some subjects, by the names of its inputs. */
  feeds(x: Cohort): Promise<NamedValues>;
  /**
   * The inputs by name: whose they are, and the prepared columns they take in order; none where an encoder makes other numbers
   * of them (codes of a few features, a library size).
   */
  inputs(x: Cohort): Promise<Readonly<Record<string, NetworkInput>>>;
}

export interface NetworkInput {
  readonly modality: string;
  /** Whether it says what was measured (1, else 0), rather than what the measurement was (0 where there was none). */
  readonly mask: boolean;
  readonly columns?: readonly string[];
}

/** Reads what the parts of a model ask each other. */
export interface Reader {
  conversation(x: Cohort): Promise<Conversation>;
  /**
   * Opinions as in `opinionIn` of subjects who do without some of their tokens.
   *
   * @param hidden 1 for each token to do without, [subjects, tokens], tokens as in the conversation
   */
  without(x: Cohort, hidden: Uint8Array): Promise<Matrix<Float64Array>>;
}

/** What a reader of the results should know of a fit. Over several fits remarks are counted, figures summed up as a range. */
export interface Notes {
  /** In words: the modality chosen, warnings. */
  readonly remarks: readonly string[];
  /** By what they are: `penalty of rna`, `weight of rna`. */
  readonly figures: { readonly [name: string]: number };
}

/** What is explained and compared: class probabilities [subjects, classes], risks or values [subjects, 1]. */
export function opinionIn(prediction: Prediction): Matrix<Float64Array> {
  switch (prediction.kind) {
    case 'classes':
      return prediction.probability;
    case 'survival':
      return matrix(prediction.risk.length, 1, prediction.risk);
    case 'value':
      return matrix(prediction.value.length, 1, prediction.value);
  }
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

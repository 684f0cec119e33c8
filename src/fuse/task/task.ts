/**
 * What differs between kinds of targets, so that fusions are written once: the expert that learns the target, what it is
 * combined in (its opinion: probabilities, a standardized risk, a value), and how opinions are read as predictions.
 */
import type { Matrix } from '../../array/matrix.ts';
import type { Cohort } from '../../describe/cohort.ts';
import type { TargetKind } from '../../describe/target.ts';
import type { Run, Saved } from '../../estimator.ts';
import type { CoxOptions } from '../../expert/cox.ts';
import type { Design } from '../../expert/design.ts';
import type { LogisticOptions } from '../../expert/logistic.ts';
import type { RidgeOptions } from '../../expert/ridge.ts';
import type { Prediction } from '../prediction.ts';

/** Options of the expert of each kind of target. */
export interface ExpertOptions {
  readonly logistic?: LogisticOptions;
  readonly cox?: CoxOptions;
  readonly ridge?: RidgeOptions;
}

/** Which options an expert of each kind of target goes by. */
export const expertOf = { classes: 'logistic', survival: 'cox', value: 'ridge' } as const satisfies {
  readonly [K in TargetKind]: keyof ExpertOptions;
};

export interface Task {
  /** Numbers in an opinion: the classes, or one. */
  readonly width: number;
  /** The opinion on a subject of whom nothing is known. */
  readonly prior: Float64Array; // [width]
  /** Fits the expert to the rows of the design; also says of each row what a model that had not seen it would. */
  crossFit(design: Design, options: ExpertOptions, run: Run): Promise<CrossFitted>;
  /**
   * How much better than the prior the out-of-fold opinions on these subjects are: 0 no better, 1 perfect, below 0 worse.
   * Classes: 1 less their log loss over that of the prior; survival: Somers' D, 2 C − 1; values: R². undefined where these
   * subjects cannot tell.
   */
  skill(opinions: Matrix<Float64Array>, rows: Int32Array): number | undefined;
  /** Learns how to read opinions, from those out of fold on training subjects. */
  readout(heard: Heard, options?: ReadoutOptions): Readout;
}

/** What was said out of fold of the training subjects who have at least one of the modalities. */
export interface Heard {
  readonly outOfFold: Matrix<Float64Array>; // [subjects, width]
  /** The subjects meant, as rows. */
  readonly rows: Int32Array;
  /** The modalities that each of them has, in the spelling of `patternsIn`. */
  readonly patterns: readonly string[]; // [rows]
}

export interface ReadoutOptions {
  /**
   * Classes only: tells probabilities anew so that they mean what they say, by a logistic model of those out of fold (see
   * `recalibrated`). Averages of several experts are too cautious. Default: as they are.
   */
  readonly recalibrate?: boolean;
}

export interface CrossFitted {
  /** undefined: these subjects let nothing be learned (the warnings say why). */
  readonly model: Model | undefined;
  readonly outOfFold: Matrix<Float64Array>; // [rows of the design, width]
  readonly warnings: readonly string[];
}

/** A fitted expert: blocks of columns in, opinions [subjects, width] out. */
export interface Model {
  readonly penalty: number | null;
  /** Of the elastic net; 0 is ridge. */
  readonly l1Ratio: number;
  apply(blocks: readonly Matrix[]): Promise<Matrix<Float64Array>>;
  save(): Saved;
}

/** Turns opinions into predictions. Plain state, so that it is saved with a fusion. */
export interface Readout {
  readonly kind: TargetKind;
  readonly prior: Float64Array; // [width]
  read(x: Cohort, said: Said): Prediction;
  save(): Saved;
}

export interface Said {
  readonly modalities: readonly string[];
  readonly opinions: Matrix<Float64Array>; // [subjects, width]
  readonly filled?: Float64Array; // [subjects]
}

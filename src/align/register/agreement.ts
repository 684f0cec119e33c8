/** How well two images agree at paired places, and which way each sample would like its moving value to go. */
import type { Samples } from './samples.ts';

export type Metric = 'mutualInformation' | 'normalizedCorrelation' | 'meanSquares';

/** What a metric reads and fills: one place a sample, in the order of the samples. */
export interface Paired {
  /** Moving values, NaN where the place lies outside the moving image. */
  readonly moving: Float32Array; // [samples]
  /** The metric's derivative by each moving value; 0 outside. */
  readonly force: Float64Array; // [samples]
}

/** To be made as great as possible; the force is left in `paired`. */
export type Agreement = (samples: Samples, paired: Paired) => number;

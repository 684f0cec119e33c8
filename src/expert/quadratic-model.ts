/** The second-order model of a loss around the scores last evaluated, as coordinate descent walks on it. */
import type { ScoreLoss } from './newton-cg.ts';
import type { SoftmaxLoss } from './softmax-loss.ts';

/** Coordinate (a, k) moves the scores of output k along column a. */
export interface QuadraticModel {
  /** Second derivative of the model along a coordinate. */
  curvature(a: number, k: number): number;
  /** Adds to the gradient by scores [subjects, outputs] what a move along the coordinate changes in it. */
  move(a: number, k: number, by: number, gradient: Float64Array): void;
  /** Applies the second derivative by scores, in place: [subjects, outputs]. */
  curve(u: Float64Array): void;
}

/**
 * Of one score a subject, whatever the loss: W x of each column that moves is made once, by the loss's own product with
 * its second derivative, so that Cox's risk sets are in it whole.
 *
 * @param columns [columns, subjects]
 */
export function oneScoreModel(loss: ScoreLoss, columns: Float64Array, subjects: number): QuadraticModel {
  const images: (Float64Array | undefined)[] = [];
  const curvatures: number[] = [];
  const imageOf = (a: number): Float64Array => {
    const made = images[a];
    if (made) return made;
    const image = columns.slice(a * subjects, (a + 1) * subjects);
    loss.curve(image);
    let sum = 0;
    for (let i = 0, at = a * subjects; i < subjects; i++, at++) sum += image[i] * columns[at];
    images[a] = image;
    curvatures[a] = sum;
    return image;
  };
  return {
    curve: loss.curve,
    curvature(a) {
      imageOf(a);
      return curvatures[a];
    },
    move(a, _, by, gradient) {
      const image = imageOf(a);
      for (let i = 0; i < subjects; i++) gradient[i] += by * image[i];
    },
  };
}

/** Of a score a class: W = diag(p) − p pᵀ for each subject, applied where it is needed (images would be too many). */
export function softmaxModel(
  { data: { outputs, subjectWeights }, probability, curve }: SoftmaxLoss,
  columns: Float64Array,
  subjects: number,
): QuadraticModel {
  return {
    curve,
    curvature(a, k) {
      let sum = 0;
      for (let i = 0, at = a * subjects; i < subjects; i++, at++) {
        const p = probability[i * outputs + k];
        sum += columns[at] * columns[at] * p * (1 - p) * (subjectWeights ? subjectWeights[i] : 1);
      }
      return sum;
    },
    move(a, k, by, gradient) {
      for (let i = 0, at = a * subjects; i < subjects; i++, at++) {
        const from = i * outputs;
        const change = by * columns[at] * probability[from + k] * (subjectWeights ? subjectWeights[i] : 1);
        for (let l = 0; l < outputs; l++) gradient[from + l] -= change * probability[from + l];
        gradient[from + k] += change;
      }
    },
  };
}

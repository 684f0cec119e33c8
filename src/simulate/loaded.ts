/** Features that show latent states along loadings, in noise of standard deviation 1: x = Λ u + ε. */
import { type Matrix, matrix } from '../array/matrix.ts';
import { permutation, type Random } from '../array/random.ts';

/** Normal loadings of a random share of features (at least one), 0 elsewhere. [features, states] */
export function drawLoadings(
  [features, states]: readonly [features: number, states: number],
  { informative, loading }: { readonly informative: number; readonly loading: number },
  generator: Random,
): Matrix<Float64Array> {
  const loadings = new Float64Array(features * states); // [features, states]
  const chosen = permutation(features, generator).subarray(0, Math.max(1, Math.round(informative * features)));
  for (const feature of chosen) {
    for (let s = 0; s < states; s++) loadings[feature * states + s] = loading * generator.normal();
  }
  return matrix(features, states, loadings);
}

/** Λ u + ε of each subject. [subjects, features] */
export function measured(state: Matrix, loadings: Matrix, generator: Random): Matrix<Float32Array> {
  const [subjects, states] = state.shape;
  const [features] = loadings.shape;
  const values = new Float32Array(subjects * features); // [subjects, features]
  for (let i = 0; i < subjects; i++) {
    for (let j = 0; j < features; j++) {
      let shown = 0;
      for (let s = 0; s < states; s++) shown += loadings.data[j * states + s] * state.data[i * states + s];
      values[i * features + j] = shown + generator.normal();
    }
  }
  return matrix(subjects, features, values);
}

/** Λᵀ x of each subject: all that the features say about the states. [subjects, states] */
export function sufficient({ shape: [subjects, features], data }: Matrix, loadings: Matrix): Matrix<Float64Array> {
  const [, states] = loadings.shape;
  const sums = new Float64Array(subjects * states); // [subjects, states]
  for (let i = 0; i < subjects; i++) {
    for (let j = 0; j < features; j++) {
      const value = data[i * features + j];
      for (let s = 0; s < states; s++) sums[i * states + s] += loadings.data[j * states + s] * value;
    }
  }
  return matrix(subjects, states, sums);
}

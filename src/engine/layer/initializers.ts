/** First values of parameters. A matrix is `[in, out]`, a convolution kernel `[out, in / groups, ...kernel]`. */
import type { Initializer } from '../tensor.ts';

const filled = (shape: readonly number[], value: () => number) =>
  Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, value);

export const zeros: Initializer = (shape) => filled(shape, () => 0);
export const ones: Initializer = (shape) => filled(shape, () => 1);

export const normal =
  (sd: number): Initializer =>
  (shape, random) =>
    filled(shape, () => sd * random.normal());

/** How many inputs and outputs each weight connects. */
function fans(shape: readonly number[]): { readonly fanIn: number; readonly fanOut: number } {
  if (shape.length <= 2) return { fanIn: shape[0] ?? 1, fanOut: shape[1] ?? 1 };
  const places = shape.slice(2).reduce((a, b) => a * b, 1);
  return { fanIn: shape[1] * places, fanOut: shape[0] * places };
}

const uniform =
  (bound: (shape: readonly number[]) => number): Initializer =>
  (shape, random) => {
    const limit = bound(shape);
    return filled(shape, () => limit * (2 * random.uniform() - 1));
  };

/** Uniform, variance 2 / (in + out): for tanh, sigmoid and attention (Glorot and Bengio 2010, equation 16). */
export const glorotUniform: Initializer = uniform((shape) => Math.sqrt(6 / (fans(shape).fanIn + fans(shape).fanOut)));

/** Uniform, variance 2 / in: for ReLU and its like (He et al. 2015, equation 10). */
export const heUniform: Initializer = uniform((shape) => Math.sqrt(6 / fans(shape).fanIn));

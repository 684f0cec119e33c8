/** Products with a design X [subjects, features]: scores, gradients and cross-products. The hot loops of every fit. */
import { gram } from '../array/gram.ts';
import { type Matrix, zeros } from '../array/matrix.ts';

/** scores = X Wᵀ + 1 bᵀ, with b standing after W in `theta`. Four subjects at a time share the weights they load. */
export function multiply(x: Matrix<Float64Array>, theta: Float64Array, outputs: number, scores: Float64Array): void {
  const [n, d] = x.shape;
  const data = x.data;
  let i = 0;
  for (; i + 3 < n; i += 4) {
    for (let k = 0; k < outputs; k++) {
      const intercept = theta[outputs * d + k];
      let a = i * d;
      let b = a + d;
      let c = b + d;
      let e = c + d;
      let first = intercept;
      let second = intercept;
      let third = intercept;
      let fourth = intercept;
      for (let j = k * d, end = j + d; j < end; j++) {
        const w = theta[j];
        first += data[a++] * w;
        second += data[b++] * w;
        third += data[c++] * w;
        fourth += data[e++] * w;
      }
      const at = i * outputs + k;
      scores[at] = first;
      scores[at + outputs] = second;
      scores[at + 2 * outputs] = third;
      scores[at + 3 * outputs] = fourth;
    }
  }
  for (; i < n; i++) {
    for (let k = 0; k < outputs; k++) {
      let sum = theta[outputs * d + k];
      for (let j = 0; j < d; j++) sum += data[i * d + j] * theta[k * d + j];
      scores[i * outputs + k] = sum;
    }
  }
}

/** out = [Rᵀ X; Rᵀ 1]. */
export function multiplyTransposed(x: Matrix<Float64Array>, r: Float64Array, outputs: number, out: Float64Array): void {
  const [n, d] = x.shape;
  const data = x.data;
  out.fill(0);
  let i = 0;
  for (; i + 3 < n; i += 4) {
    for (let k = 0; k < outputs; k++) {
      const at = i * outputs + k;
      const first = r[at];
      const second = r[at + outputs];
      const third = r[at + 2 * outputs];
      const fourth = r[at + 3 * outputs];
      let a = i * d;
      let b = a + d;
      let c = b + d;
      let e = c + d;
      for (let j = k * d, end = j + d; j < end; j++) {
        out[j] += first * data[a++] + second * data[b++] + third * data[c++] + fourth * data[e++];
      }
      out[outputs * d + k] += first + second + third + fourth;
    }
  }
  for (; i < n; i++) {
    for (let k = 0; k < outputs; k++) {
      const value = r[i * outputs + k];
      for (let j = 0; j < d; j++) out[k * d + j] += value * data[i * d + j];
      out[outputs * d + k] += value;
    }
  }
}

/** XᵀX: [features, features]. */
export function crossProducts({ shape, data }: Matrix<Float64Array>): Matrix<Float64Array> {
  const [n, d] = shape;
  const transposed = zeros(d, n);
  for (let i = 0; i < n; i++) for (let j = 0; j < d; j++) transposed.data[j * n + i] = data[i * d + j];
  return gram(transposed);
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

export function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}

import { type Matrix, matrix } from './matrix.ts';

/**
 * The lower factor L [n, n] with L Lᵀ = scale A + shift I, for a symmetric positive semidefinite A and a positive shift.
 * Row by row, so that every inner product runs over two contiguous rows.
 */
export function cholesky(a: Matrix, { scale = 1, shift = 0 } = {}): Matrix<Float64Array> {
  const n = a.shape[0];
  const source = a.data;
  const l = new Float64Array(n * n); // [n, n], lower
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j <= i; j++) {
      const other = j * n;
      let even = 0;
      let odd = 0;
      let k = 0;
      for (; k + 1 < j; k += 2) {
        even += l[row + k] * l[other + k];
        odd += l[row + k + 1] * l[other + k + 1];
      }
      if (k < j) even += l[row + k] * l[other + k];
      const left = scale * source[row + j] - even - odd;
      l[row + j] = i === j ? Math.sqrt(Math.max(left + shift, shift * 1e-6)) : left / l[other + j];
    }
  }
  return matrix(n, n, l);
}

/** Solves L Lᵀ x = b in place. */
export function solveCholesky(l: Matrix<Float64Array>, b: Float64Array): void {
  const n = l.shape[0];
  const data = l.data;
  for (let i = 0; i < n; i++) {
    const row = i * n;
    let first = 0; // four sums, so that one addition need not wait for the last
    let second = 0;
    let third = 0;
    let fourth = 0;
    let k = 0;
    for (; k + 3 < i; k += 4) {
      first += data[row + k] * b[k];
      second += data[row + k + 1] * b[k + 1];
      third += data[row + k + 2] * b[k + 2];
      fourth += data[row + k + 3] * b[k + 3];
    }
    for (; k < i; k++) first += data[row + k] * b[k];
    b[i] = (b[i] - (first + second + third + fourth)) / data[row + i];
  }
  let i = n - 1;
  for (; i > 0; i -= 2) {
    const row = i * n;
    const above = row - n;
    const x = b[i] / data[row + i];
    const y = (b[i - 1] - data[row + i - 1] * x) / data[above + i - 1];
    b[i] = x;
    b[i - 1] = y;
    for (let k = 0; k < i - 1; k++) b[k] -= data[row + k] * x + data[above + k] * y;
  }
  if (i === 0) b[0] /= data[0];
}

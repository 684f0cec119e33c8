import { type Matrix, matrix } from './matrix.ts';

/**
 * The lower factor L [n, n] with L Lᵀ = scale A + shift I, for a symmetric positive semidefinite A and a positive shift.
 * Row by row, so that every inner product runs over contiguous rows, and in tiles of two rows against two, so that each
 * value loaded serves two products. Each product is summed in the same order as alone: terms of even and of odd place.
 */
export function cholesky(a: Matrix, { scale = 1, shift = 0 } = {}): Matrix<Float64Array> {
  const n = a.shape[0];
  const l = new Float64Array(n * n); // [n, n], lower
  let i = 0;
  for (; i + 1 < n; i += 2) {
    for (let j = 0; j < i; j += 2) tile(l, a.data, i, j, n, scale);
    entry(l, a.data, i, i, n, scale, shift);
    entry(l, a.data, i + 1, i, n, scale, shift);
    entry(l, a.data, i + 1, i + 1, n, scale, shift);
  }
  if (i < n) for (let j = 0; j <= i; j++) entry(l, a.data, i, j, n, scale, shift);
  return matrix(n, n, l);
}

/** Rows i and i + 1 at columns j and j + 1, all of them even, below the diagonal. */
function tile(l: Float64Array, source: ArrayLike<number>, i: number, j: number, n: number, scale: number): void {
  const a = i * n;
  const b = a + n;
  const c = j * n;
  const d = c + n;
  let acEven = 0;
  let acOdd = 0;
  let adEven = 0;
  let adOdd = 0;
  let bcEven = 0;
  let bcOdd = 0;
  let bdEven = 0;
  let bdOdd = 0;
  for (let k = 0; k < j; k += 2) {
    const la = l[a + k];
    const lb = l[b + k];
    const lc = l[c + k];
    const ld = l[d + k];
    acEven += la * lc;
    adEven += la * ld;
    bcEven += lb * lc;
    bdEven += lb * ld;
    const laNext = l[a + k + 1];
    const lbNext = l[b + k + 1];
    const lcNext = l[c + k + 1];
    const ldNext = l[d + k + 1];
    acOdd += laNext * lcNext;
    adOdd += laNext * ldNext;
    bcOdd += lbNext * lcNext;
    bdOdd += lbNext * ldNext;
  }
  const first = (scale * source[a + j] - acEven - acOdd) / l[c + j];
  const second = (scale * source[b + j] - bcEven - bcOdd) / l[c + j];
  l[a + j] = first;
  l[b + j] = second;
  l[a + j + 1] = (scale * source[a + j + 1] - (adEven + first * l[d + j]) - adOdd) / l[d + j + 1];
  l[b + j + 1] = (scale * source[b + j + 1] - (bdEven + second * l[d + j]) - bdOdd) / l[d + j + 1];
}

function entry(
  l: Float64Array,
  source: ArrayLike<number>,
  i: number,
  j: number,
  n: number,
  scale: number,
  shift: number,
): void {
  const row = i * n;
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

import { type Matrix, matrix } from './matrix.ts';

/**
 * All eigenvalues, largest first, and eigenvectors of a small symmetric matrix by cyclic Jacobi rotations (Golub and Van
 * Loan 2013, section 8.5). Cubic in its size with a large constant: meant for some tens of rows.
 */
export function symmetricEigen(a: Matrix): {
  readonly values: Float64Array; // [n]
  readonly vectors: Matrix<Float64Array>; // [n, n], a vector a column
} {
  const n = a.shape[0];
  const s = Float64Array.from(a.data); // [n, n], becomes diagonal
  const v = new Float64Array(n * n); // [n, n]
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0;
    let diagonal = 0;
    for (let i = 0; i < n; i++) {
      diagonal += s[i * n + i] ** 2;
      for (let j = 0; j < i; j++) off += s[i * n + j] ** 2;
    }
    if (off <= 1e-30 * diagonal) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(s, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => s[j * n + j] - s[i * n + i]);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => {
    for (let i = 0; i < n; i++) vectors[i * n + to] = v[i * n + from];
  });
  return { values: Float64Array.from(order, (i) => s[i * n + i]), vectors: matrix(n, n, vectors) };
}

/** Makes element (p, q) zero. */
function rotate(s: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const off = s[p * n + q];
  if (off === 0) return;
  const tau = (s[q * n + q] - s[p * n + p]) / (2 * off);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const cosine = 1 / Math.sqrt(1 + t * t);
  const sine = t * cosine;
  for (let k = 0; k < n; k++) mix(s, k * n + p, k * n + q, cosine, sine);
  for (let k = 0; k < n; k++) mix(s, p * n + k, q * n + k, cosine, sine);
  for (let k = 0; k < n; k++) mix(v, k * n + p, k * n + q, cosine, sine);
}

function mix(x: Float64Array, p: number, q: number, cosine: number, sine: number): void {
  const first = x[p];
  x[p] = cosine * first - sine * x[q];
  x[q] = sine * first + cosine * x[q];
}

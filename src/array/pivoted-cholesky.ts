import { type Matrix, matrix } from './matrix.ts';

/**
 * A factor Φ [rows, rank] with Φ Φᵀ = K for a symmetric positive semidefinite K, by Cholesky with complete pivoting,
 * stopped when the largest remaining diagonal falls below `tolerance` of the largest first one (Higham 2002, section 10.3).
 * Row i of Φ stands for subject i: subsets of rows reproduce the matching part of K.
 */
export function pivotedCholesky(k: Matrix, tolerance = 1e-12): Matrix<Float64Array> {
  const n = k.shape[0];
  const source = k.data;
  const columns: Float64Array[] = []; // rank x [rows]
  const diagonal = new Float64Array(n); // what is left of the diagonal
  const taken = new Uint8Array(n); // pivots so far
  for (let i = 0; i < n; i++) diagonal[i] = source[i * n + i];
  const threshold = tolerance * diagonal.reduce((a, b) => Math.max(a, b), 0);
  const sum = new Float64Array(n);
  while (columns.length < n) {
    let pivot = 0;
    for (let i = 1; i < n; i++) if (diagonal[i] > diagonal[pivot]) pivot = i;
    if (!(diagonal[pivot] > threshold)) break;
    const root = Math.sqrt(diagonal[pivot]);
    for (let i = 0; i < n; i++) sum[i] = source[pivot * n + i];
    subtractKnown(sum, columns, pivot);
    const column = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      if (taken[i]) continue;
      column[i] = sum[i] / root;
      diagonal[i] = Math.max(0, diagonal[i] - column[i] * column[i]);
    }
    column[pivot] = root;
    diagonal[pivot] = 0;
    taken[pivot] = 1;
    columns.push(column);
  }
  const rank = columns.length;
  const out = new Float64Array(n * rank); // [rows, rank]
  columns.forEach((column, j) => {
    for (let i = 0; i < n; i++) out[i * rank + j] = column[i];
  });
  return matrix(n, rank, out);
}

/** Takes from `sum` what the columns say of row `pivot` of K, four at a time, so that `sum` is read and written less. */
function subtractKnown(sum: Float64Array, columns: readonly Float64Array[], pivot: number): void {
  let c = 0;
  for (; c + 3 < columns.length; c += 4) {
    const first = columns[c];
    const second = columns[c + 1];
    const third = columns[c + 2];
    const fourth = columns[c + 3];
    const a = first[pivot];
    const b = second[pivot];
    const d = third[pivot];
    const e = fourth[pivot];
    for (let i = 0; i < sum.length; i++) sum[i] -= a * first[i] + b * second[i] + d * third[i] + e * fourth[i];
  }
  for (; c < columns.length; c++) {
    const column = columns[c];
    const factor = column[pivot];
    for (let i = 0; i < sum.length; i++) sum[i] -= factor * column[i];
  }
}

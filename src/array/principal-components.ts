import { gram } from './gram.ts';
import { type Matrix, matrix, takeRows, zeros } from './matrix.ts';
import { random } from './random.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

export interface PrincipalComponents {
  /** Of all rows, those not fitted on too. */
  readonly scores: Matrix<Float64Array>; // [rows, components]
  /** Variance of each component on the rows fitted on, largest first (divisor: rows − 1). */
  readonly variances: Float64Array; // [components]
  /** Share of the variance of those rows that the components hold together. */
  readonly share: number;
}

export interface PrincipalComponentsOptions {
  /** Rows to fit on; all by default. The mean is theirs too. */
  readonly rows?: ArrayLike<number>;
  /** At most this many components ... */
  readonly most?: number;
  /** ... and no more than hold this share of the variance. */
  readonly enough?: number;
}

/**
 * The leading principal components, by subspace iteration with Rayleigh-Ritz steps (Halko, Martinsson and Tropp 2011) on
 * the smaller of the two cross products. The sign of a component is such that its largest loading is positive. Columns
 * are centred, not scaled. No components where nothing varies.
 */
export function principalComponents(x: Matrix, options: PrincipalComponentsOptions = {}): PrincipalComponents {
  const { rows = Int32Array.from({ length: x.shape[0] }, (_, i) => i), most = 5, enough = 0.9 } = options;
  const { z, means } = centred(x, rows);
  const [n, p] = z.shape;
  const wide = p >= n;
  const cross = gram(wide ? z : transposed(z)); // [n, n] or [p, p]
  let total = 0;
  for (let i = 0; i < cross.shape[0]; i++) total += cross.data[i * cross.shape[0] + i];
  const none = { scores: zeros(x.shape[0], 0), variances: new Float64Array(0), share: 0 };
  if (!(total > 0) || n < 2) return none;

  const { values, vectors } = leading(cross, Math.min(most, n - 1, p));
  let k = 0;
  let held = 0;
  while (k < values.length && held < enough * total && values[k] > 1e-12 * total) held += values[k++];
  const loadings = loadingsOf(z, vectors, k, wide); // [p, k]
  const scores = new Float64Array(x.shape[0] * k); // [rows, k]
  for (let i = 0; i < x.shape[0]; i++) {
    for (let j = 0; j < p; j++) {
      const value = x.data[i * p + j] - means[j];
      for (let c = 0; c < k; c++) scores[i * k + c] += value * loadings[j * k + c];
    }
  }
  return {
    scores: matrix(x.shape[0], k, scores),
    variances: values.slice(0, k).map((value) => value / (n - 1)),
    share: held / total,
  };
}

function centred(x: Matrix, rows: ArrayLike<number>): { z: Matrix<Float64Array>; means: Float64Array } {
  const taken = takeRows(x, rows);
  const [n, p] = taken.shape;
  const data = Float64Array.from(taken.data);
  const means = new Float64Array(p);
  for (let i = 0; i < n; i++) for (let j = 0; j < p; j++) means[j] += data[i * p + j] / n;
  for (let i = 0; i < n; i++) for (let j = 0; j < p; j++) data[i * p + j] -= means[j];
  return { z: matrix(n, p, data), means };
}

function transposed({ shape: [rows, columns], data }: Matrix): Matrix<Float64Array> {
  const out = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = data[i * columns + j];
  return matrix(columns, rows, out);
}

const spare = 15; // directions beyond those wanted: the iteration converges by the ratio to the first one left out
const rounds = 40; // of components that noise makes alike; any of them serves then
const settled = 1e-12; // of eigenvalues, relative to the largest; vectors to about its root

/** The largest `wanted` eigenvalues of a positive semidefinite matrix, and their vectors [size, wanted or more]. */
function leading(a: Matrix<Float64Array>, wanted: number): { values: Float64Array; vectors: Matrix<Float64Array> } {
  const size = a.shape[0];
  const width = Math.min(size, wanted + spare);
  const generator = random(1); // only where the iteration starts
  let q = orthonormal(
    matrix(
      size,
      width,
      Float64Array.from({ length: size * width }, () => generator.normal()),
    ),
  );
  let values = new Float64Array(wanted);
  for (let round = 1; ; round++) {
    const image = times(a, q); // [size, width]
    const small = symmetricEigen(times(transposed(q), image)); // of Qᵀ A Q
    const before = values;
    values = small.values.slice(0, wanted);
    const change = values.reduce((most, value, i) => Math.max(most, Math.abs(value - before[i])), 0);
    if (change <= settled * values[0] || round === rounds || width === size) {
      return { values, vectors: times(q, small.vectors) };
    }
    q = orthonormal(image);
  }
}

function times(a: Matrix, b: Matrix): Matrix<Float64Array> {
  const [n, inner] = a.shape;
  const width = b.shape[1];
  const out = zeros(n, width);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < inner; k++) {
      const factor = a.data[i * inner + k];
      for (let j = 0; j < width; j++) out.data[i * width + j] += factor * b.data[k * width + j];
    }
  }
  return out;
}

/** Gram and Schmidt, twice, by columns; a column that depends on earlier ones becomes zero. */
function orthonormal({ shape: [n, width], data }: Matrix<Float64Array>): Matrix<Float64Array> {
  const out = data.slice();
  for (let j = 0; j < width; j++) {
    const first = columnNorm(out, n, width, j);
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < j; k++) {
        let dot = 0;
        for (let i = 0; i < n; i++) dot += out[i * width + k] * out[i * width + j];
        for (let i = 0; i < n; i++) out[i * width + j] -= dot * out[i * width + k];
      }
    }
    const norm = columnNorm(out, n, width, j);
    const factor = norm > 1e-12 * first ? 1 / norm : 0;
    for (let i = 0; i < n; i++) out[i * width + j] *= factor;
  }
  return matrix(n, width, out);
}

function columnNorm(data: Float64Array, n: number, width: number, j: number): number {
  let squares = 0;
  for (let i = 0; i < n; i++) squares += data[i * width + j] ** 2;
  return Math.sqrt(squares);
}

/** Unit loadings [p, k]: the vectors themselves, or Zᵀ times vectors of the subjects. */
function loadingsOf(z: Matrix<Float64Array>, vectors: Matrix<Float64Array>, k: number, wide: boolean): Float64Array {
  const [n, p] = z.shape;
  const width = vectors.shape[1];
  const out = new Float64Array(p * k); // [p, k]
  for (let i = 0; i < (wide ? n : p); i++) {
    for (let c = 0; c < k; c++) {
      const factor = vectors.data[i * width + c];
      if (wide) for (let j = 0; j < p; j++) out[j * k + c] += factor * z.data[i * p + j];
      else out[i * k + c] = factor;
    }
  }
  for (let c = 0; c < k; c++) {
    let top = 0;
    for (let j = 1; j < p; j++) if (Math.abs(out[j * k + c]) > Math.abs(out[top * k + c])) top = j;
    const factor = (out[top * k + c] < 0 ? -1 : 1) / columnNorm(out, p, k, c);
    for (let j = 0; j < p; j++) out[j * k + c] *= factor;
  }
  return out;
}

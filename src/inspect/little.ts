/**
 * Little's test that values are missing completely at random (Little 1988, JASA 83, 1198-1202): were they, subjects with
 * different gaps would share their means. Mean and covariance are those of maximum likelihood under normality, by EM
 * (Dempster, Laird and Rubin 1977; Little and Rubin 2019, section 11.2).
 */
import { cholesky, solveCholesky } from '../array/cholesky.ts';
import { chiSquareUpper } from '../array/distributions.ts';
import { type Matrix, matrix } from '../array/matrix.ts';

const tolerance = 1e-9; // of standardized means and covariances
const mostSteps = 2000;
const ridge = 1e-9; // for columns that are sums of others

export interface LittleFigures {
  readonly subjects: number;
  readonly patterns: number;
  /** Σ over patterns of n (mean − μ)ᵀ Σ⁻¹ (mean − μ) on the columns measured there (his equation 4, Σ estimated). */
  readonly statistic: number;
  readonly df: number;
  /** Chi-square; a good approximation only where patterns have several subjects each. */
  readonly p: number;
}

/** Subjects with the same gaps. */
interface Pattern {
  readonly there: Int32Array; // columns
  readonly lacking: Int32Array; // columns
  readonly rows: number[];
}

/**
 * Subjects without any value are left out. Null where there is one pattern only, no more subjects than columns, a column
 * that does not vary, or where EM does not settle.
 *
 * @param values Measurements [subjects, columns].
 * @param observed 1 where measured [subjects, columns].
 */
export function littleTest(values: Matrix, observed: Uint8Array): LittleFigures | null {
  const width = values.shape[1];
  const patterns = patternsOf(observed, width);
  const subjects = patterns.reduce((sum, { rows }) => sum + rows.length, 0);
  if (patterns.length < 2 || subjects <= width) return null;
  const z = standardized(values, observed);
  const fitted = z && maximumLikelihood(z, width, patterns, subjects);
  if (!z || !fitted) return null;
  const { mean, covariance } = fitted;
  let statistic = 0;
  let df = -width;
  for (const { there, rows } of patterns) {
    const factor = cholesky(part(covariance, width, there, there), { shift: ridge });
    const off = Float64Array.from(
      there,
      (j) => rows.reduce((sum, i) => sum + z[i * width + j], 0) / rows.length - mean[j],
    );
    const solved = off.slice();
    solveCholesky(factor, solved);
    for (let k = 0; k < off.length; k++) statistic += rows.length * off[k] * solved[k];
    df += there.length;
  }
  return df > 0 ? { subjects, patterns: patterns.length, statistic, df, p: chiSquareUpper(statistic, df) } : null;
}

function patternsOf(observed: Uint8Array, width: number): Pattern[] {
  const found = new Map<string, Pattern>();
  const columns = Int32Array.from({ length: width }, (_, j) => j);
  for (let i = 0; i * width < observed.length; i++) {
    const mask = observed.subarray(i * width, (i + 1) * width);
    if (!mask.includes(1)) continue;
    const key = mask.join('');
    const pattern = found.get(key) ?? {
      there: columns.filter((j) => mask[j] === 1),
      lacking: columns.filter((j) => mask[j] === 0),
      rows: [],
    };
    pattern.rows.push(i);
    found.set(key, pattern);
  }
  return [...found.values()];
}

/** Values as z-scores of what was measured, which changes no figure of the test and steadies EM. */
function standardized({ shape: [rows, width], data }: Matrix, observed: Uint8Array): Float64Array | undefined {
  const z = new Float64Array(rows * width);
  for (let j = 0; j < width; j++) {
    let n = 0;
    let mean = 0;
    let squares = 0;
    for (let at = j; at < data.length; at += width) {
      if (!observed[at]) continue;
      n++;
      const off = data[at] - mean;
      mean += off / n;
      squares += off * (data[at] - mean);
    }
    if (!(squares > 0)) return undefined;
    for (let at = j; at < data.length; at += width)
      if (observed[at]) z[at] = (data[at] - mean) / Math.sqrt(squares / n);
  }
  return z;
}

interface Normal {
  readonly mean: Float64Array; // [columns]
  readonly covariance: Float64Array; // [columns, columns]
}

function maximumLikelihood(
  z: Float64Array,
  width: number,
  patterns: readonly Pattern[],
  subjects: number,
): Normal | undefined {
  let now: Normal = { mean: new Float64Array(width), covariance: new Float64Array(width * width) };
  for (let j = 0; j < width; j++) now.covariance[j * width + j] = 1;
  for (let step = 0; step < mostSteps; step++) {
    const next = expectAndMaximize(z, width, patterns, subjects, now);
    let moved = 0;
    for (let j = 0; j < width; j++) moved = Math.max(moved, Math.abs(next.mean[j] - now.mean[j]));
    for (let at = 0; at < width * width; at++) {
      moved = Math.max(moved, Math.abs(next.covariance[at] - now.covariance[at]));
    }
    now = next;
    if (moved < tolerance) return now;
  }
  return undefined;
}

/** One step of EM: gaps filled with what the rest of the row predicts, the spread about that prediction kept. */
function expectAndMaximize(
  z: Float64Array,
  width: number,
  patterns: readonly Pattern[],
  subjects: number,
  { mean, covariance }: Normal,
): Normal {
  const sums = new Float64Array(width);
  const products = new Float64Array(width * width); // [columns, columns], lower half until the end
  const row = new Float64Array(width); // deviations from the last mean
  for (const { there, lacking, rows } of patterns) {
    const factor = cholesky(part(covariance, width, there, there), { shift: ridge });
    const slopes = Array.from(lacking, (j) => {
      const slope = Float64Array.from(there, (k) => covariance[j * width + k]);
      solveCholesky(factor, slope);
      return slope;
    });
    for (const i of rows) {
      for (const j of there) row[j] = z[i * width + j] - mean[j];
      lacking.forEach((j, m) => {
        let predicted = 0;
        for (let k = 0; k < there.length; k++) predicted += slopes[m][k] * row[there[k]];
        row[j] = predicted;
      });
      for (let j = 0; j < width; j++) {
        sums[j] += row[j];
        for (let k = 0; k <= j; k++) products[j * width + k] += row[j] * row[k];
      }
    }
    lacking.forEach((j, m) => {
      for (const k of lacking) {
        if (k > j) continue;
        let left = covariance[j * width + k];
        for (let o = 0; o < there.length; o++) left -= slopes[m][o] * covariance[k * width + there[o]];
        products[j * width + k] += rows.length * left;
      }
    });
  }
  const shift = sums.map((sum) => sum / subjects);
  const next = new Float64Array(width * width);
  for (let j = 0; j < width; j++) {
    for (let k = 0; k <= j; k++) {
      next[j * width + k] = products[j * width + k] / subjects - shift[j] * shift[k];
      next[k * width + j] = next[j * width + k];
    }
  }
  return { mean: mean.map((value, j) => value + shift[j]), covariance: next };
}

function part(from: Float64Array, width: number, rows: Int32Array, columns: Int32Array): Matrix<Float64Array> {
  const taken = new Float64Array(rows.length * columns.length);
  for (let a = 0; a < rows.length; a++) {
    for (let b = 0; b < columns.length; b++) taken[a * columns.length + b] = from[rows[a] * width + columns[b]];
  }
  return matrix(rows.length, columns.length, taken);
}

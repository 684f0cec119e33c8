/**
 * Is the dependence between two modalities another in each class? Only then does looking at both together tell more of the
 * class than their sum: a dependence that is the same in all classes, as a shared batch or age makes it, does not.
 *
 * Compared are the cross-correlations R of components [left, right] in each class, by Σ n (R − mean R)², against random
 * reassignments of subjects, each standardized within its own class, to classes of the same sizes. Sees dependence that
 * is linear within a class, as that of an exclusive or is. Approximate where components have other shapes in each class.
 */
import type { Matrix } from '../array/matrix.ts';
import { permutation, type Random } from '../array/random.ts';

/** @returns a p-value; undefined for fewer than two classes */
export function dependenceDiffers(
  left: Matrix,
  right: Matrix,
  classes: readonly Int32Array[], // rows of each
  { permutations, generator }: { readonly permutations: number; readonly generator: Random },
): number | undefined {
  if (classes.length < 2) return undefined;
  const a = standardizedWithin(left, classes);
  const b = standardizedWithin(right, classes);
  const n = classes.reduce((sum, { length }) => sum + length, 0);
  const products = crossProducts(a, b, left.shape[1], right.shape[1], n); // [subjects, left x right]
  const observed = spread(
    products,
    n,
    classes,
    Int32Array.from({ length: n }, (_, i) => i),
  );
  let asDifferent = 1;
  for (let drawn = 0; drawn < permutations; drawn++) {
    if (spread(products, n, classes, permutation(n, generator)) >= observed * (1 - 1e-12)) asDifferent++;
  }
  return asDifferent / (1 + permutations);
}

/** Rows class by class, each column with mean 0 and variance 1 in every class (0 where it does not vary). */
function standardizedWithin({ shape: [, width], data }: Matrix, classes: readonly Int32Array[]): Float64Array {
  const out: number[] = [];
  for (const rows of classes) {
    const scaled = Array.from({ length: width }, (_, k) => {
      const column = Float64Array.from(rows, (row) => data[row * width + k]);
      const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
      const sd = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length);
      return column.map((value) => (sd > 1e-12 * Math.abs(mean) ? (value - mean) / sd : 0));
    });
    for (let i = 0; i < rows.length; i++) for (const column of scaled) out.push(column[i]);
  }
  return Float64Array.from(out);
}

function crossProducts(a: Float64Array, b: Float64Array, left: number, right: number, n: number): Float64Array {
  const out = new Float64Array(n * left * right);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < left; j++) {
      for (let k = 0; k < right; k++) out[(i * left + j) * right + k] = a[i * left + j] * b[i * right + k];
    }
  }
  return out;
}

/** Σ n (R − mean R)² over classes, the first class taking the first subjects of the order. */
function spread(products: Float64Array, n: number, classes: readonly Int32Array[], order: Int32Array): number {
  const width = products.length / n;
  const mean = new Float64Array(width);
  let between = 0;
  let at = 0;
  for (const { length } of classes) {
    const sum = new Float64Array(width);
    for (const end = at + length; at < end; at++) {
      for (let k = 0; k < width; k++) sum[k] += products[order[at] * width + k];
    }
    for (let k = 0; k < width; k++) {
      between += sum[k] ** 2 / length;
      mean[k] += sum[k] / n;
    }
  }
  return between - n * mean.reduce((total, value) => total + value * value, 0);
}

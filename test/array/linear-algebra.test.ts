import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cholesky, solveCholesky } from '../../src/array/cholesky.ts';
import { gram } from '../../src/array/gram.ts';
import { type Matrix, matrix, takeColumns, takeRows } from '../../src/array/matrix.ts';
import { pivotedCholesky } from '../../src/array/pivoted-cholesky.ts';

/** Matrices of every small shape, so that tiles, their edges and their corners are all met. */
const matrices = fc
  .tuple(fc.integer({ min: 1, max: 13 }), fc.integer({ min: 1, max: 9 }))
  .chain(([rows, columns]) =>
    fc
      .array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: rows * columns, maxLength: rows * columns })
      .map((values) => matrix(rows, columns, Float64Array.from(values))),
  );

function timesTransposed(a: Matrix): Matrix<Float64Array> {
  const [n, d] = a.shape;
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) for (let k = 0; k < d; k++) out[i * n + j] += a.data[i * d + k] * a.data[j * d + k];
  }
  return matrix(n, n, out);
}

function expectSame(got: Matrix, expected: Matrix, within: number): void {
  expect(got.shape).toEqual(expected.shape);
  got.data.forEach((value, at) => expect(Math.abs(value - expected.data[at])).toBeLessThanOrEqual(within));
}

describe('the Gram matrix', () => {
  it('holds the inner products of all pairs of rows', () => {
    fc.assert(fc.property(matrices, (z) => expectSame(gram(z), timesTransposed(z), 1e-10)));
  });

  it('adds up over panels of columns, the last of them narrower', () => {
    const z = matrix(
      7,
      1100,
      Float64Array.from({ length: 7700 }, (_, i) => Math.sin(i)),
    );
    expectSame(gram(z), timesTransposed(z), 1e-9);
  });

  it('is summed in Float64 from Float32 values', () => {
    const z = matrix(2, 3, Float32Array.of(1, 2 ** 24, 1, 0, 1, 1));
    expect(gram(z).data[0]).toBe(2 ** 48 + 2);
  });
});

describe('the pivoted Cholesky factor', () => {
  it('reproduces a positive semidefinite matrix, with no more columns than its rank', () => {
    fc.assert(
      fc.property(matrices, (z) => {
        const k = timesTransposed(z);
        const factor = pivotedCholesky(k);
        expect(factor.shape[1]).toBeLessThanOrEqual(Math.min(...z.shape));
        // What is cut off has a diagonal below 1e-12 of the largest, so entries below the root of that.
        const largest = k.data.reduce((a, b) => Math.max(a, b), 0);
        expectSame(timesTransposed(factor), k, 2e-6 * largest + 1e-300);
      }),
    );
  });

  it('stands for each subject by a row, so that subsets of rows reproduce their part', () => {
    const z = matrix(
      4,
      6,
      Float64Array.from({ length: 24 }, (_, i) => Math.sin(i + 1)),
    );
    const factor = pivotedCholesky(gram(z));
    expectSame(timesTransposed(takeRows(factor, [3, 1])), timesTransposed(takeRows(z, [3, 1])), 1e-10);
  });

  it('of nothing but zeros has rank 0', () => {
    expect(pivotedCholesky(matrix(3, 3, new Float64Array(9))).shape).toEqual([3, 0]);
  });
});

describe('the Cholesky factor', () => {
  it('solves (scale A + shift I) x = b', () => {
    fc.assert(
      fc.property(matrices, fc.double({ min: 0.5, max: 5, noNaN: true }), (z, shift) => {
        const a = timesTransposed(z);
        const n = a.shape[0];
        const b = Float64Array.from({ length: n }, (_, i) => i - 1.5);
        const x = b.slice();
        solveCholesky(cholesky(a, { scale: 0.3, shift }), x);
        for (let i = 0; i < n; i++) {
          let sum = shift * x[i];
          for (let j = 0; j < n; j++) sum += 0.3 * a.data[i * n + j] * x[j];
          expect(Math.abs(sum - b[i])).toBeLessThan(1e-8);
        }
      }),
    );
  });
});

describe('rows and columns taken', () => {
  const m = matrix(2, 3, Float32Array.of(1, 2, 3, 4, 5, 6));

  it('come in the order asked for, repeats included, in the same element type', () => {
    expect(takeRows(m, [1, 0, 1])).toEqual(matrix(3, 3, Float32Array.of(4, 5, 6, 1, 2, 3, 4, 5, 6)));
    expect(takeColumns(m, [2, 0])).toEqual(matrix(2, 2, Float32Array.of(3, 1, 6, 4)));
  });

  it('a matrix whose values do not fit its shape is refused', () => {
    expect(() => matrix(2, 2, new Float64Array(3))).toThrow('internal: matrix of [2, 2] over 3 values');
  });
});

import { internal } from '../errors.ts';

export type Floats = Float32Array | Float64Array;

/** A row-major array of two axes; the axes are named where one is born. */
export interface Matrix<D extends Floats = Floats> {
  readonly shape: readonly [rows: number, columns: number];
  readonly data: D;
}

/** Checks the length once, here, so that nothing downstream has to. */
export function matrix<D extends Floats>(rows: number, columns: number, data: D): Matrix<D> {
  if (data.length !== rows * columns) {
    throw internal(`matrix of [${rows}, ${columns}] over ${data.length} values`);
  }
  return { shape: [rows, columns], data };
}

export function zeros(rows: number, columns: number): Matrix<Float64Array> {
  return { shape: [rows, columns], data: new Float64Array(rows * columns) };
}

/** The given rows, in the given order, as a new array of the same element type. */
export function takeRows<D extends Floats>(source: Matrix<D>, rows: ArrayLike<number>): Matrix<D> {
  const columns = source.shape[1];
  const data = emptyLike(source.data, rows.length * columns);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i] * columns;
    data.set(source.data.subarray(from, from + columns), i * columns);
  }
  return { shape: [rows.length, columns], data };
}

/** The given columns, in the given order. */
export function takeColumns<D extends Floats>(source: Matrix<D>, columns: ArrayLike<number>): Matrix<D> {
  const [rows, width] = source.shape;
  const data = emptyLike(source.data, rows * columns.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns.length; j++) data[i * columns.length + j] = source.data[i * width + columns[j]];
  }
  return { shape: [rows, columns.length], data };
}

export function emptyLike<D extends Floats>(like: D, length: number): D {
  return (like instanceof Float32Array ? new Float32Array(length) : new Float64Array(length)) as D;
}

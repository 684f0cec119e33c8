import { type Matrix, zeros } from './matrix.ts';

/**
 * Z Zᵀ of a matrix with more columns than rows: everything a linear model with a ridge penalty needs to know of it.
 * Rows are taken four against two, so that each value loaded serves several products; sums are kept in Float64.
 */
export function gram(z: Matrix): Matrix<Float64Array> {
  const [rows, columns] = z.shape;
  const out = zeros(rows, rows); // [rows, rows]
  for (let i = 0; i < rows; i += 4) {
    for (let j = 0; j <= Math.min(i + 3, rows - 1); j += 2) {
      if (i + 4 <= rows && j + 2 <= rows) tile(z.data, out.data, i, j, rows, columns);
      else corner(z.data, out.data, i, Math.min(i + 4, rows), j, Math.min(j + 2, rows), rows, columns);
    }
  }
  for (let i = 0; i < rows; i++) for (let j = i + 1; j < rows; j++) out.data[i * rows + j] = out.data[j * rows + i];
  return out;
}

function tile(z: ArrayLike<number>, out: Float64Array, i: number, j: number, rows: number, columns: number): void {
  let a = i * columns;
  let b = a + columns;
  let c = b + columns;
  let d = c + columns;
  let x = j * columns;
  let y = x + columns;
  const end = a + columns;
  let ax = 0;
  let ay = 0;
  let bx = 0;
  let by = 0;
  let cx = 0;
  let cy = 0;
  let dx = 0;
  let dy = 0;
  while (a < end) {
    const zx = z[x++];
    const zy = z[y++];
    const za = z[a++];
    ax += za * zx;
    ay += za * zy;
    const zb = z[b++];
    bx += zb * zx;
    by += zb * zy;
    const zc = z[c++];
    cx += zc * zx;
    cy += zc * zy;
    const zd = z[d++];
    dx += zd * zx;
    dy += zd * zy;
  }
  const at = i * rows + j;
  out[at] = ax;
  out[at + 1] = ay;
  out[at + rows] = bx;
  out[at + rows + 1] = by;
  out[at + 2 * rows] = cx;
  out[at + 2 * rows + 1] = cy;
  out[at + 3 * rows] = dx;
  out[at + 3 * rows + 1] = dy;
}

function corner(
  z: ArrayLike<number>,
  out: Float64Array,
  fromI: number,
  toI: number,
  fromJ: number,
  toJ: number,
  rows: number,
  columns: number,
): void {
  for (let i = fromI; i < toI; i++) {
    for (let j = fromJ; j < toJ; j++) {
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += z[i * columns + k] * z[j * columns + k];
      out[i * rows + j] = sum;
    }
  }
}

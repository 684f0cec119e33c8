import { type Matrix, zeros } from './matrix.ts';

const panelColumns = 512; // of a few hundred rows, as many as the processor keeps near

/**
 * Z Zᵀ of a matrix with more columns than rows: everything a linear model with a ridge penalty needs to know of it. Sums
 * are kept in Float64. A panel of columns at a time is copied to Float64, whatever the matrix holds, since the inner loop
 * is half as fast where it has met two kinds of arrays; rows are taken four against two, so that each value loaded serves
 * several products.
 */
export function gram(z: Matrix): Matrix<Float64Array> {
  const [rows, columns] = z.shape;
  const out = zeros(rows, rows); // [rows, rows]
  const width = Math.min(columns, panelColumns);
  const panel = new Float64Array(rows * width); // [rows, columns of the panel]
  for (let first = 0; first < columns; first += width) {
    const used = Math.min(width, columns - first);
    for (let i = 0; i < rows; i++) {
      panel.set(z.data.subarray(i * columns + first, i * columns + first + used), i * width);
    }
    addProducts(panel, out.data, rows, width, used);
  }
  for (let i = 0; i < rows; i++) for (let j = i + 1; j < rows; j++) out.data[i * rows + j] = out.data[j * rows + i];
  return out;
}

/** Adds the inner products of the rows' first `used` values to the lower triangle. */
function addProducts(z: Float64Array, out: Float64Array, rows: number, width: number, used: number): void {
  for (let i = 0; i < rows; i += 4) {
    for (let j = 0; j <= Math.min(i + 3, rows - 1); j += 2) {
      if (i + 4 <= rows && j + 2 <= rows) tile(z, out, i, j, rows, width, used);
      else corner(z, out, i, Math.min(i + 4, rows), j, Math.min(j + 2, rows), rows, width, used);
    }
  }
}

function tile(
  z: Float64Array,
  out: Float64Array,
  i: number,
  j: number,
  rows: number,
  width: number,
  used: number,
): void {
  let a = i * width;
  let b = a + width;
  let c = b + width;
  let d = c + width;
  let x = j * width;
  let y = x + width;
  const end = a + used;
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
  out[at] += ax;
  out[at + 1] += ay;
  out[at + rows] += bx;
  out[at + rows + 1] += by;
  out[at + 2 * rows] += cx;
  out[at + 2 * rows + 1] += cy;
  out[at + 3 * rows] += dx;
  out[at + 3 * rows + 1] += dy;
}

function corner(
  z: Float64Array,
  out: Float64Array,
  fromI: number,
  toI: number,
  fromJ: number,
  toJ: number,
  rows: number,
  width: number,
  used: number,
): void {
  for (let i = fromI; i < toI; i++) {
    for (let j = fromJ; j < toJ; j++) {
      let sum = 0;
      for (let k = 0; k < used; k++) sum += z[i * width + k] * z[j * width + k];
      out[i * rows + j] += sum;
    }
  }
}

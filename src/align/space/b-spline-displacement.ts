/** What cubic B-splines on a grid of control points say of one point. */
import { type Grid, invertAffine } from '../../array/grid.ts';

/** Free-form deformation by cubic B-splines (Rueckert et al. 1999): a point moves by what the control points around it say. */
export interface BSplineTransform {
  readonly kind: 'bSpline';
  readonly dimensions: 2 | 3;
  /** Of the control points. Nearer to its border than one spacing, and beyond, nothing moves, as in ITK. */
  readonly grid: Grid;
  /** Displacements in mm along x, y and z: `[3, depth, height, width]`. */
  readonly coefficients: Float64Array;
}

/** The four weights of the cubic B-spline around a point that is `t` (0 to 1) past its second control point. */
export function cubicWeights(t: number, out: Float64Array): void {
  const u = 1 - t;
  out[0] = (u * u * u) / 6;
  out[1] = 2 / 3 - t * t * (1 - t / 2);
  out[2] = 2 / 3 - u * u * (1 - u / 2);
  out[3] = (t * t * t) / 6;
}

const weights = [new Float64Array(4), new Float64Array(4), new Float64Array(4)];
const flat = Float64Array.of(1);
const toIndex = new WeakMap<BSplineTransform, Float64Array>();

/** Writes the displacement (mm) at a point of fixed space; zero where its support leaves the grid. */
export function bSplineDisplacement(
  transform: BSplineTransform,
  x: number,
  y: number,
  z: number,
  out: Float64Array,
): void {
  const { grid, coefficients, dimensions } = transform;
  let m = toIndex.get(transform);
  if (!m) {
    m = invertAffine(grid.affine);
    toIndex.set(transform, m);
  }
  const [depth, height, width] = grid.shape;
  const solid = dimensions === 3;
  out.fill(0);
  const i = m[0] * x + m[1] * y + m[2] * z + m[3];
  const j = m[4] * x + m[5] * y + m[6] * z + m[7];
  const k = solid ? m[8] * x + m[9] * y + m[10] * z + m[11] : 0;
  if (!(isWithin(i, width) && isWithin(j, height) && (!solid || isWithin(k, depth)))) return;
  // Four control points along each axis; the last place inside is the end of the last four.
  const i0 = Math.min(Math.floor(i) - 1, width - 4);
  const j0 = Math.min(Math.floor(j) - 1, height - 4);
  const k0 = solid ? Math.min(Math.floor(k) - 1, depth - 4) : 0;
  const tall = solid ? 4 : 1;
  const [wi, wj] = weights;
  const wk = solid ? weights[2] : flat;
  cubicWeights(i - i0 - 1, wi);
  cubicWeights(j - j0 - 1, wj);
  if (solid) cubicWeights(k - k0 - 1, wk);
  const size = depth * height * width;
  for (let c = 0; c < tall; c++) {
    for (let b = 0; b < 4; b++) {
      const row = ((k0 + c) * height + j0 + b) * width + i0;
      for (let a = 0; a < 4; a++) {
        const weight = wk[c] * wj[b] * wi[a];
        out[0] += weight * coefficients[row + a];
        out[1] += weight * coefficients[size + row + a];
        out[2] += weight * coefficients[2 * size + row + a];
      }
    }
  }
}

function isWithin(at: number, length: number): boolean {
  return length >= 4 && at >= 1 && at <= length - 2;
}

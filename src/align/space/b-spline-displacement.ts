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

const flat = Float64Array.of(1);

/**
 * Moves points of fixed space `[points, 3]` (mm), in place; those whose support leaves the grid of control points stay. In two
 * dimensions the place across the plane has no say.
 */
export function bSplineMap({ grid, coefficients, dimensions }: BSplineTransform): (points: Float64Array) => void {
  const m = invertAffine(grid.affine);
  const [depth, height, width] = grid.shape;
  const solid = dimensions === 3;
  const [size, tall] = [depth * height * width, solid ? 4 : 1];
  const [wi, wj] = [new Float64Array(4), new Float64Array(4)];
  const wk = solid ? new Float64Array(4) : flat;
  return (points) => {
    for (let at = 0; at < points.length; at += 3) {
      const x = points[at];
      const y = points[at + 1];
      const z = points[at + 2];
      const i = m[0] * x + m[1] * y + m[2] * z + m[3];
      const j = m[4] * x + m[5] * y + m[6] * z + m[7];
      const k = solid ? m[8] * x + m[9] * y + m[10] * z + m[11] : 0;
      if (!(isWithin(i, width) && isWithin(j, height) && (!solid || isWithin(k, depth)))) continue;
      // Four control points along each axis; the last place inside is the end of the last four.
      const i0 = Math.min(Math.floor(i) - 1, width - 4);
      const j0 = Math.min(Math.floor(j) - 1, height - 4);
      const k0 = solid ? Math.min(Math.floor(k) - 1, depth - 4) : 0;
      cubicWeights(i - i0 - 1, wi);
      cubicWeights(j - j0 - 1, wj);
      if (solid) cubicWeights(k - k0 - 1, wk);
      const a0 = wi[0];
      const a1 = wi[1];
      const a2 = wi[2];
      const a3 = wi[3];
      let dx = 0;
      let dy = 0;
      let dz = 0;
      for (let c = 0; c < tall; c++) {
        for (let b = 0; b < 4; b++) {
          const weight = wk[c] * wj[b];
          let p = ((k0 + c) * height + j0 + b) * width + i0;
          dx +=
            weight *
            (a0 * coefficients[p] + a1 * coefficients[p + 1] + a2 * coefficients[p + 2] + a3 * coefficients[p + 3]);
          p += size;
          dy +=
            weight *
            (a0 * coefficients[p] + a1 * coefficients[p + 1] + a2 * coefficients[p + 2] + a3 * coefficients[p + 3]);
          p += size;
          dz +=
            weight *
            (a0 * coefficients[p] + a1 * coefficients[p + 1] + a2 * coefficients[p + 2] + a3 * coefficients[p + 3]);
        }
      }
      points[at] = x + dx;
      points[at + 1] = y + dy;
      points[at + 2] = z + dz;
    }
  };
}

function isWithin(at: number, length: number): boolean {
  return length >= 4 && at >= 1 && at <= length - 2;
}

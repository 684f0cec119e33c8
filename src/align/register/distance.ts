/** How far two transforms are apart, in the only unit that means something to a reader: millimetres at places of the patient. */
import { type Affine, transformPoint } from '../../array/grid.ts';
import type { Point } from './head-box.ts';

/** Mean distance over the points. */
export function apartMm(a: Affine, b: Affine, points: readonly Point[]): number {
  let sum = 0;
  for (const point of points) {
    const p = transformPoint(a, ...point);
    const q = transformPoint(b, ...point);
    sum += Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  }
  return sum / points.length;
}

/** The metric at any transform. */
import { invertAffine } from '../../array/grid.ts';
import { pointMap, type SpatialTransform } from '../space/transform.ts';
import { look } from './interpolate.ts';
import type { Level } from './linear-climb.ts';

export function metricAt({ samples, moving, agreement }: Level, transform: SpatialTransform): number {
  const { count, x, y, z } = samples;
  const points = new Float64Array(3 * count); // [samples, 3]
  for (let s = 0; s < count; s++) points.set([x[s], y[s], z[s]], 3 * s);
  pointMap(transform)(points);
  pointMap({ kind: 'affine', model: 'affine', matrix: invertAffine(moving.affine) })(points);
  const along = (axis: number) => Float64Array.from({ length: count }, (_, s) => points[3 * s + axis]);
  const numbers = () => new Float64Array(count); // [samples]
  const paired = { moving: new Float32Array(count), force: numbers() };
  look(moving, { u: along(0), v: along(1), w: along(2) }, paired.moving, numbers(), numbers(), numbers(), count);
  return agreement(samples, paired);
}

/** What a gradient rule is. */

import { type Shape, sameShape } from '../dim.ts';
import type { Attributes, Op } from '../op.ts';
import { reshape } from '../ops/layout.ts';
import { sum } from '../ops/reduction.ts';
import type { Tensor } from '../tensor.ts';

/** An operation as it was applied. */
export interface Forward<K extends Op> {
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly attributes: Attributes[K];
}

/** For each input, how to get its gradient from that of the output; undefined where there is none. Asked only where needed. */
export type GradientRule<K extends Op> = (forward: Forward<K>, d: Tensor) => readonly ((() => Tensor) | undefined)[];

/** Sums a gradient over the axes along which its input was broadcast. */
export function sumTo(d: Tensor, shape: Shape): Tensor {
  if (sameShape(d.shape, shape)) return d;
  const lead = d.shape.length - shape.length;
  const axes = d.shape.flatMap((dim, axis) => (axis < lead || (shape[axis - lead] === 1 && dim !== 1) ? [axis] : []));
  return reshape(sum(d, axes, { keep: true }), shape);
}
